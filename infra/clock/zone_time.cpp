#include "infra/clock/zone_time.hpp"
#include <charconv>
#include <date/tz.h>
#include <fmt/format.h>

namespace hearth {
namespace {

const date::time_zone* find_zone(std::string_view name) {
  // Refused before the look-up: an empty name, and one that leaves the zoneinfo folder.
  if (name.empty() || name.find("..") != std::string_view::npos || name.front() == '/')
    return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

date::local_days days_of(local_date when) {
  return date::local_days{date::year{when.year} / when.month / when.day};
}
local_date from_days(date::local_days days) {
  const auto ymd = date::year_month_day{days};
  return {static_cast<int>(ymd.year()), static_cast<uint8_t>(static_cast<unsigned>(ymd.month())),
          static_cast<uint8_t>(static_cast<unsigned>(ymd.day()))};
}

date::sys_seconds floor_seconds(instant at) {
  return date::floor<std::chrono::seconds>(
      date::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{at.ms}});
}

} // namespace

std::string to_string(local_date when) {
  return fmt::format("{:04}-{:02}-{:02}", when.year, when.month, when.day);
}

std::optional<local_date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  auto year = 0, month = 0, day = 0;
  const auto number = [&](size_t from, size_t count, int& into) {
    const auto* end = text.data() + from + count;
    const auto result = std::from_chars(text.data() + from, end, into);
    return result.ec == std::errc{} && result.ptr == end && into >= 0;
  };
  if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day))
    return std::nullopt;
  const auto ymd = date::year{year} / month / day;
  if (!ymd.ok())
    return std::nullopt;
  return local_date{year, static_cast<uint8_t>(month), static_cast<uint8_t>(day)};
}

local_date add_days(local_date when, int32_t days) {
  return from_days(days_of(when) + date::days{days});
}

int32_t days_between(local_date from, local_date to) {
  return static_cast<int32_t>((days_of(to) - days_of(from)).count());
}

uint8_t weekday_of(local_date when) {
  return static_cast<uint8_t>(date::weekday{days_of(when)}.iso_encoding() - 1);
}

local_time to_local(std::string_view zone, instant at) {
  const auto seconds = floor_seconds(at);
  auto offset = std::chrono::seconds{0};
  auto shown = local_time{};
  shown.abbreviation = "UTC";
  if (const auto* found = find_zone(zone)) {
    const auto info = found->get_info(seconds);
    offset = info.offset;
    shown.abbreviation = info.abbrev;
  }
  const auto local = date::local_seconds{(seconds + offset).time_since_epoch()};
  const auto day = date::floor<date::days>(local);
  const auto in_day = static_cast<int32_t>((local - day).count());
  shown.date = from_days(day);
  shown.minute = in_day / 60;
  shown.second = in_day % 60;
  shown.offset_minutes = static_cast<int32_t>(offset.count() / 60);
  return shown;
}

local_date date_of(std::string_view zone, instant at) { return to_local(zone, at).date; }

instant from_local(std::string_view zone, local_date when, int32_t minute) {
  const auto local = date::local_seconds{days_of(when)} + std::chrono::minutes{minute};
  auto seconds = date::sys_seconds{local.time_since_epoch()};
  if (const auto* found = find_zone(zone)) {
    const auto info = found->get_info(local);
    // nonexistent: the switch itself is the first instant after the gap. ambiguous: `first` is the
    // earlier of the two.
    seconds = info.result == date::local_info::nonexistent
                  ? info.first.end
                  : date::sys_seconds{local.time_since_epoch()} - info.first.offset;
  }
  return {
      std::chrono::duration_cast<std::chrono::milliseconds>(seconds.time_since_epoch()).count()};
}

bool is_valid_zone(std::string_view zone) { return find_zone(zone) != nullptr; }

std::string offset_text(int32_t offset_minutes) {
  if (offset_minutes == 0)
    return "UTC";
  const auto minutes = offset_minutes < 0 ? -offset_minutes : offset_minutes;
  const auto* sign = offset_minutes < 0 ? "-" : "+";
  return minutes % 60 == 0 ? fmt::format("UTC{}{}", sign, minutes / 60)
                           : fmt::format("UTC{}{}:{:02}", sign, minutes / 60, minutes % 60);
}

} // namespace hearth
