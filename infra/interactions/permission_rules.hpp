#pragma once
// Who may use a command. Pure.
#include "infra/interactions/command_table.hpp"
#include "messages/interactions.hpp"
#include <string_view>
#include <vector>

namespace hearth {

/// What the guild's actor knows about the one who asks and the guild.
struct caller_facts {
  user_id owner;                        ///< Of the guild.
  role_id mod_role;                     ///< The guild's Mod role; 0 when none is set.
  channel_id voice;                     ///< Where the member is connected; 0 = not in voice.
  std::vector<user_id> bot_owners = {}; ///< Owners of the application.
};

/// Permission bits used here. Source: discord-api 5.
constexpr uint64_t permission_administrator = 1ULL << 3;
constexpr uint64_t permission_manage_guild = 1ULL << 5;

/// Empty when `member` is at least `who`, else the locale key of a friendly sentence:
/// "refused.in_voice", "refused.moderator", "refused.administrator" or "refused.owner".
std::string_view refusal(allowed who, const member_facts& member, const caller_facts& facts);

/// The same for a command interaction (its subcommand counts).
std::string_view may_use(const command_spec& command, const interaction& asked,
                         const caller_facts& facts);

} // namespace hearth
