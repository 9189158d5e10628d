// hearthd --render: the file, and what it says to mistakes.
#include "infra/sound/render_context.hpp"
#include "infra/sound/wav.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace hearth::sound;

TEST_CASE("render: a WAV as long as it was asked for, with the sound in it", "[sound]") {
  const auto folder = test::temp_folder();
  const auto file = folder.file("rain.wav");
  CHECK(render_to_file("rain:heavy", "2s", file).empty());
  auto in = std::ifstream(file, std::ios::binary);
  const auto bytes = std::vector<uint8_t>(std::istreambuf_iterator<char>(in), {});
  CHECK(bytes.size() == 44 + 2 * 48'000 * 4);
  const auto sound = read_wav(bytes);
  REQUIRE(sound);
  CHECK(sound->rate == 48'000);
  auto power = 0.0;
  for (const auto x : sound->samples)
    power += static_cast<double>(x) * static_cast<double>(x);
  CHECK(power > 1);
}

TEST_CASE("render: mistakes are named, and an unknown sound is answered with all of them",
          "[sound]") {
  const auto folder = test::temp_folder();
  const auto unknown = render_to_file("hail:1", "60s", folder.file("a.wav"));
  CHECK(unknown.find("hail:1") != std::string::npos);
  CHECK(unknown.find("rain:1 to rain:5  (light, heavy, tent, thunder, window)") !=
        std::string::npos);
  CHECK(unknown.find("noise:1") != std::string::npos);
  for (const auto* duration : {"", "0", "-5s", "60x", "s", "61m", "4000s", "1h", "99999999999"})
    CHECK(render_to_file("rain", duration, folder.file("a.wav")).find("is no duration") !=
          std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.file("a.wav")));
  CHECK(render_to_file("rain", "1s", folder.file("none/a.wav")).find("No such file") !=
        std::string::npos);
}
