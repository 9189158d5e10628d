#include "infra/schedule/evening.hpp"
#include "infra/clock/zone_time.hpp"
#include <charconv>
#include <fmt/format.h>

namespace hearth {

namespace {

constexpr auto epoch = local_date{};

local_date date_of(evening_day day) { return add_days(epoch, day.number); }
evening_day day_of(local_date date) { return {days_between(epoch, date)}; }
evening_day day_at(const std::string& zone, instant now) { return day_of(date_of(zone, now)); }

/// The first instant at which the zone's clocks show that hour of the evening: of two such the
/// earlier, in a gap its end.
instant hour_of(const std::string& zone, evening_day evening, int hour) {
  return from_local(zone, date_of({evening.number + hour / 24}), hour % 24 * 60);
}

std::optional<evening_slot> slot_in(const std::string& zone, evening_day evening, int hour) {
  const auto slot =
      evening_slot{evening, hour, hour_of(zone, evening, hour), hour_of(zone, evening, hour + 1)};
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

calendar_parts parts_of(evening_day day) {
  const auto date = date_of(day);
  return {date.year, date.month, date.day};
}

std::string to_text(evening_day day) { return to_string(date_of(day)); }

std::optional<evening_day> parse_evening_day(std::string_view text) {
  const auto date = parse_date(text);
  if (!date)
    return std::nullopt;
  return day_of(*date);
}

int weekday_of(evening_day day) { return weekday_of(date_of(day)); }

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
  return slot_in(rules.zone, evening, hour);
}

std::vector<evening_slot> slots_of(const evening_rules& rules, evening_day evening) {
  auto slots = std::vector<evening_slot>{};
  for (auto hour = rules.hours.first; hour <= rules.hours.last; ++hour)
    if (auto slot = slot_in(rules.zone, evening, hour))
      slots.push_back(*slot);
  return slots;
}

std::optional<evening_slot> slot_at(const evening_rules& rules, instant now) {
  const auto today = day_at(rules.zone, now);
  for (const auto day : {evening_day{today.number - 1}, today})
    for (auto hour = rules.hours.first; hour <= rules.hours.last; ++hour)
      if (const auto slot = slot_in(rules.zone, day, hour);
          slot && slot->from <= now && now < slot->to)
        return slot;
  return std::nullopt;
}

instant end_of(const evening_rules& rules, evening_day evening) {
  const auto slots = slots_of(rules, evening);
  if (!slots.empty())
    return slots.back().to;
  return hour_of(rules.zone, evening, 24);
}

evening_day evening_at(const evening_rules& rules, instant now) {
  const auto today = day_at(rules.zone, now);
  for (const auto back : {-1, 0})
    if (const auto day = evening_day{today.number + back}; now < end_of(rules, day))
      return day;
  return {today.number + 1};
}

evening_day evening_to_post(const evening_rules& rules, evening_day period, instant due) {
  return end_of(rules, period) <= due ? evening_day{period.number + 1} : period;
}

std::optional<evening_slot> slot_after(const evening_rules& rules, instant now) {
  const auto today = day_at(rules.zone, now);
  for (const auto ahead : {-1, 0, 1, 2})
    for (const auto& slot : slots_of(rules, {today.number + ahead}))
      if (slot.from > now)
        return slot;
  return std::nullopt;
}

std::string viewer_time(instant at) { return fmt::format("<t:{}:t>", at.ms / 1000); }
std::string viewer_relative(instant at) { return fmt::format("<t:{}:R>", at.ms / 1000); }

} // namespace hearth
