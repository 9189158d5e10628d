// Goal: what the guild is told of the feature fits what the feature does.
#include "actors/schedule/schedule_actor.hpp"
#include "actors/schedule/schedule_feature.hpp"
#include "infra/schedule/schedule_commands.hpp"
#include "tests/support/catch.hpp"
#include <nlohmann/json.hpp>

using namespace hearth;
using nlohmann::json;

TEST_CASE("schedule: declares its job, its channel and its needs", "[schedule]") {
  const auto entry = schedule_entry(std::make_shared<schedule_parts>());
  CHECK(entry.name == schedule_feature);
  CHECK(entry.name == schedule_area); // custom_ids find their way by it
  REQUIRE(entry.jobs.size() == 1);
  CHECK(entry.jobs[0].name == "daily_schedule");
  CHECK(entry.jobs[0].minute == 7 * 60);
  auto settings = guild_settings{};
  CHECK(entry.jobs[0].minute_of(settings) == 7 * 60);
  settings.options["schedule.time"] = "18:30";
  CHECK(entry.jobs[0].minute_of(settings) == 18 * 60 + 30);
  REQUIRE(entry.channels.size() == 1);
  CHECK(embedded_catalog().has("channel." + entry.channels[0].kind));
  CHECK(embedded_catalog().has("feature." + entry.name));
  for (const auto& need : entry.needs)
    CHECK(embedded_catalog().has(need.purpose));
}

TEST_CASE("schedule: nonces of any guild and member stay within Discord's 25", "[schedule]") {
  CHECK(base36(0) == "0");
  CHECK(base36(35) == "z");
  CHECK(base36(36) == "10");
  CHECK(("i" + base36(UINT64_MAX)).size() <= 25);
  CHECK((base36(UINT64_MAX) + "-" + base36(4'102'444'800'000)).size() <= 25); // the year 2100
  CHECK((base36(UINT64_MAX) + "-" + base36(4'102'444'800) + "c").size() <= 25);
}

TEST_CASE("schedule: a line pings only whom it is for", "[schedule]") {
  const auto plain = json::parse(plain_body("@everyone <@5>", "n1"));
  CHECK(plain["allowed_mentions"] == json{{"parse", json::array()}});
  CHECK(plain["enforce_nonce"] == true);
  const auto one = json::parse(plain_body("<@5>", "n2", {5}));
  CHECK(one["allowed_mentions"]["users"] == json::array({"5"}));
  CHECK(one["allowed_mentions"]["parse"].empty());
}
