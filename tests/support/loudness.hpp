#pragma once
// Loudness by a meter that is not ours: the ebur128 filter of the ffmpeg program.
#include "tests/support/temp_folder.hpp"
#include "tests/support/test_sounds.hpp"
#include <cstdio>
#include <fstream>

namespace test {

struct loudness {
  double lufs = 0;    ///< Integrated.
  double peak_db = 0; ///< True peak.
};

/// What a program prints, its errors included.
inline std::string output_of(const std::string& command) {
  auto text = std::string{};
  auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (!pipe)
    return text;
  char buffer[4096];
  while (const auto got = std::fread(buffer, 1, sizeof buffer, pipe))
    text.append(buffer, got);
  ::pclose(pipe);
  return text;
}

/// @param samples 48 kHz, stereo by turns.
inline loudness measure(const std::vector<float>& samples) {
  const auto folder = temp_folder();
  auto file = std::ofstream(folder.file("sound.f32"), std::ios::binary);
  file.write(reinterpret_cast<const char*>(samples.data()),
             static_cast<std::streamsize>(samples.size() * sizeof(float)));
  file.close();
  const auto text = output_of("ffmpeg -hide_banner -nostats -f f32le -ar 48000 -ac 2 -i " +
                              folder.file("sound.f32") + " -af ebur128=peak=true -f null -");
  const auto summary = text.rfind("Summary:");
  const auto number = [&](const char* label) {
    const auto at = summary == std::string::npos ? summary : text.find(label, summary);
    return at == std::string::npos ? 999.0
                                   : std::atof(text.c_str() + at + std::string(label).size());
  };
  return {number("I:"), number("Peak:")};
}

} // namespace test
