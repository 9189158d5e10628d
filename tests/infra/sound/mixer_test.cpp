// Layers, fades, pauses, speech: what is rendered is compared with what it should be, sample by
// sample.
#include "infra/sound/mixer.hpp"
#include "infra/sound/soundscape.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_sounds.hpp"

using namespace hearth::sound;

namespace {

clip_ptr words(size_t frames, float level = 0.2F) {
  auto spoken = clip{};
  spoken.samples.assign(frames * frame_samples, level);
  return std::make_shared<const clip>(std::move(spoken));
}

float end_of(const std::vector<float>& all) { return all.back(); }

} // namespace

TEST_CASE("mixer: one layer at volume 1 is the sound itself, bit by bit", "[sound]") {
  auto mix = mixer();
  CHECK(mix.silent());
  const auto layer = std::shared_ptr<source>(make_soundscape({family::rain, 2}, 7));
  REQUIRE(mix.play("rain:2", layer, 1, 0.1F));
  CHECK_FALSE(mix.plain()); // it fades in
  test::take(mix, 6);
  CHECK(mix.plain() == layer);
  auto alone = make_soundscape({family::rain, 2}, 7);
  test::take(*alone, 6);
  CHECK(test::take(mix, 50) == test::take(*alone, 50));
}

TEST_CASE("mixer: asked for what is so already, it remains the sound itself", "[sound]") {
  auto mix = mixer();
  const auto layer = std::make_shared<test::steady>(0.4F);
  mix.play("a", layer, 1, 0);
  test::take(mix, 2);
  mix.set_volume("a", 1, 1);
  mix.set_master(1);
  mix.pause(false);
  CHECK(mix.plain() == layer); // or every channel would encode for itself for a while
}

TEST_CASE("mixer: fades are even in power and never click", "[sound]") {
  auto mix = mixer();
  mix.play("a", std::make_shared<test::steady>(0.4F), 1, 1);
  const auto in = test::take(mix, 50);
  // Half way in time is half the power.
  CHECK(in[25 * frame_samples * 2 - 1] == Approx(0.4F * std::sqrt(0.5F)).margin(0.002));
  CHECK(end_of(in) == Approx(0.4F).epsilon(0.001));
  CHECK(test::largest_step(in) < 0.4F * 4 / 48'000);
  mix.stop("a", 1);
  CHECK_FALSE(mix.plays("a"));
  const auto out = test::take(mix, 50);
  CHECK(test::largest_step(out) < 0.4F * 4 / 48'000);
  CHECK(end_of(out) == Approx(0).margin(1e-6));
  CHECK(mix.silent());
}

TEST_CASE("mixer: a change from one sound to another keeps the power", "[sound]") {
  auto mix = mixer();
  // Sounds that have nothing in common add up in power.
  mix.play("a", std::make_shared<test::sine>(400.0F), 1, 0);
  test::take(mix, 2);
  mix.stop("a", 1);
  mix.play("b", std::make_shared<test::sine>(3'000.0F), 1, 1);
  const auto across = test::take(mix, 50);
  const auto whole = 0.25F / std::sqrt(2.0F);
  for (auto n = size_t{0}; n < 50; n += 5)
    CHECK(test::level_of(across, n, n + 5) == Approx(whole).epsilon(0.03));
  CHECK(mix.names() == std::vector<std::string>{"b"});
}

TEST_CASE("mixer: a layer that fades out and is asked for again goes on", "[sound]") {
  auto mix = mixer();
  const auto first = std::make_shared<test::sine>(500.0F);
  mix.play("a", first, 1, 0);
  test::take(mix, 3);
  mix.stop("a", 1);
  test::take(mix, 25);
  CHECK(mix.sounds("a"));
  REQUIRE(mix.play("a", nullptr, 1, 0.5F));
  const auto back = test::take(mix, 25);
  CHECK(test::largest_step(back) < 0.25F * 2 * 3.1416F * 500 / 48'000 * 1.05F);
  CHECK(mix.plain() == first);
  CHECK(first->frames == 53);
}

TEST_CASE("mixer: six layers, not seven, and one that leaves makes room", "[sound]") {
  auto mix = mixer();
  for (auto n = 0; n < 6; ++n)
    CHECK(mix.play(std::to_string(n), std::make_shared<test::steady>(0.01F), 1, 1));
  CHECK_FALSE(mix.play("6", std::make_shared<test::steady>(0.01F), 1, 1));
  mix.stop("0", 10);
  CHECK(mix.play("6", std::make_shared<test::steady>(0.01F), 1, 1));
  CHECK(mix.names().size() == 6);
  // However often they change, those on their way out are few.
  for (auto round = 0; round < 20; ++round) {
    mix.stop(std::to_string(6 + round), 10);
    CHECK(mix.play(std::to_string(7 + round), std::make_shared<test::steady>(0.01F), 1, 1));
    test::take(mix, 1);
  }
  auto sounding = 0;
  for (auto n = 0; n < 40; ++n)
    sounding += mix.sounds(std::to_string(n)) ? 1 : 0;
  CHECK(sounding <= 6 + 7);
}

TEST_CASE("mixer: paused it stands still and is silent, and goes on where it was", "[sound]") {
  auto mix = mixer();
  const auto layer = std::make_shared<test::sine>(300.0F);
  mix.play("a", layer, 1, 0);
  test::take(mix, 2);
  mix.pause(true, 0.4F);
  CHECK_FALSE(mix.silent());
  const auto away = test::take(mix, 20);
  CHECK(test::largest_step(away) < 0.25F * 2 * 3.1416F * 300 / 48'000 * 1.05F);
  CHECK(mix.silent());
  const auto frames = layer->frames;
  CHECK(test::peak_of(test::take(mix, 10)) == 0);
  CHECK(layer->frames == frames);
  mix.pause(false, 0.4F);
  const auto back = test::take(mix, 25);
  CHECK(test::largest_step(back) < 0.25F * 2 * 3.1416F * 300 / 48'000 * 1.05F);
  CHECK(mix.plain() == layer);
  CHECK(layer->frames == frames + 25);
}

TEST_CASE("mixer: layers make room for speech and come back", "[sound]") {
  auto mix = mixer(ducking{-12, 0.2F, 1});
  mix.play("a", std::make_shared<test::steady>(0.4F), 1, 0);
  test::take(mix, 2);
  const auto said = mix.say(words(50, 0.1F));
  CHECK(said != 0);
  CHECK(mix.speaking());
  CHECK_FALSE(mix.plain());
  const auto down = test::take(mix, 10); // 0.2 s: the attack; nothing is said before there is room
  CHECK(test::largest_step(down) < 0.004F);
  const auto speech = test::take(mix, 49);
  const auto ducked = 0.4F * std::pow(10.0F, -12.0F / 20);
  CHECK(speech[speech.size() / 2] == Approx(ducked + 0.1F).epsilon(0.001));
  test::take(mix, 1);
  CHECK(mix.take_finished() == std::vector<uint64_t>{said});
  CHECK_FALSE(mix.speaking());
  const auto up = test::take(mix, 50); // 1 s: the recovery
  CHECK(up[25 * frame_samples * 2] == Approx(0.4F * std::pow(10.0F, -6.0F / 20)).epsilon(0.05));
  CHECK(end_of(up) == Approx(0.4F).epsilon(0.01));
  test::take(mix, 2);
  CHECK(mix.plain());
  CHECK(mix.take_finished().empty());
}

TEST_CASE("mixer: texts wait for each other without letting the layers up, and are bounded",
          "[sound]") {
  auto mix = mixer(ducking{-12, 0.1F, 1});
  mix.play("a", std::make_shared<test::steady>(0.4F), 1, 0);
  test::take(mix, 2);
  auto numbers = std::vector<uint64_t>{};
  for (auto n = size_t{0}; n < clips_waiting_max; ++n)
    numbers.push_back(mix.say(words(10, 0)));
  CHECK(mix.say(words(10)) == 0);
  test::take(mix, 6);
  const auto all = test::take(mix, 10 * clips_waiting_max - 2);
  CHECK(test::peak_of(all) == Approx(0.4F * std::pow(10.0F, -12.0F / 20)).epsilon(0.001));
  test::take(mix, 3);
  CHECK(mix.take_finished() == numbers);
}

TEST_CASE("mixer: hushed speech goes within a frame and what waited is forgotten", "[sound]") {
  auto mix = mixer();
  const auto first = mix.say(words(500, 0.4F)), second = mix.say(words(10));
  test::take(mix, 5);
  mix.hush();
  const auto end = test::take(mix, 1);
  CHECK(test::largest_step(end) < 0.001F);
  CHECK(end_of(end) == Approx(0).margin(0.001));
  CHECK(mix.take_finished() == std::vector<uint64_t>{second, first});
  CHECK(mix.silent());
}

TEST_CASE("mixer: speech is heard over what is paused, a bell over everything", "[sound]") {
  auto mix = mixer();
  mix.play("a", std::make_shared<test::steady>(0.4F), 1, 0);
  mix.pause(true, 0);
  test::take(mix, 3);
  CHECK(mix.silent());
  mix.say(words(5, 0.1F));
  CHECK_FALSE(mix.silent());
  CHECK(end_of(test::take(mix, 1)) == Approx(0.1F));
  test::take(mix, 4);
  CHECK(mix.silent());
  REQUIRE(find_clip("bell"));
  CHECK_FALSE(find_clip("gong"));
  CHECK(mix.play_once(find_clip("bell"), 0.5F));
  const auto bell = test::take(mix, 175);
  CHECK(test::peak_of(bell) > 0.05F);
  CHECK(std::abs(end_of(bell)) < 1e-3F);
  CHECK(test::power_at(bell, 523.25, 0, 9'600) > 30 * test::power_at(bell, 600, 0, 9'600));
  CHECK(mix.silent());
}

TEST_CASE("mixer: master volume moves everything and its return is exact", "[sound]") {
  auto mix = mixer();
  mix.play("a", std::make_shared<test::steady>(0.4F), 1, 0);
  test::take(mix, 2);
  mix.set_master(0.5F, 0.2F);
  CHECK(end_of(test::take(mix, 10)) == Approx(0.2F));
  CHECK_FALSE(mix.plain());
  mix.set_master(1, 0.2F);
  CHECK(end_of(test::take(mix, 11)) == 0.4F);
  CHECK(mix.plain());
}

TEST_CASE("limiter: a mix that is too loud is turned down smoothly, a quiet one not touched",
          "[sound]") {
  auto mix = mixer();
  for (auto n = 0; n < 6; ++n)
    mix.play(std::to_string(n), std::make_shared<test::sine>(200.0F, 0.4F), 2, 1);
  const auto loud = test::take(mix, 100);
  CHECK(test::peak_of(loud) <= peak_max);
  // 4.8 of amplitude become a sine of 0.72, not a square: the third harmonic stays small.
  const auto at = 60 * frame_samples;
  CHECK(test::power_at(loud, 200, at, 9'600) > 0.4);
  CHECK(test::power_at(loud, 600, at, 9'600) < 0.001);
  for (auto n = 0; n < 6; ++n)
    mix.stop(std::to_string(n), 0.5F);
  mix.play("quiet", std::make_shared<test::steady>(0.1F), 1, 0);
  test::take(mix, 100);
  CHECK(end_of(test::take(mix, 1)) == 0.1F);
  CHECK(mix.plain());
}
