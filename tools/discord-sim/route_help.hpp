#pragma once
// What most REST handlers begin with: the resource, then access (discord-api 15.3).
#include "discord-sim/core.hpp"
#include "discord-sim/permissions.hpp"

namespace sim {

/// The guild of `{guild}`: 10004 when there is none, 50001 when the bot is no member.
guild& guild_of(rest_call& call);
/// The channel of `{channel}`: 10003 when there is none, 50001 without VIEW_CHANNEL.
channel& channel_of(rest_call& call);
/// The guild of a channel: 50024 for a DM.
guild& guild_with(rest_call& call, const channel& c);
/// The member of `{guild}` and `{user}`: 10013 for an unknown user, 10007 for no member.
member& member_of(rest_call& call, guild& g);
/// The role of `{role}`: 10011.
role& role_of(rest_call& call, guild& g);

/// 50001 without VIEW_CHANNEL.
void require_view(rest_call& call, const channel& c);
/// 50013 unless the bot has all of `bits` in the guild.
void require(rest_call& call, const guild& g, std::uint64_t bits);
/// 50013 unless the bot has all of `bits` in the channel, after the implicit drops.
void require(rest_call& call, const channel& c, std::uint64_t bits);

/// Dispatches CHANNEL_CREATE, CHANNEL_UPDATE or CHANNEL_DELETE.
void dispatch_channel(core& c, std::string_view type, const channel& value);
/// Dispatches GUILD_MEMBER_UPDATE (15.8: M + user + guild_id).
void dispatch_member(core& c, const guild& g, const member& m);
/// Dispatches GUILD_ROLE_CREATE or GUILD_ROLE_UPDATE.
void dispatch_role(core& c, std::string_view type, const guild& g, const role& r);
/// Dispatches GUILD_UPDATE.
void dispatch_guild(core& c, const guild& g);

/// Writes an audit log entry of the calling bot (actor, X-Audit-Log-Reason) and dispatches
/// GUILD_AUDIT_LOG_ENTRY_CREATE. `extra` may hold changes and options.
void audit(rest_call& call, guild& g, int action, snowflake target, json extra = json::object());

/// A user becomes a member: GUILD_MEMBER_ADD for others, GUILD_CREATE for a bot. False when the
/// user is unknown or a member already.
bool join_guild(core& c, guild& g, snowflake user, std::vector<snowflake> roles = {});
/// Leaves, is kicked or banned: out of voice, GUILD_MEMBER_REMOVE, GUILD_DELETE for a bot.
bool leave_guild(core& c, guild& g, snowflake user);
/// Removes a channel with its voice states and dispatches CHANNEL_DELETE.
void delete_channel(core& c, snowflake channel);

} // namespace sim
