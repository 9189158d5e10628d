// Goal: an evening keeps its hours through midnight, New Year and both changes of the clock.
// Method: instants worked out by hand from the zones' published rules, edges on both sides.
#include "infra/schedule/evening.hpp"
#include "tests/support/catch.hpp"
#include <date/date.h>

using namespace hearth;

namespace {

/// Unix milliseconds of a UTC time.
instant utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  using namespace date;
  const auto at = sys_days{date::year{year} / month / day} + std::chrono::hours{hour} +
                  std::chrono::minutes{minute};
  return {std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count()};
}
instant before(instant at) { return {at.ms - 1}; }
evening_day day(const char* text) {
  const auto parsed = parse_evening_day(text);
  REQUIRE(parsed);
  return *parsed;
}
const auto whole = evening_hours{13, 27};

} // namespace

TEST_CASE("evening day: reads what it writes and nothing else", "[schedule]") {
  for (const auto* text : {"1970-01-01", "2026-11-20", "2028-02-29", "2026-12-31", "1969-12-31"})
    CHECK(to_text(day(text)) == text);
  for (const auto* text : {"", "2026-11-2", "2026-13-01", "2026-02-29", "2026-11-31", "26-11-20",
                           "2026/11/20", "2026-1a-01", "2026-11-20 ", "-026-11-20", "2026--1-20"})
    CHECK_FALSE(parse_evening_day(text));
  CHECK(weekday_of(day("2026-11-20")) == 4); // a Friday
  CHECK(weekday_of(day("2026-11-23")) == 0);
  CHECK(weekday_of(day("1969-12-28")) == 6);
  CHECK(parts_of(day("2026-11-20")).day == 20);
}

TEST_CASE("evening hours: the setting", "[schedule]") {
  CHECK(parse_evening_hours("13-3") == evening_hours{13, 27});
  CHECK(parse_evening_hours(" 18 - 2 ") == evening_hours{18, 26});
  CHECK(parse_evening_hours("9-17") == evening_hours{9, 17});
  CHECK(parse_evening_hours("20-20") == evening_hours{20, 20});
  CHECK(parse_evening_hours("13-8")->count() == slots_max);
  for (const auto* text : {"13-9", "0-23", "24-2", "13-24", "-1-5", "13", "13-", "-", "a-b", "",
                           "13-3-4", "5-4", "99999999999999999999-1"})
    CHECK_FALSE(parse_evening_hours(text));
  for (const auto* text : {"13-3", "18-2", "9-17", "0-5"})
    CHECK(to_text(*parse_evening_hours(text)) == text);
}

TEST_CASE("evening: hours after midnight belong to the evening they follow", "[schedule]") {
  const auto rules = evening_rules{whole, "America/Los_Angeles"}; // UTC-8 in November
  const auto friday = day("2026-11-20");
  CHECK(slot_at(rules, utc(2026, 11, 20, 21)) == slot_of(rules, friday, 13)); // 1 pm
  CHECK_FALSE(slot_at(rules, before(utc(2026, 11, 20, 21))));
  const auto one_am = slot_at(rules, utc(2026, 11, 21, 9, 30));
  REQUIRE(one_am);
  CHECK(one_am->evening == friday);
  CHECK(one_am->hour == 25);
  CHECK(one_am->from == utc(2026, 11, 21, 9));
  CHECK(slot_at(rules, before(utc(2026, 11, 21, 12)))->hour == 27);
  CHECK_FALSE(slot_at(rules, utc(2026, 11, 21, 12))); // 4 am
  CHECK(end_of(rules, friday) == utc(2026, 11, 21, 12));
  CHECK(evening_at(rules, before(utc(2026, 11, 21, 12))) == friday);
  CHECK(evening_at(rules, utc(2026, 11, 21, 12)) == day("2026-11-21"));
  CHECK(slots_of(rules, friday).size() == 15);
}

TEST_CASE("evening: New Year's eve runs into the new year", "[schedule]") {
  const auto rules = evening_rules{whole, "Europe/Paris"};
  const auto slot = slot_at(rules, utc(2026, 12, 31, 23, 30)); // 00:30 on 1 January in Paris
  REQUIRE(slot);
  CHECK(to_text(slot->evening) == "2026-12-31");
  CHECK(slot->hour == 24);
  CHECK(evening_at(rules, utc(2027, 1, 1, 3)) == day("2027-01-01"));
  CHECK(evening_at(rules, before(utc(2027, 1, 1, 3))) == day("2026-12-31"));
}

TEST_CASE("evening: an evening that ends before midnight", "[schedule]") {
  const auto rules = evening_rules{{9, 17}, "Asia/Tokyo"}; // UTC+9
  CHECK(evening_at(rules, before(utc(2026, 6, 1, 9))) == day("2026-06-01"));
  CHECK(evening_at(rules, utc(2026, 6, 1, 9)) == day("2026-06-02"));
  CHECK_FALSE(slot_at(rules, utc(2026, 6, 1, 9)));
  CHECK(slot_at(rules, utc(2026, 6, 1, 0))->hour == 9);
}

TEST_CASE("evening: the posting time chooses the evening", "[schedule]") {
  const auto late = evening_rules{whole, "Europe/Paris"};
  CHECK(evening_to_post(late, day("2026-11-20"), utc(2026, 11, 20, 6)) == day("2026-11-20"));
  const auto early = evening_rules{{0, 5}, "Europe/Paris"}; // over at 6:00, posted at 7:00
  CHECK(evening_to_post(early, day("2026-11-20"), utc(2026, 11, 20, 6)) == day("2026-11-21"));
}

struct change {
  const char* zone;
  const char* evening; // the evening whose night holds the change
  int missing;         // the hour no clock shows, or -1
  int doubled;         // the hour that lasts two, or -1
  instant end;         // of the evening
  size_t slots;
};

TEST_CASE("evening: both changes of the clock", "[schedule]") {
  const auto table = std::vector<change>{
      {"America/Los_Angeles", "2026-03-07", 26, -1, utc(2026, 3, 8, 11), 14},
      {"America/Los_Angeles", "2026-10-31", -1, 25, utc(2026, 11, 1, 12), 15},
      {"Europe/Paris", "2026-03-28", 26, -1, utc(2026, 3, 29, 2), 14},
      {"Europe/Paris", "2026-10-24", -1, 26, utc(2026, 10, 25, 3), 15},
      {"Australia/Sydney", "2026-10-03", 26, -1, utc(2026, 10, 3, 17), 14},
      {"Australia/Sydney", "2026-04-04", -1, 26, utc(2026, 4, 4, 18), 15},
      // Half an hour, and a change at midnight itself.
      {"Australia/Lord_Howe", "2026-10-03", -1, -1, utc(2026, 10, 3, 17), 15},
      {"America/Santiago", "2026-09-05", 24, -1, utc(2026, 9, 6, 7), 14},
  };
  for (const auto& row : table) {
    INFO(row.zone << " " << row.evening);
    const auto rules = evening_rules{whole, row.zone};
    const auto slots = slots_of(rules, day(row.evening));
    CHECK(slots.size() == row.slots);
    CHECK(end_of(rules, day(row.evening)) == row.end);
    for (size_t i = 1; i < slots.size(); ++i)
      CHECK(slots[i - 1].to == slots[i].from); // no hole, no overlap: an instant has one slot
    for (const auto& slot : slots) {
      CHECK(slot.hour != row.missing);
      const auto length = slot.to.ms - slot.from.ms;
      if (slot.hour == row.doubled)
        CHECK(length == 7'200'000);
      else
        CHECK(length <= 3'600'000);
      CHECK(slot_at(rules, slot.from) == slot);
      CHECK(slot_at(rules, before(slot.to)) == slot);
    }
    CHECK(evening_at(rules, before(row.end)) == day(row.evening));
    CHECK(evening_at(rules, row.end).number == day(row.evening).number + 1);
  }
}

TEST_CASE("evening: the second 1:30 of a long night is still the 1 am slot", "[schedule]") {
  const auto rules = evening_rules{whole, "America/Los_Angeles"};
  for (const auto at : {utc(2026, 11, 1, 8, 30), utc(2026, 11, 1, 9, 30)}) {
    const auto slot = slot_at(rules, at);
    REQUIRE(slot);
    CHECK(slot->hour == 25);
    CHECK(to_text(slot->evening) == "2026-10-31");
  }
  CHECK(slot_at(rules, utc(2026, 11, 1, 10))->hour == 26);
}

TEST_CASE("evening: a day that a zone skipped has no slots of its own", "[schedule]") {
  const auto rules = evening_rules{{13, 20}, "Pacific/Apia"}; // no 30 December 2011
  CHECK(slots_of(rules, day("2011-12-30")).empty());
  CHECK(slots_of(rules, day("2011-12-31")).size() == 8);
}

TEST_CASE("evening: the next slot, over the hours in between", "[schedule]") {
  const auto rules = evening_rules{{18, 20}, "Etc/UTC"};
  CHECK(slot_after(rules, utc(2026, 11, 20, 17, 59))->from == utc(2026, 11, 20, 18));
  CHECK(slot_after(rules, utc(2026, 11, 20, 18))->from == utc(2026, 11, 20, 19));
  CHECK(slot_after(rules, utc(2026, 11, 20, 20))->from == utc(2026, 11, 21, 18));
}

TEST_CASE("evening: an unknown zone is UTC", "[schedule]") {
  const auto rules = evening_rules{{18, 20}, "Atlantis/Capital"};
  CHECK(slot_of(rules, day("2026-11-20"), 18)->from == utc(2026, 11, 20, 18));
}

TEST_CASE("evening: times are shown to each viewer in their own zone", "[schedule]") {
  CHECK(viewer_time(utc(2026, 11, 20, 18)) == "<t:1795197600:t>");
  CHECK(viewer_relative({1795197600999}) == "<t:1795197600:R>");
}
