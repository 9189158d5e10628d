// Goal: the best rank with an emoji wins, other roles stand in, nothing is invented.
#include "infra/schedule/badge.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {
guild_snapshot guild() {
  auto made = guild_snapshot{};
  made.id = {1};
  made.roles = {{{1}, "@everyone", 0, 0, false}, {{10}, "Copper", 0, 1, false},
                {{11}, "Gold", 0, 2, false},     {{12}, "Champion", 0, 3, false},
                {{13}, "Streamer", 0, 4, false}, {{14}, "Veteran", 0, 5, false},
                {{15}, "Unranked", 0, 6, false}};
  made.emojis = {{{100}, "Gold", false},
                 {{101}, "copper", false},
                 {{102}, "veteran", true},
                 {{103}, "Streamer", false},
                 {{104}, "everyone", false}};
  return made;
}
} // namespace

TEST_CASE("badge: the best rank that has an emoji", "[schedule]") {
  const auto home = guild();
  CHECK(badge_of(home, {{10}, {11}}) == "Gold");
  CHECK(badge_of(home, {{12}, {10}}) == "Copper");        // no emoji for Champion
  CHECK(badge_of(home, {{14}, {10}}) == "Copper");        // ranks come before other roles
  CHECK(badge_of(home, {{13}, {14}, {15}}) == "Veteran"); // the higher of two others
  CHECK(badge_of(home, {{12}}).empty());
  CHECK(badge_of(home, {}).empty());
  CHECK(badge_of(home, {{1}, {999}}).empty());
}

TEST_CASE("badge: written as the guild's emoji", "[schedule]") {
  const auto home = guild();
  CHECK(badge_emoji(home, "Gold") == "<:Gold:100>");
  CHECK(badge_emoji(home, "Copper") == "<:copper:101>");
  CHECK(badge_emoji(home, "Veteran") == "<a:veteran:102>");
  CHECK(badge_emoji(home, "Champion").empty());
  CHECK(badge_emoji(home, "").empty());
}

TEST_CASE("badge: a member as the schedule keeps them", "[schedule]") {
  CHECK(known(guild(), {{7}, "Ada", {{11}}, 0, false}) == known_member{{7}, "Ada", "Gold"});
}
