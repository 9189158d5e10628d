// Every soundscape is as loud as the next one, by ffmpeg's meter, and its true peaks leave room.
#include "infra/sound/soundscape.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loudness.hpp"

using namespace hearth::sound;

namespace {

void check_family(family of) {
  for (auto n = 1; n <= variant_count; ++n) {
    const auto which = scene{of, n};
    INFO(to_string(which));
    auto from = make_soundscape(which, 1);
    const auto heard = test::measure(test::take(*from, 60 * frames_per_second));
    CHECK(heard.lufs == Approx(-23).margin(1));
    CHECK(heard.peak_db < -2);
  }
}

} // namespace

TEST_CASE("loudness: rain", "[sound]") { check_family(family::rain); }
TEST_CASE("loudness: wind", "[sound]") { check_family(family::wind); }
TEST_CASE("loudness: sea", "[sound]") { check_family(family::sea); }
TEST_CASE("loudness: sparkles", "[sound]") { check_family(family::sparkles); }
TEST_CASE("loudness: stars", "[sound]") { check_family(family::stars); }
TEST_CASE("loudness: music", "[sound]") { check_family(family::music); }
TEST_CASE("loudness: fire", "[sound]") { check_family(family::fire); }
TEST_CASE("loudness: train", "[sound]") { check_family(family::train); }
TEST_CASE("loudness: night", "[sound]") { check_family(family::night); }
TEST_CASE("loudness: noise", "[sound]") { check_family(family::noise); }
