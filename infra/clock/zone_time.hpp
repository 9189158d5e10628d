#pragma once
// Local time in IANA zones, on the system's tzdata. Pure but for the first use, which reads it.
// A name that the system does not know (zones get removed) counts as UTC everywhere here.
#include "messages/clock.hpp"
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// A day of the calendar, without zone.
struct local_date {
  int32_t year = 1970;
  uint8_t month = 1; ///< 1..12
  uint8_t day = 1;   ///< 1..31
  auto operator<=>(const local_date&) const = default;
};
/// "2026-11-20"
std::string to_string(local_date date);
/// Parses what to_string gives; a day that does not exist is nullopt.
std::optional<local_date> parse_date(std::string_view text);
/// `days` later; negative goes back.
local_date add_days(local_date date, int32_t days);
/// Days from `from` to `to`.
int32_t days_between(local_date from, local_date to);
/// 0 = Monday .. 6 = Sunday.
uint8_t weekday_of(local_date date);

/// What a clock on the wall shows.
struct local_time {
  local_date date;
  int32_t minute = 0;         ///< Of the day, 0..1439.
  int32_t second = 0;         ///< 0..59
  int32_t offset_minutes = 0; ///< East of UTC.
  std::string abbreviation;   ///< "CET", "+0530"
};
local_time to_local(std::string_view zone, instant at);
local_date date_of(std::string_view zone, instant at);
/// The instant at which that wall clock shows `minute` (0..1439) of `date`. A time that a switch
/// leaves out gives the first instant after the gap; one that occurs twice gives the first.
instant from_local(std::string_view zone, local_date date, int32_t minute);

bool is_valid_zone(std::string_view zone);
/// Every zone of the form "Area/City" and "UTC", sorted.
const std::vector<std::string>& zone_names();
/// Zones for what a member types, best first, at most `limit`: a city's beginning ("Pari" gives
/// Europe/Paris), part of a name, a common abbreviation ("PST"), or a country ("Japan", "Suisse").
/// Case, accents, '_' and '-' do not matter. Nothing typed gives a choice of well-known zones.
std::vector<std::string> search_zones(std::string_view typed, size_t limit);
/// "UTC", "UTC+1", "UTC-3:30"
std::string offset_text(int32_t offset_minutes);

} // namespace hearth
