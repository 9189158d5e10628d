// The agenda over plans, failures and restarts: exactly one success per guild, job and date.
#include "infra/clock/agenda.hpp"
#include "infra/clock/zone_time.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

constexpr int64_t day_ms = 86'400'000;

instant utc(local_date date, int32_t minute) { return from_local("UTC", date, minute); }

plan_jobs plan_of(uint64_t guild, int32_t minute, bool enabled = true) {
  auto job = job_plan{};
  job.job = "daily";
  job.minute = minute;
  job.enabled = enabled;
  return {guild_id{guild}, "UTC", {job}};
}
std::vector<std::string> periods(const std::vector<job_due>& due) {
  auto names = std::vector<std::string>{};
  for (const auto& one : due)
    names.push_back(to_string(one.guild) + " " + one.period);
  return names;
}
using lines = std::vector<std::string>;

const auto monday = utc({2026, 11, 23}, 300); // 05:00

} // namespace

TEST_CASE("agenda: a new job begins now and runs once", "[clock]") {
  auto all = agenda{};
  const auto kept = all.plan(plan_of(1, 420), {}, monday);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].record.since == monday);
  CHECK(all.earliest() == utc({2026, 11, 23}, 420));
  CHECK(all.take_due({utc({2026, 11, 23}, 420).ms - 1}).empty());
  const auto seven = utc({2026, 11, 23}, 420);
  CHECK(periods(all.take_due(seven)) == lines{"1 2026-11-23"});
  CHECK(all.take_due(seven).empty()); // it is running
  CHECK_FALSE(all.earliest());
  const auto change = all.record_of({guild_id{1}, "daily"}, "2026-11-23");
  REQUIRE(change);
  CHECK(change->record.period == "2026-11-23");
  all.done(change->key, "2026-11-23", seven);
  CHECK(all.take_due(seven).empty());
  CHECK(all.earliest() == utc({2026, 11, 24}, 420));
}

TEST_CASE("agenda: after a restart the kept records decide", "[clock]") {
  const auto noon = utc({2026, 11, 23}, 720);
  auto fresh = agenda{};
  CHECK(fresh.plan(plan_of(1, 420), {{"daily", {{0}, "2026-11-23"}}}, noon).empty());
  CHECK(fresh.take_due(noon).empty());
  auto missed = agenda{};
  missed.plan(plan_of(1, 420), {{"daily", {{0}, "2026-11-01"}}}, noon);
  CHECK(periods(missed.take_due(noon)) == lines{"1 2026-11-23"}); // one, not twenty-two
  missed.done({guild_id{1}, "daily"}, "2026-11-23", noon);
  CHECK(missed.take_due(noon).empty());
}

TEST_CASE("agenda: a plan that comes again changes the hour, not the past", "[clock]") {
  auto all = agenda{};
  all.plan(plan_of(1, 420), {}, monday);
  const auto seven = utc({2026, 11, 23}, 420);
  all.take_due(seven);
  // While it runs, the guild moves it to 18:00.
  CHECK(all.plan(plan_of(1, 1080), {}, seven).empty());
  CHECK(all.take_due({seven.ms + day_ms}).empty()); // still running
  all.done({guild_id{1}, "daily"}, "2026-11-23", seven);
  CHECK(all.earliest() == utc({2026, 11, 24}, 1080)); // today was done
}

TEST_CASE("agenda: switched off and on again, nothing was missed meanwhile", "[clock]") {
  auto all = agenda{};
  all.plan(plan_of(1, 420), {}, monday);
  auto kept = all.plan(plan_of(1, 420, false), {}, monday);
  REQUIRE(kept.size() == 1);
  const auto off = kept[0].record;
  CHECK_FALSE(all.earliest());
  const auto later = utc({2026, 11, 26}, 720);
  CHECK(all.take_due(later).empty());
  kept = all.plan(plan_of(1, 420), {}, later);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].record.since == later);
  CHECK(all.take_due(later).empty());
  CHECK(all.earliest() == utc({2026, 11, 27}, 420));
  // The same over a restart in between.
  auto fresh = agenda{};
  kept = fresh.plan(plan_of(1, 420), {{"daily", off}}, later);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].record.since == later);
  CHECK(fresh.take_due(later).empty());
}

TEST_CASE("agenda: a job that left the plan is off", "[clock]") {
  auto all = agenda{};
  all.plan(plan_of(1, 420), {}, monday);
  auto empty = plan_jobs{guild_id{1}, "UTC", {}};
  CHECK(all.plan(empty, {}, monday).size() == 1);
  CHECK_FALSE(all.earliest());
  auto fresh = agenda{};
  const auto kept = fresh.plan(empty, {{"daily", {{5}, "2026-11-01"}}}, monday);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].record.period == "2026-11-01");
  CHECK(kept[0].record.since > monday);
}

TEST_CASE("agenda: failures wait longer and longer, then the next day takes over", "[clock]") {
  auto all = agenda{};
  all.plan(plan_of(1, 420), {}, monday);
  const auto key = job_key{guild_id{1}, "daily"};
  auto now = utc({2026, 11, 23}, 420);
  for (const auto wait : {5'000, 10'000, 20'000, 40'000, 80'000, 160'000, 300'000, 300'000}) {
    REQUIRE(periods(all.take_due(now)) == lines{"1 2026-11-23"});
    all.failed(key, now);
    CHECK(all.take_due({now.ms + wait - 1}).empty());
    now.ms += wait;
  }
  const auto tuesday = utc({2026, 11, 24}, 421);
  CHECK(periods(all.take_due(tuesday)) == lines{"1 2026-11-24"});
  all.done(key, "2026-11-24", tuesday);
  CHECK(all.take_due(tuesday).empty());
  // The count of failures starts over.
  const auto wednesday = utc({2026, 11, 25}, 420);
  all.take_due(wednesday);
  all.failed(key, wednesday);
  CHECK(all.earliest() == instant{wednesday.ms + 5'000});
}

TEST_CASE("agenda: guilds do not touch each other, the oldest goes first", "[clock]") {
  auto all = agenda{};
  all.plan(plan_of(2, 430), {}, monday);
  all.plan(plan_of(1, 440), {}, monday);
  all.plan(plan_of(3, 420), {}, monday);
  all.drop(guild_id{3});
  all.failed({guild_id{3}, "daily"}, monday); // an answer that comes too late
  all.done({guild_id{3}, "daily"}, "2026-11-23", monday);
  CHECK_FALSE(all.record_of({guild_id{3}, "daily"}, "2026-11-23"));
  CHECK(periods(all.take_due(utc({2026, 11, 23}, 720))) == lines{"2 2026-11-23", "1 2026-11-23"});
}

TEST_CASE("agenda: a clock that goes back waits for the next date not done", "[clock]") {
  auto all = agenda{};
  all.plan(plan_of(1, 420), {}, monday);
  const auto seven = utc({2026, 11, 23}, 420);
  all.take_due(seven);
  all.done({guild_id{1}, "daily"}, "2026-11-23", seven);
  const auto before = instant{seven.ms - 2 * day_ms};
  all.refresh(before);
  CHECK(all.take_due(before).empty());
  CHECK(all.earliest() == utc({2026, 11, 24}, 420));
}
