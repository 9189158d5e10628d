#pragma once
// "Who plays tonight": an evening, its votes, the recurrent plans. Plain data.
#include "messages/ids.hpp"
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// A calendar day of a guild, as days since 1970-01-01. An evening bears the day it starts on.
struct evening_day {
  int32_t number = 0;
  auto operator<=>(const evening_day&) const = default;
};

/// Stands for "maybe tonight" where an hour is meant.
inline constexpr int maybe_hour = -1;

/// How a member came to be listed. Stored: append only.
enum class vote_source : uint8_t {
  button = 1,    ///< Pressed it.
  recurrent = 2, ///< Their weekly plan.
  voice = 3,     ///< Was in a tracked voice channel.
  moderator = 4  ///< Was added by a moderator.
};

/// A member as the schedule shows them.
struct known_member {
  user_id user;
  std::string name;  ///< Display name, not escaped.
  std::string badge; ///< Name of the role whose emoji goes before the name; empty for none.
  bool operator==(const known_member&) const = default;
};

/// One member in one hour of an evening.
struct vote {
  int hour = 0; ///< Hours from midnight of the evening's day, or `maybe_hour`.
  user_id user;
  vote_source source = vote_source::button;
  bool operator==(const vote&) const = default;
};
/// One message of ours that shows an evening.
struct shown_message {
  channel_id channel;
  message_id message;
  bool operator==(const shown_message&) const = default;
};
/// All that is known of one evening of one guild.
struct evening_record {
  guild_id guild;
  evening_day evening;
  std::vector<vote> votes;                 ///< By hour, then in order of coming.
  std::map<user_id, known_member> members; ///< Of everybody in `votes`.
  std::vector<shown_message> messages;     ///< Newest first, at most `shown_messages_max`.
};
using evening_record_ptr = std::shared_ptr<const evening_record>;
/// Older copies of an evening keep working but are not brought up to date by themselves.
inline constexpr size_t shown_messages_max = 3;

/// One hour of a weekly plan.
struct plan_entry {
  int weekday = 0; ///< 0 = Monday .. 6 = Sunday, of the evening.
  int hour = 0;    ///< As in `vote`.
  auto operator<=>(const plan_entry&) const = default;
};
/// What a member has told the schedule about themselves.
struct member_plan {
  user_id user;
  std::vector<plan_entry> entries; ///< Sorted.
  bool remind = false;             ///< Wants a word before their hours.
  uint32_t removed = 0;            ///< Answer to an edit: entries that are gone or replaced.
};

} // namespace hearth
