// Jobs: every local date once. Each zone is walked in steps of five minutes over both switches and
// New Year, then with downtime and a clock that goes back.
#include "infra/clock/due.hpp"
#include "infra/clock/zone_time.hpp"
#include "tests/support/catch.hpp"
#include <map>

using namespace hearth;

namespace {

constexpr int64_t minute_ms = 60'000;
constexpr int64_t hour_ms = 60 * minute_ms;
constexpr int64_t day_ms = 24 * hour_ms;

job_plan at(int32_t minute, uint8_t weekdays = 127) {
  auto plan = job_plan{};
  plan.job = "daily";
  plan.minute = minute;
  plan.weekdays = weekdays;
  return plan;
}
instant utc(local_date date, int32_t minute) { return from_local("UTC", date, minute); }
std::string period(const std::optional<due_period>& due) { return due ? due->period : "none"; }

/// Lives from `from` to `to` in steps, running the job whenever it is due; counts runs by period.
std::map<std::string, int> live(const job_plan& plan, const char* zone, job_record& record,
                                instant from, instant to, int64_t step_ms) {
  auto runs = std::map<std::string, int>{};
  for (auto now = from; now <= to; now.ms += step_ms) {
    if (const auto due = overdue(plan, zone, record, now)) {
      ++runs[due->period];
      record.period = due->period;
    }
    if (const auto next = upcoming(plan, zone, record, now); next && next->at <= now)
      ++runs["not in the future"];
  }
  return runs;
}

} // namespace

TEST_CASE("due: once a day over both switches and New Year, at any hour", "[clock]") {
  const auto* zone = GENERATE("Europe/Paris", "America/New_York", "Australia/Lord_Howe");
  const auto minute = GENERATE(0, 90, 120, 130, 150, 180, 420, 1435);
  const auto start =
      GENERATE(local_date{2026, 3, 6}, local_date{2026, 3, 27}, local_date{2026, 4, 3},
               local_date{2026, 10, 2}, local_date{2026, 10, 23}, local_date{2026, 10, 30},
               local_date{2026, 12, 30});
  CAPTURE(zone, minute, to_string(start));
  auto record = job_record{from_local(zone, start, 0), ""};
  const auto end = from_local(zone, add_days(start, 5), 0);
  const auto runs = live(at(minute), zone, record, record.since, {end.ms - 1}, 5 * minute_ms);
  CHECK(runs.size() == 5);
  for (auto day = 0; day < 5; ++day) {
    const auto found = runs.find(to_string(add_days(start, day)));
    CHECK((found != runs.end() && found->second == 1));
  }
}

TEST_CASE("due: the instant is that of the wall clock", "[clock]") {
  const auto record = job_record{};
  const auto before = utc({2026, 3, 28}, 720);
  // 02:30 does not exist in Paris on the 29th: 03:00 summer time.
  auto due = upcoming(at(150), "Europe/Paris", record, before);
  REQUIRE(due);
  CHECK(due->period == "2026-03-29");
  CHECK(due->at == utc({2026, 3, 29}, 60));
  CHECK(period(overdue(at(150), "Europe/Paris", {{0}, "2026-03-28"}, {due->at.ms - 1})) == "none");
  CHECK(period(overdue(at(150), "Europe/Paris", {{0}, "2026-03-28"}, due->at)) == "2026-03-29");
  // 01:30 comes twice in New York on the 1st of November: the first time only.
  const auto twice = from_local("America/New_York", {2026, 11, 1}, 90);
  CHECK(period(overdue(at(90), "America/New_York", {{0}, "2026-10-31"}, twice)) == "2026-11-01");
  CHECK(period(overdue(at(90), "America/New_York", {{0}, "2026-11-01"}, {twice.ms + hour_ms})) ==
        "none");
  CHECK(period(upcoming(at(90), "America/New_York", {{0}, "2026-11-01"}, twice)) == "2026-11-02");
}

TEST_CASE("due: after downtime only the newest missed period runs", "[clock]") {
  const auto* zone = GENERATE("Europe/Paris", "America/New_York", "Australia/Lord_Howe");
  CAPTURE(zone);
  const auto plan = at(420);
  const auto morning = from_local(zone, {2026, 3, 29}, 420);
  const auto record = job_record{{0}, "2026-03-28"};
  // hours
  CHECK(period(overdue(plan, zone, record, {morning.ms + 5 * hour_ms})) == "2026-03-29");
  CHECK(period(overdue(plan, zone, record, {morning.ms - 1})) == "none");
  // a night: yesterday's is still the newest
  CHECK(period(overdue(plan, zone, record, from_local(zone, {2026, 3, 30}, 300))) == "2026-03-29");
  // three weeks
  CHECK(period(overdue(plan, zone, record, from_local(zone, {2026, 4, 19}, 500))) == "2026-04-19");
  // years
  CHECK(period(overdue(plan, zone, record, from_local(zone, {2030, 1, 1}, 600))) == "2030-01-01");
}

TEST_CASE("due: nothing before it was first planned counts as missed", "[clock]") {
  const auto noon = utc({2026, 5, 5}, 720);
  CHECK(period(overdue(at(420), "UTC", {noon, ""}, noon)) == "none");
  CHECK(period(overdue(at(720), "UTC", {noon, ""}, noon)) == "2026-05-05");
  CHECK(period(upcoming(at(420), "UTC", {noon, ""}, noon)) == "2026-05-06");
  CHECK(period(overdue(at(420), "UTC", {noon, ""}, {noon.ms + day_ms})) == "2026-05-06");
}

TEST_CASE("due: a clock that goes back runs nothing twice", "[clock]") {
  const auto now = utc({2026, 5, 5}, 430);
  const auto done = job_record{{0}, "2026-05-05"};
  for (const auto back : {minute_ms, hour_ms, day_ms, 3 * day_ms}) {
    const auto then = instant{now.ms - back};
    CHECK(period(overdue(at(420), "UTC", done, then)) == "none");
    CHECK(period(upcoming(at(420), "UTC", done, then)) == "2026-05-06");
  }
  // Ten days back: that record was made by a clock that was wrong.
  CHECK(period(overdue(at(420), "UTC", done, {now.ms - 10 * day_ms})) == "2026-04-25");
}

TEST_CASE("due: weekdays, disabled plans, and a record that is no date", "[clock]") {
  const auto monday = utc({2026, 11, 23}, 600);
  const auto saturdays = uint8_t{1 << 5};
  CHECK(period(upcoming(at(420, saturdays), "UTC", {}, monday)) == "2026-11-28");
  CHECK(period(overdue(at(420, saturdays), "UTC", {{0}, "2026-11-14"}, monday)) == "2026-11-21");
  CHECK(period(overdue(at(420, saturdays), "UTC", {{0}, "2026-11-21"}, monday)) == "none");
  CHECK(period(overdue(at(420, 0), "UTC", {}, monday)) == "none");
  CHECK(period(upcoming(at(420, 0), "UTC", {}, monday)) == "none");
  CHECK(period(upcoming(at(1440), "UTC", {}, monday)) == "none");
  CHECK(period(upcoming(at(-1), "UTC", {}, monday)) == "none");
  auto off = at(420);
  off.enabled = false;
  CHECK(period(overdue(off, "UTC", {}, monday)) == "none");
  CHECK(period(overdue(at(420), "UTC", {{0}, "rubbish"}, monday)) == "2026-11-23");
}

TEST_CASE("due: moving to another zone runs no date twice", "[clock]") {
  auto record = job_record{{0}, ""};
  const auto start = utc({2026, 5, 5}, 0);
  auto runs = std::map<std::string, int>{};
  auto hour = 0;
  for (auto now = start; now.ms < start.ms + 6 * day_ms; now.ms += hour_ms, ++hour) {
    const auto* zone = hour / 36 % 2 ? "Pacific/Auckland" : "America/Los_Angeles";
    if (const auto due = overdue(at(420), zone, record, now)) {
      ++runs[due->period];
      CHECK(due->period > record.period);
      record.period = due->period;
    }
  }
  for (const auto& [date, count] : runs)
    CHECK(count == 1);
  CHECK(runs.size() >= 5);
}
