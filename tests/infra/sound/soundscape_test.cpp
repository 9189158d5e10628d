// What every soundscape promises, and what makes each family itself. Loudness is measured by
// another meter, in tests/io/sound.
#include "infra/sound/soundscape.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_sounds.hpp"
#include <map>

using namespace hearth::sound;

namespace {

std::vector<float> play(family of, int variant, size_t frames, uint64_t seed = 1) {
  auto from = make_soundscape({of, variant}, seed);
  return test::take(*from, frames);
}

/// Power between two frequencies, of the left ear, a hundred steps evenly over octaves.
double band(const std::vector<float>& samples, double low, double high) {
  constexpr auto steps = 100, window = 4'800;
  auto sum = 0.0;
  for (auto n = 0; n < steps; ++n)
    for (auto from = size_t{0}; from + window <= samples.size() / 2; from += samples.size() / 12)
      sum += test::power_at(samples, low * std::pow(high / low, (n + 0.5) / steps), from, window);
  return sum;
}

/// Loudness of each frame, dB.
std::vector<double> levels(const std::vector<float>& samples) {
  auto all = std::vector<double>{};
  for (auto n = size_t{0}; n < samples.size() / (2 * frame_samples); ++n)
    all.push_back(20 * std::log10(static_cast<double>(test::level_of(samples, n, n + 1)) + 1e-9));
  return all;
}

double quantile(std::vector<double> of, double share) {
  std::sort(of.begin(), of.end());
  return of[static_cast<size_t>(share * static_cast<double>(of.size() - 1))];
}

} // namespace

TEST_CASE("catalog: names are read and written, and others refused", "[sound]") {
  CHECK(parse_scene("rain:2") == scene{family::rain, 2});
  CHECK(parse_scene("rain:heavy") == scene{family::rain, 2});
  CHECK(parse_scene("sea") == scene{family::sea, 1});
  for (const auto* wrong :
       {"", "rain:", "rain:0", "rain:6", "rain:02", "rain:2 ", "Rain:2", "hail:1", ":1"})
    CHECK_FALSE(parse_scene(wrong));
  for (const auto& one : families()) {
    CHECK(entry_of(one.of).name == one.name);
    CHECK(parse_family(one.name) == one.of);
    for (auto n = 1; n <= variant_count; ++n) {
      CHECK(parse_scene(to_string(scene{one.of, n})) == scene{one.of, n});
      CHECK_FALSE(one.variants[static_cast<size_t>(n - 1)].empty());
    }
  }
}

TEST_CASE("soundscape: the same seed gives the same sound, another one another", "[sound][plain]") {
  for (const auto& one : families())
    for (auto n = 1; n <= variant_count; ++n) {
      INFO(to_string(scene{one.of, n}));
      const auto first = play(one.of, n, 100);
      CHECK(first == play(one.of, n, 100));
      CHECK(first != play(one.of, n, 100, 2));
    }
}

TEST_CASE("soundscape: every variant is stereo, alive from its first second, and below its peak",
          "[sound]") {
  for (const auto& one : families())
    for (auto n = 1; n <= variant_count; ++n) {
      INFO(to_string(scene{one.of, n}));
      const auto sound = play(one.of, n, 250);
      CHECK(test::peak_of(sound) < peak_max);
      auto apart = 0.0;
      for (auto i = size_t{0}; i < sound.size(); i += 2)
        apart += std::abs(static_cast<double>(sound[i] - sound[i + 1]));
      CHECK(apart / static_cast<double>(sound.size()) > 1e-4);
      CHECK(test::level_of(sound, 0, 50) > 1e-4F);
      CHECK(std::all_of(sound.begin(), sound.end(), [](float x) { return std::isfinite(x); }));
    }
}

TEST_CASE("soundscape: no two minutes repeat", "[sound][plain]") {
  // A loop would show as frames whose loudness follows the same course again, sample by sample it
  // would be equal.
  for (const auto& one : families()) {
    INFO(one.name);
    auto from = make_soundscape({one.of, 1}, 1);
    auto seen = std::map<std::pair<float, float>, size_t>{};
    auto sound = frame{};
    auto repeated = 0;
    for (auto n = size_t{0}; n < 130 * frames_per_second; ++n) {
      from->render(sound);
      repeated += seen.emplace(std::pair(sound[200], sound[201]), n).second ? 0 : 1;
    }
    CHECK(repeated < 20); // equal pairs of numbers are chance; a loop of two minutes would give 500
  }
}

TEST_CASE("rain: broadband and steady", "[sound][plain]") {
  for (auto n = 1; n <= variant_count; ++n) {
    INFO(n);
    const auto sound = play(family::rain, n, 500);
    const auto low = band(sound, 200, 1'000), middle = band(sound, 1'000, 3'000),
               high = band(sound, 3'000, 8'000);
    CHECK(middle > low * 0.02);
    CHECK(high > low * 0.002);
    const auto loud = levels(sound);
    if (n != 4) // thunder
      CHECK(quantile(loud, 0.9) - quantile(loud, 0.1) < 7);
  }
  // Heavy rain is denser than a light one: its loudest frames stand out less.
  const auto crest = [](const std::vector<float>& sound) {
    return test::peak_of(sound) / test::level_of(sound, 0, 500);
  };
  CHECK(crest(play(family::rain, 2, 500)) < crest(play(family::rain, 3, 500)));
}

TEST_CASE("rain: far thunder rolls below the rain, seldom", "[sound][plain]") {
  auto from = make_soundscape({family::rain, 4}, 3);
  auto loud = 0, frames = 0;
  auto rolls = 0;
  auto before = false;
  auto quiet = std::vector<double>{};
  for (auto n = 0; n < 240; ++n) { // seconds
    const auto second = test::take(*from, 50);
    quiet.push_back(10 * std::log10(band(second, 40, 150)));
  }
  const auto usual = quantile(quiet, 0.4);
  for (const auto level : quiet) {
    const auto now = level > usual + 8;
    rolls += now && !before ? 1 : 0;
    loud += now ? 1 : 0;
    before = now;
    ++frames;
  }
  CHECK(rolls >= 3);
  CHECK(loud < frames / 2);
}

TEST_CASE("sea: loudness follows a slow swell", "[sound][plain]") {
  for (const auto variant : {1, 2, 4}) {
    INFO(variant);
    const auto loud = levels(play(family::sea, variant, 3'000));
    // Between crest and trough lie several dB, and from crest to crest some seconds.
    auto smooth = std::vector<double>{};
    for (auto n = size_t{0}; n + 50 < loud.size(); n += 10) {
      auto sum = 0.0;
      for (auto i = n; i < n + 50; ++i)
        sum += loud[i];
      smooth.push_back(sum / 50);
    }
    CHECK(quantile(smooth, 0.95) - quantile(smooth, 0.05) > 5);
    const auto middle = (quantile(smooth, 0.95) + quantile(smooth, 0.05)) / 2;
    auto crests = 0;
    auto up = false;
    for (const auto level : smooth) {
      crests += !up && level > middle + 1 ? 1 : 0;
      up = up ? level > middle - 1 : level > middle + 1;
    }
    CHECK(crests >= 3); // 60 s
    CHECK(crests <= 14);
  }
}

TEST_CASE("stars and sparkles: single tones, sparse, with silence around them", "[sound][plain]") {
  for (const auto of : {family::stars, family::sparkles})
    for (auto n = 1; n <= variant_count; ++n) {
      INFO(to_string(scene{of, n}));
      const auto sound = play(of, n, 1'500);
      // Tonal: in a quarter of a second most of the power is at few frequencies.
      auto tonal = 0, windows = 0;
      for (auto from = size_t{0}; from + 6'000 < sound.size() / 2; from += 96'000) {
        auto most = 0.0, sum = 0.0;
        for (auto hz = 150.0; hz < 6'000; hz *= 1.008) {
          const auto here = test::power_at(sound, hz, from, 6'000);
          most = std::max(most, here);
          sum += here;
        }
        tonal += most > sum * 0.05 ? 1 : 0;
        ++windows;
      }
      CHECK(tonal > windows * 0.7);
      const auto loud = levels(sound);
      CHECK(quantile(loud, 0.98) - quantile(loud, 0.1) > 8);
    }
}

TEST_CASE("noise: brown, pink and white fall by 6, 3 and 0 dB an octave", "[sound]") {
  const auto slope = [](int variant) {
    const auto sound = play(family::noise, variant, 1'000);
    // Equal steps over octaves sum the density itself: from 400 to 3,200 Hz are three octaves.
    return 10 * std::log10(band(sound, 350, 450) / band(sound, 2'900, 3'500)) / 3;
  };
  CHECK(slope(1) == Approx(6).margin(0.7));
  CHECK(slope(2) == Approx(3).margin(0.7));
  CHECK(slope(3) == Approx(0).margin(0.7));
}

TEST_CASE("train: knocks come in the rhythm of the wheels", "[sound]") {
  const auto sound = play(family::train, 1, 1'500);
  // Course of the loudness of the low knock, compared with itself a rail's length later.
  auto course = std::vector<double>{};
  for (auto from = size_t{0}; from + 960 <= sound.size() / 2; from += 960)
    course.push_back(std::log10(test::power_at(sound, 74, from, 960) + 1e-9));
  auto mean = 0.0;
  for (const auto x : course)
    mean += x / static_cast<double>(course.size());
  const auto likeness = [&](size_t later) {
    auto sum = 0.0, power = 0.0;
    for (auto n = size_t{0}; n + later < course.size(); ++n) {
      sum += (course[n] - mean) * (course[n + later] - mean);
      power += (course[n] - mean) * (course[n] - mean);
    }
    return sum / power;
  };
  auto at_rail = 0.0;
  for (auto later = size_t{55}; later <= 60; ++later) // 1.15 s, and 3.5 % more or less
    at_rail = std::max(at_rail, likeness(later));
  CHECK(at_rail > 0.15);
  CHECK(at_rail > likeness(75) + 0.1);
}

TEST_CASE("fire: crackles stand out of a low flutter", "[sound]") {
  const auto sound = play(family::fire, 1, 1'500);
  CHECK(band(sound, 60, 300) > band(sound, 2'000, 8'000));
  // High frequencies come in short bursts: the loudest of 5 ms against the usual one.
  auto high = std::vector<double>{};
  for (auto from = size_t{0}; from + 240 <= sound.size() / 2; from += 240)
    high.push_back(10 * std::log10(test::power_at(sound, 3'000, from, 240) +
                                   test::power_at(sound, 4'500, from, 240) + 1e-12));
  CHECK(quantile(high, 0.99) - quantile(high, 0.5) > 9); // steady noise has 6
}

TEST_CASE("night: insects sing high above a quiet ground", "[sound]") {
  const auto sound = play(family::night, 1, 1'000);
  CHECK(band(sound, 4'000, 5'200) > 5 * band(sound, 5'800, 7'500));
  CHECK(band(sound, 4'000, 5'200) > 5 * band(sound, 1'500, 2'400));
}

TEST_CASE("music: chords change, and every tone is of the scale", "[sound][plain]") {
  const auto sound = play(family::music, 1, 3'000);
  // A lydian on A: of the keys around the tonic those of the scale hold nearly all the power.
  auto of_scale = 0.0, others = 0.0;
  for (auto key = 57; key <= 69; ++key) {
    const auto hz = 440 * std::pow(2.0, (key - 69) / 12.0);
    auto power = 0.0;
    for (auto from = size_t{0}; from + 24'000 < sound.size() / 2; from += 48'000)
      power += test::power_at(sound, hz, from, 24'000);
    const auto step = (key - 57) % 12;
    const auto in =
        step == 0 || step == 2 || step == 4 || step == 6 || step == 7 || step == 9 || step == 11;
    (in ? of_scale : others) += power;
  }
  CHECK(of_scale > 20 * others);
}

TEST_CASE("wind: gusts change its loudness and its pitch together", "[sound][plain]") {
  const auto sound = play(family::wind, 1, 3'000);
  auto pairs = std::vector<std::pair<double, double>>{};
  for (auto second = size_t{0}; second < 60; ++second) {
    const auto part = std::vector<float>(sound.begin() + static_cast<long>(second * 96'000),
                                         sound.begin() + static_cast<long>((second + 1) * 96'000));
    pairs.emplace_back(test::level_of(part, 0, 50), band(part, 700, 1'600) / band(part, 100, 400));
  }
  std::sort(pairs.begin(), pairs.end());
  CHECK(pairs[54].first > 1.6 * pairs[5].first);
  auto calm = 0.0, storm = 0.0;
  for (auto n = size_t{0}; n < 15; ++n) {
    calm += pairs[n].second;
    storm += pairs[59 - n].second;
  }
  CHECK(storm > calm);
}
