#pragma once
// What a guild has set for its schedule, read from its options. Pure.
#include "infra/schedule/evening.hpp"
#include "messages/settings.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// Option keys, as stored by the settings.
inline constexpr auto hours_option = "schedule.hours";
inline constexpr auto post_at_option = "schedule.time";
inline constexpr auto ready_option = "schedule.ready_count";

inline constexpr int ready_count_max = 25;

struct schedule_settings {
  evening_rules rules;
  int post_minute = 7 * 60; ///< Local minute of the day at which the evening is posted.
  int ready_count = 5;      ///< Members that make an hour "ready"; 0 = never say so.
  channel_id channel;       ///< 0 = none chosen.
};

/// Absent or damaged options count as the default: a guild must not stop for one.
/// @param default_zone Where the guild has not said.
schedule_settings schedule_settings_of(const guild_settings& settings,
                                       const std::string& default_zone);

/// Reads "7", "7:30", "07:30", "19h", "19h30", "7 pm", "7:30pm": the minute of the day, or nothing.
std::optional<int> parse_minute(std::string_view text);
/// The slot that a moderator typed: its hour as completion gives it ("25"), or a time of day as
/// `parse_minute` reads it.
std::optional<evening_slot> slot_typed(const std::vector<evening_slot>& slots,
                                       std::string_view text);
/// "07:30".
std::string minute_text(int minute);

} // namespace hearth
