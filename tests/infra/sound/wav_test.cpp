#include "infra/sound/wav.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_sounds.hpp"

using namespace hearth::sound;

namespace {

std::vector<uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

} // namespace

TEST_CASE("wav: what is written reads back, stereo is mixed into one", "[sound]") {
  auto text = wav_header(3);
  text += std::string("\x00\x40\x00\x40\x00\xc0\x00\xc0\x00\x40\x00\xc0", 12);
  const auto sound = read_wav(bytes_of(text));
  REQUIRE(sound);
  CHECK(sound->rate == 48'000);
  CHECK(sound->samples == std::vector<float>{0.5F, -0.5F, 0});
}

TEST_CASE("wav: a length that is not known yet means the rest, anything else is refused",
          "[sound]") {
  auto text = wav_header(2) + std::string(8, '\x10');
  for (auto i = size_t{40}; i < 44; ++i)
    text[i] = '\xff';
  REQUIRE(read_wav(bytes_of(text)));
  CHECK(read_wav(bytes_of(text))->samples.size() == 2);
  for (auto size = size_t{0}; size < 44; ++size)
    CHECK_FALSE(read_wav(bytes_of(text.substr(0, size))));
  const auto changed = [&](size_t at, char value) {
    auto other = text;
    other[at] = value;
    return read_wav(bytes_of(other)).has_value();
  };
  CHECK_FALSE(changed(0, 'x'));
  CHECK_FALSE(changed(20, 2)); // ADPCM
  CHECK_FALSE(changed(22, 3)); // three channels
  CHECK_FALSE(changed(34, 8)); // 8 bits
  CHECK_FALSE(changed(25, 0)); // 128 Hz
}

TEST_CASE("wav: a tone keeps pitch, length and level at another rate, and gains no others",
          "[sound]") {
  auto sound = mono_sound{22'050, std::vector<float>(22'050)};
  for (auto i = size_t{0}; i < sound.samples.size(); ++i)
    sound.samples[i] = 0.5F * static_cast<float>(std::sin(2 * std::numbers::pi * 3'000 *
                                                          static_cast<double>(i) / 22'050));
  const auto up = resample_up(sound, 48'000);
  REQUIRE(up.size() == 48'000);
  auto both = std::vector<float>{};
  for (const auto x : up)
    both.insert(both.end(), {x, x});
  CHECK(test::power_at(both, 3'000, 4'800, 38'400) == Approx(0.25).epsilon(0.02));
  CHECK(test::power_at(both, 22'050 - 3'000, 4'800, 38'400) < 1e-5);
}
