#pragma once
// Weekly plans: chosen days and hours as small sets that fit a custom_id. Pure.
#include "messages/schedule.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// Weekdays, bit 0 = Monday.
struct day_set {
  uint8_t bits = 0;
  bool operator==(const day_set&) const = default;
  bool empty() const noexcept { return bits == 0; }
  bool contains(int weekday) const noexcept { return (bits >> weekday & 1) != 0; }
  void add(int weekday) noexcept { bits = static_cast<uint8_t>(bits | 1u << weekday); }
};
inline constexpr auto every_day = day_set{0x7f};

/// Hours 0..63 from midnight of the evening's day.
struct hour_set {
  uint64_t bits = 0;
  bool operator==(const hour_set&) const = default;
  bool empty() const noexcept { return bits == 0; }
  bool contains(int hour) const noexcept { return (bits >> hour & 1) != 0; }
  void add(int hour) noexcept { bits |= uint64_t{1} << hour; }
};

/// Lower-case hexadecimal, "0" for none: what a custom_id carries.
std::string to_text(day_set days);
std::string to_text(hour_set hours);
/// Reads what `to_text` writes; nothing for other text, days past Sunday or hours past 47.
std::optional<day_set> parse_day_set(std::string_view text);
std::optional<hour_set> parse_hour_set(std::string_view text);
/// The values of a select ("0".."6", "13".."27"); nothing when one is not such a number.
std::optional<day_set> day_set_of(const std::vector<std::string>& values);
std::optional<hour_set> hour_set_of(const std::vector<std::string>& values);

/// Members of the sets in order.
std::vector<int> days_in(day_set days);
std::vector<int> hours_in(hour_set hours);

/// `plan` with the hours of the chosen days replaced by `hours`, its other days untouched; no hours
/// clear the days. Sorted. Source: features 17.1.
std::vector<plan_entry> with_days_replaced(std::vector<plan_entry> plan, day_set days,
                                           hour_set hours);

/// Days that have the same hours.
struct plan_group {
  day_set days;
  hour_set hours;
  bool operator==(const plan_group&) const = default;
};
/// A plan as it is told: each day once, groups in order of their first day.
std::vector<plan_group> grouped(const std::vector<plan_entry>& plan);

} // namespace hearth
