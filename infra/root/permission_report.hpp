#pragma once
// What the bot may not do although a feature needs it, and why. Pure. Source: discord-api 5.
#include "messages/gateway.hpp"
#include "messages/settings.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

/// What a feature needs, as it declares it.
struct permission_need {
  uint64_t bits = 0;   ///< All of them.
  std::string channel; ///< A channel kind ("schedule"), "voice" for the tracked voice channels, or
                       ///< empty for the guild as a whole.
  std::string purpose; ///< Locale key: what it is needed for.
};

/// Why one permission is missing: what somebody must change.
enum class gap_cause : uint8_t {
  not_granted,    ///< None of the bot's roles has it.
  everyone_rule,  ///< The channel denies it to @everyone.
  role_rule,      ///< The channel denies it to `culprit`, a role of the bot.
  bot_rule,       ///< The channel denies it to the bot itself.
  channel_gone,   ///< The channel that was set does not exist (or was never visible).
  channel_not_set ///< Nobody has set a channel of that kind.
};
struct permission_gap {
  std::string feature;
  std::string purpose; ///< As in permission_need.
  std::string kind;    ///< Channel kind; empty for the guild as a whole.
  channel_id channel;  ///< 0 for the guild as a whole.
  uint64_t bit = 0;    ///< One bit; 0 for channel_gone and channel_not_set.
  gap_cause cause = gap_cause::not_granted;
  role_id culprit;
};

/// All gaps of one feature, in order of its needs, each channel and bit once. A channel kind that
/// is not set is a gap too; no tracked voice channel is none. Bits count as Discord stores them:
/// what a missing View Channel takes along is not listed.
std::vector<permission_gap> permission_gaps(const std::string& feature,
                                            const std::vector<permission_need>& needs,
                                            const guild_snapshot& guild,
                                            const guild_settings& settings);

/// The bot's own role (managed, made by Discord when it was invited), else its highest, else
/// nullptr: where its permissions are edited.
const role_facts* bot_role(const guild_snapshot& guild);

/// "permission.send_messages": the locale key of a bit's name as Discord's settings show it.
std::string permission_key(uint64_t bit);

/// The first channel in which the bot may view, write and show embeds: the system channel, else
/// text channels in their order, else announcement channels. 0 when there is none.
channel_id first_writable(const guild_snapshot& guild);

} // namespace hearth
