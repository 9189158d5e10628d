// When sound costs less, and when it is whole again: one step at a time, both edges.
#include "infra/voice/quality_rules.hpp"
#include "tests/support/catch.hpp"

using namespace hearth::voice;

namespace {

quality_look well() {
  auto seen = quality_look{};
  seen.celsius = 60;
  seen.frames = 500;
  return seen;
}

} // namespace

TEST_CASE("quality: heat takes it down a step at each look, no further than shared", "[voice]") {
  auto guard = quality_guard{};
  auto hot = well();
  hot.celsius = 79.9;
  CHECK_FALSE(guard.look(hot));
  hot.celsius = 80;
  const auto first = guard.look(hot);
  REQUIRE(first);
  CHECK(first->to == sound_quality::reduced);
  CHECK(first->why == "80 C");
  CHECK(guard.look(hot)->to == sound_quality::shared);
  CHECK_FALSE(guard.look(hot));
  CHECK(guard.now() == sound_quality::shared);
}

TEST_CASE("quality: it comes back after a minute that is well and cool", "[voice]") {
  auto guard = quality_guard{};
  auto hot = well();
  hot.throttled = true;
  REQUIRE(guard.look(hot));
  auto warm = well();
  warm.celsius = 74; // not hot, but not cool: it would only go to and fro
  for (auto look = 0; look < 20; ++look)
    CHECK_FALSE(guard.look(warm));
  for (auto look = 0; look < 5; ++look)
    CHECK_FALSE(guard.look(well()));
  CHECK(guard.look(well())->to == sound_quality::full);
}

TEST_CASE("quality: late frames and gaps count by their share", "[voice]") {
  auto late = well();
  late.late = 10; // 2 %
  CHECK_FALSE(quality_guard{}.look(late));
  late.late = 11;
  CHECK(quality_guard{}.look(late)->why == "2.2 % of the frames came late");
  auto gaps = well();
  gaps.gaps = 2;
  CHECK_FALSE(quality_guard{}.look(gaps));
  gaps.gaps = 3;
  CHECK(quality_guard{}.look(gaps)->why == "0.6 % of the frames were not there in time");
  CHECK_FALSE(quality_guard{}.look({})); // nothing was sent, nothing is known
}
