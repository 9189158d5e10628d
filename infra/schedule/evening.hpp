#pragma once
// What an evening is: which hours belong to it, when they are on the world's clock, when it is
// over. Pure.
#include "messages/clock.hpp"
#include "messages/schedule.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// "2026-11-20".
std::string to_text(evening_day day);
/// Reads what `to_text` writes; nothing for any other text or a day that no calendar has.
std::optional<evening_day> parse_evening_day(std::string_view text);
/// 0 = Monday .. 6 = Sunday.
int weekday_of(evening_day day);
struct calendar_parts {
  int year = 1970;
  int month = 1; ///< 1..12.
  int day = 1;   ///< 1..31.
};
calendar_parts parts_of(evening_day day);

/// The hours that a guild offers. Hours are counted from midnight of the evening's own day, so 25
/// is 1 am of the day after; a number means the same however the setting changes later.
struct evening_hours {
  int first = 13; ///< 0..23.
  int last = 27;  ///< first..first + slots_max - 1.
  bool operator==(const evening_hours&) const = default;
  bool contains(int hour) const noexcept { return hour >= first && hour <= last; }
  int count() const noexcept { return last - first + 1; }
};
/// Buttons of one message are 25: four full rows of hours and one row for "maybe tonight".
inline constexpr int slots_max = 20;
/// Reads "18-2" (from 6 pm to the slot that starts at 2 am). Nothing unless both are 0..23 and the
/// evening has at most `slots_max` slots.
std::optional<evening_hours> parse_evening_hours(std::string_view text);
std::string to_text(evening_hours hours);

/// One hour of one evening. Where clocks jump forward a slot may be missing or shorter; where they
/// fall back it may last two hours.
struct evening_slot {
  evening_day evening;
  int hour = 0;     ///< As in `evening_hours`.
  instant from, to; ///< [from, to), never empty.
  bool operator==(const evening_slot&) const = default;
};

/// The guild's ways of keeping time.
struct evening_rules {
  evening_hours hours;
  std::string zone; ///< IANA name; UTC where unknown.
  bool operator==(const evening_rules&) const = default;
};

/// The slot of that hour, or nothing when no clock of the zone showed it (the gap of a change to
/// summer time). The hour may lie outside `rules.hours`.
std::optional<evening_slot> slot_of(const evening_rules& rules, evening_day evening, int hour);
/// All slots of an evening in order; empty only where a zone skipped a whole day.
std::vector<evening_slot> slots_of(const evening_rules& rules, evening_day evening);
/// The slot that is running, or nothing outside the hours.
std::optional<evening_slot> slot_at(const evening_rules& rules, instant now);
/// When the last slot of the evening ends; the start of the next day where it has no slot.
instant end_of(const evening_rules& rules, evening_day evening);
/// "Tonight": the earliest evening that is not over.
evening_day evening_at(const evening_rules& rules, instant now);
/// The evening that the daily job of the local day `period`, due at `due`, announces: that day's,
/// or the next when all its hours lie before the posting time.
evening_day evening_to_post(const evening_rules& rules, evening_day period, instant due);
/// The next instant after `now` at which a slot starts; looks two evenings ahead.
std::optional<evening_slot> slot_after(const evening_rules& rules, instant now);
/// `<t:1789000000:t>`: shown to each viewer in their own time. Source: discord-api 5, formatting.
std::string viewer_time(instant at);
/// `<t:1789000000:R>`: "in 15 minutes".
std::string viewer_relative(instant at);

} // namespace hearth
