#include "infra/schedule/evening.hpp"
#include <algorithm>
#include <charconv>
#include <date/tz.h>
#include <fmt/format.h>
#include <stdexcept>

namespace hearth {

namespace {

using seconds = std::chrono::seconds;

date::local_days local_day(evening_day day) { return date::local_days{date::days{day.number}}; }

/// Unknown zones are refused where they are set; one that tzdata dropped since must not stop a
/// guild.
const date::time_zone* zone_of(const std::string& name) {
  try {
    return date::locate_zone(name.empty() ? "Etc/UTC" : name);
  } catch (const std::runtime_error&) {
    return date::locate_zone("Etc/UTC");
  }
}

/// The first instant at which the zone's clocks show `at` or later: of two such the earlier, in a
/// gap its end.
instant first_at(const date::time_zone& zone, date::local_seconds at) {
  const auto sys = zone.to_sys(at, date::choose::earliest);
  return {std::chrono::duration_cast<std::chrono::milliseconds>(sys.time_since_epoch()).count()};
}

evening_day day_at(const date::time_zone& zone, instant now) {
  const auto sys =
      date::sys_seconds{std::chrono::floor<seconds>(std::chrono::milliseconds{now.ms})};
  const auto local = std::chrono::floor<date::days>(zone.to_local(sys));
  return {static_cast<int32_t>(local.time_since_epoch().count())};
}

std::optional<evening_slot> slot_in(const date::time_zone& zone, evening_day evening, int hour) {
  const auto start = local_day(evening) + std::chrono::hours{hour};
  auto slot = evening_slot{evening, hour, first_at(zone, start),
                           first_at(zone, start + std::chrono::hours{1})};
  if (slot.from >= slot.to)
    return std::nullopt;
  return slot;
}

std::optional<int> whole_number(std::string_view text) {
  auto value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || text.front() == '-' || error != std::errc{} || stop != end)
    return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

} // namespace

calendar_parts parts_of(evening_day day) noexcept {
  const auto ymd = date::year_month_day{local_day(day)};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

std::string to_text(evening_day day) {
  const auto parts = parts_of(day);
  return fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
}

std::optional<evening_day> parse_evening_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  const auto year = whole_number(text.substr(0, 4));
  const auto month = whole_number(text.substr(5, 2));
  const auto day = whole_number(text.substr(8, 2));
  if (!year || !month || !day)
    return std::nullopt;
  const auto ymd = date::year{*year} / date::month{static_cast<unsigned>(*month)} /
                   date::day{static_cast<unsigned>(*day)};
  if (!ymd.ok())
    return std::nullopt;
  const auto days = date::local_days{ymd}.time_since_epoch().count();
  return evening_day{static_cast<int32_t>(days)};
}

int weekday_of(evening_day day) noexcept {
  return static_cast<int>(date::weekday{local_day(day)}.iso_encoding()) - 1;
}

std::optional<evening_hours> parse_evening_hours(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos)
    return std::nullopt;
  const auto first = whole_number(trimmed(text.substr(0, dash)));
  const auto last = whole_number(trimmed(text.substr(dash + 1)));
  if (!first || !last || *first > 23 || *last > 23)
    return std::nullopt;
  const auto hours = evening_hours{*first, *last < *first ? *last + 24 : *last};
  if (hours.count() > slots_max)
    return std::nullopt;
  return hours;
}

std::string to_text(evening_hours hours) {
  return fmt::format("{}-{}", hours.first, hours.last % 24);
}

std::optional<evening_slot> slot_of(const evening_rules& rules, evening_day evening, int hour) {
  return slot_in(*zone_of(rules.zone), evening, hour);
}

std::vector<evening_slot> slots_of(const evening_rules& rules, evening_day evening) {
  const auto* zone = zone_of(rules.zone);
  auto slots = std::vector<evening_slot>{};
  for (auto hour = rules.hours.first; hour <= rules.hours.last; ++hour)
    if (auto slot = slot_in(*zone, evening, hour))
      slots.push_back(*slot);
  return slots;
}

std::optional<evening_slot> slot_at(const evening_rules& rules, instant now) {
  const auto* zone = zone_of(rules.zone);
  const auto today = day_at(*zone, now);
  for (const auto day : {evening_day{today.number - 1}, today})
    for (auto hour = rules.hours.first; hour <= rules.hours.last; ++hour)
      if (const auto slot = slot_in(*zone, day, hour); slot && slot->from <= now && now < slot->to)
        return slot;
  return std::nullopt;
}

instant end_of(const evening_rules& rules, evening_day evening) {
  const auto slots = slots_of(rules, evening);
  if (!slots.empty())
    return slots.back().to;
  return first_at(*zone_of(rules.zone), local_day({evening.number + 1}));
}

evening_day evening_at(const evening_rules& rules, instant now) {
  const auto today = day_at(*zone_of(rules.zone), now);
  for (const auto back : {-1, 0})
    if (const auto day = evening_day{today.number + back}; now < end_of(rules, day))
      return day;
  return {today.number + 1};
}

evening_day evening_to_post(const evening_rules& rules, evening_day period, instant due) {
  return end_of(rules, period) <= due ? evening_day{period.number + 1} : period;
}

std::optional<evening_slot> next_slot(const evening_rules& rules, instant now) {
  const auto today = day_at(*zone_of(rules.zone), now);
  for (const auto ahead : {-1, 0, 1, 2})
    for (const auto& slot : slots_of(rules, {today.number + ahead}))
      if (slot.from > now)
        return slot;
  return std::nullopt;
}

std::string viewer_time(instant at) { return fmt::format("<t:{}:t>", at.ms / 1000); }
std::string viewer_relative(instant at) { return fmt::format("<t:{}:R>", at.ms / 1000); }

} // namespace hearth
