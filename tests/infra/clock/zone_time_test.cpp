// Local time on the system's tzdata. Expected instants were computed with Python's zoneinfo.
#include "infra/clock/zone_time.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

struct wall {
  const char* zone;
  const char* date;
  int32_t minute;
  const char* utc; ///< "2026-03-29T01:00"
};

std::string utc_text(instant at) {
  const auto shown = to_local("UTC", at);
  const auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return to_string(shown.date) + "T" + two(shown.minute / 60) + ":" + two(shown.minute % 60);
}

} // namespace

TEST_CASE("zone time: a wall clock's time in UTC, also at the switches", "[clock]") {
  const auto row = GENERATE(values<wall>({
      {"Europe/Paris", "2026-01-15", 420, "2026-01-15T06:00"},
      {"Europe/Paris", "2026-07-15", 420, "2026-07-15T05:00"},
      // 2026-03-29 02:00 does not exist; the clock goes from 01:59 to 03:00.
      {"Europe/Paris", "2026-03-29", 119, "2026-03-29T00:59"},
      {"Europe/Paris", "2026-03-29", 120, "2026-03-29T01:00"},
      {"Europe/Paris", "2026-03-29", 150, "2026-03-29T01:00"},
      {"Europe/Paris", "2026-03-29", 180, "2026-03-29T01:00"},
      // 2026-10-25 02:30 exists twice: the first, in summer time.
      {"Europe/Paris", "2026-10-25", 150, "2026-10-25T00:30"},
      {"Europe/Paris", "2026-10-25", 180, "2026-10-25T02:00"},
      {"America/New_York", "2026-03-08", 150, "2026-03-08T07:00"},
      {"America/New_York", "2026-11-01", 90, "2026-11-01T05:30"},
      {"America/New_York", "2026-11-01", 120, "2026-11-01T07:00"},
      // Lord Howe moves by half an hour.
      {"Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03T15:30"},
      {"Australia/Lord_Howe", "2026-10-04", 150, "2026-10-03T15:30"},
      {"Australia/Lord_Howe", "2026-04-05", 105, "2026-04-04T14:45"},
      {"Australia/Lord_Howe", "2026-04-05", 120, "2026-04-04T15:30"},
      {"Asia/Kolkata", "2026-06-01", 0, "2026-05-31T18:30"},
      // Samoa left out the whole 30th of December 2011.
      {"Pacific/Apia", "2011-12-30", 720, "2011-12-30T10:00"},
      {"Nowhere/Gone", "2026-06-01", 60, "2026-06-01T01:00"},
      {"UTC", "2026-12-31", 1439, "2026-12-31T23:59"},
  }));
  CAPTURE(row.zone, row.date, row.minute);
  CHECK(utc_text(from_local(row.zone, *parse_date(row.date), row.minute)) == row.utc);
}

TEST_CASE("zone time: what the wall shows at an instant", "[clock]") {
  const auto new_year = from_local("UTC", {2026, 12, 31}, 1380); // 23:00
  const auto paris = to_local("Europe/Paris", new_year);
  CHECK(paris.date == local_date{2027, 1, 1});
  CHECK(paris.minute == 0);
  CHECK(paris.offset_minutes == 60);
  CHECK(paris.abbreviation == "CET");
  CHECK(date_of("America/New_York", new_year) == local_date{2026, 12, 31});
  const auto before_1970 = to_local("UTC", {-1});
  CHECK(before_1970.date == local_date{1969, 12, 31});
  CHECK(before_1970.minute == 1439);
  CHECK(before_1970.second == 59);
}

TEST_CASE("zone time: dates", "[clock]") {
  CHECK(to_string(local_date{2026, 3, 9}) == "2026-03-09");
  CHECK(parse_date("2028-02-29") == local_date{2028, 2, 29});
  for (const auto* bad : {"", "2026-02-29", "2026-13-01", "2026-1-01", "2026-01-001", "2026/01/01",
                          "-026-01-01", "2026-01-0x", "2026-00-10"})
    CHECK_FALSE(parse_date(bad));
  CHECK(add_days({2026, 12, 31}, 1) == local_date{2027, 1, 1});
  CHECK(add_days({2028, 3, 1}, -1) == local_date{2028, 2, 29});
  CHECK(days_between({2026, 1, 1}, {2027, 1, 1}) == 365);
  CHECK(weekday_of({2026, 11, 23}) == 0); // a Monday
  CHECK(weekday_of({2026, 11, 22}) == 6);
}

TEST_CASE("zone time: which names are zones", "[clock]") {
  for (const auto* good : {"Europe/Paris", "UTC", "America/Argentina/Buenos_Aires"})
    CHECK(is_valid_zone(good));
  for (const auto* bad : {"", "Paris", "Europe/paris ", "../etc/passwd", "/etc/localtime",
                          "Europe/../Europe/Paris", "Mars/Olympus"})
    CHECK_FALSE(is_valid_zone(bad));
  CHECK(zone_names().size() > 300);
  for (const auto& name : zone_names())
    CHECK(is_valid_zone(name));
}

TEST_CASE("zone time: search finds what people type", "[clock]") {
  const auto first = [](const char* typed) {
    const auto found = search_zones(typed, 25);
    return found.empty() ? std::string{} : found.front();
  };
  CHECK(first("Pari") == "Europe/Paris");
  CHECK(first("PARIS") == "Europe/Paris");
  CHECK(first("new york") == "America/New_York");
  CHECK(first("New_Y") == "America/New_York");
  CHECK(first("lord howe") == "Australia/Lord_Howe");
  CHECK(first("buenos") == "America/Argentina/Buenos_Aires");
  CHECK(first("Europe/Ber") == "Europe/Berlin");
  CHECK(first("pst") == "America/Los_Angeles");
  CHECK(first("Japan") == "Asia/Tokyo");
  CHECK(first("Québec") == "America/Toronto");
  CHECK(first("SUÈDE") == "Europe/Stockholm");
  CHECK(first("utc") == "UTC");
  CHECK(first("Noumea") == "Pacific/Noumea");
  CHECK(first("") == "Europe/Paris");
  CHECK(first("qqqq").empty());
  CHECK(search_zones("a", 25).size() == 25);
  CHECK(search_zones("a", 0).empty());
  const auto usa = search_zones("usa", 25);
  CHECK(std::count(usa.begin(), usa.end(), "America/New_York") == 1);
  CHECK(search_zones(std::string(100'000, 'x'), 25).empty());
  CHECK(search_zones("\xc3", 25).size() == search_zones("", 25).size()); // broken UTF-8
}

TEST_CASE("zone time: every zone offered for a word exists here", "[clock]") {
  for (const auto* word : {"france", "canada", "usa", "ukraine", "cet", "hawaii", "ist", "maroc"})
    CHECK_FALSE(search_zones(word, 5).empty());
}

TEST_CASE("zone time: offsets in words", "[clock]") {
  CHECK(offset_text(0) == "UTC");
  CHECK(offset_text(60) == "UTC+1");
  CHECK(offset_text(-210) == "UTC-3:30");
  CHECK(offset_text(345) == "UTC+5:45");
}
