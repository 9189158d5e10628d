#include "infra/schedule/recurrence.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace hearth {

namespace {

constexpr auto hours_max = 48; // two days: no evening is longer

template <class Number> std::optional<Number> number(std::string_view text, int base) {
  auto value = Number{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (text.empty() || error != std::errc{} || stop != end)
    return std::nullopt;
  return value;
}

template <class Set>
std::optional<Set> set_of(const std::vector<std::string>& values, unsigned bound) {
  auto set = Set{};
  for (const auto& value : values) {
    const auto member = number<unsigned>(value, 10);
    if (!member || *member >= bound)
      return std::nullopt;
    set.add(static_cast<int>(*member));
  }
  return set;
}

template <class Set> std::vector<int> members_of(Set set, int bound) {
  auto members = std::vector<int>{};
  for (auto i = 0; i < bound; ++i)
    if (set.contains(i))
      members.push_back(i);
  return members;
}

} // namespace

std::string to_text(day_set days) { return fmt::format("{:x}", days.bits); }
std::string to_text(hour_set hours) { return fmt::format("{:x}", hours.bits); }

std::optional<day_set> parse_day_set(std::string_view text) {
  const auto bits = number<uint8_t>(text, 16);
  if (!bits || *bits > every_day.bits)
    return std::nullopt;
  return day_set{*bits};
}

std::optional<hour_set> parse_hour_set(std::string_view text) {
  const auto bits = number<uint64_t>(text, 16);
  if (!bits || *bits >> hours_max != 0)
    return std::nullopt;
  return hour_set{*bits};
}

std::optional<day_set> day_set_of(const std::vector<std::string>& values) {
  return set_of<day_set>(values, 7);
}
std::optional<hour_set> hour_set_of(const std::vector<std::string>& values) {
  return set_of<hour_set>(values, hours_max);
}

std::vector<int> days_in(day_set days) { return members_of(days, 7); }
std::vector<int> hours_in(hour_set hours) { return members_of(hours, hours_max); }

std::vector<plan_entry> with_days_replaced(std::vector<plan_entry> plan, day_set days,
                                           hour_set hours) {
  std::erase_if(plan, [&](const plan_entry& entry) { return days.contains(entry.weekday); });
  for (const auto day : days_in(days))
    for (const auto hour : hours_in(hours))
      plan.push_back({day, hour});
  std::sort(plan.begin(), plan.end());
  return plan;
}

std::vector<plan_group> grouped(const std::vector<plan_entry>& plan) {
  auto by_day = std::array<hour_set, 7>{};
  for (const auto& entry : plan)
    by_day.at(static_cast<size_t>(entry.weekday)).add(entry.hour);
  auto groups = std::vector<plan_group>{};
  for (auto day = 0; day < 7; ++day) {
    const auto hours = by_day.at(static_cast<size_t>(day));
    if (hours.empty())
      continue;
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const plan_group& group) { return group.hours == hours; });
    auto& group = same == groups.end() ? groups.emplace_back(plan_group{{}, hours}) : *same;
    group.days.add(day);
  }
  return groups;
}

} // namespace hearth
