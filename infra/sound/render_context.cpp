#include "infra/sound/render_context.hpp"
#include "infra/sound/soundscape.hpp"
#include "infra/sound/wav.hpp"
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>

namespace hearth::sound {
namespace {

constexpr uint32_t seconds_max = 3'600;

/// 0: it is no duration.
uint32_t seconds_of(std::string_view text) {
  auto value = uint32_t{0};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || value > seconds_max)
    return 0;
  const auto unit =
      std::string_view(read.ptr, static_cast<size_t>(text.data() + text.size() - read.ptr));
  if (unit == "m")
    value *= 60;
  else if (!unit.empty() && unit != "s")
    return 0;
  return value > seconds_max ? 0 : value;
}

std::string known_sounds() {
  auto text = std::string{};
  for (const auto& one : families()) {
    text +=
        std::string("\n  ") + std::string(one.name) + ":1 to " + std::string(one.name) + ":5  (";
    for (const auto& variant : one.variants)
      text += (variant == one.variants.front() ? "" : ", ") + std::string(variant);
    text += ")";
  }
  return text;
}

} // namespace

std::string render_to_file(const std::string& sound, const std::string& duration,
                           const std::string& file) {
  const auto which = parse_scene(sound);
  if (!which)
    return "there is no soundscape '" + sound + "'. There are:" + known_sounds();
  const auto seconds = seconds_of(duration);
  if (seconds == 0)
    return "'" + duration + "' is no duration: write 60s or 5m, at most an hour";
  auto out = std::ofstream(file, std::ios::binary | std::ios::trunc);
  if (!out)
    return "cannot write " + file + ": " + std::strerror(errno);
  out << wav_header(seconds * static_cast<uint32_t>(sample_rate));
  const auto from = make_soundscape(*which, 1);
  auto heard = frame{};
  auto bytes = std::string(heard.size() * 2, '\0');
  for (auto n = size_t{0}; n < seconds * frames_per_second && out; ++n) {
    from->render(heard);
    for (auto i = size_t{0}; i < heard.size(); ++i) {
      const auto x = static_cast<int16_t>(std::lround(heard[i] * 32'767));
      bytes[2 * i] = static_cast<char>(x & 0xff);
      bytes[2 * i + 1] = static_cast<char>(x >> 8);
    }
    out << bytes;
  }
  out.close();
  return out ? "" : "cannot write " + file + ": " + std::strerror(errno);
}

} // namespace hearth::sound
