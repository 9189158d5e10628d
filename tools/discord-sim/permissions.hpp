#pragma once
// Permissions as Discord computes them (discord-api 5 and 15.13).
#include "discord-sim/world.hpp"

namespace sim {

/// Bit of a name of Discord's documentation, such as "VIEW_CHANNEL"; 0 for an unknown one.
std::uint64_t permission_by_name(std::string_view name);

/// Guild-level permissions: owner all; @everyone | roles; ADMINISTRATOR = all. 0 for non-members.
std::uint64_t guild_permissions(const guild& g, snowflake user);

/// Raw value in a channel: overwrites applied, before the implicit drops. Threads use the parent's.
/// This is what member.permissions, app_permissions and channel.permissions carry.
std::uint64_t channel_permissions(world& w, const channel& c, snowflake user);

/// What a user may really do in a channel: raw value, then the implicit drops of 15.13 (time-out,
/// VIEW_CHANNEL, SEND_MESSAGES, CONNECT). In a DM: everything that makes sense there for
/// recipients, 0 for others.
std::uint64_t effective_permissions(world& w, const channel& c, snowflake user, unix_ms now);

/// Guild-level rights after a time-out's drop.
std::uint64_t effective_guild_permissions(const guild& g, snowflake user, unix_ms now);

/// Position of the highest role; a pair so that equal positions sort by id (lower id is higher).
struct rank {
  int position = 0;
  snowflake role = 0;
};
/// True when `a` is strictly higher.
bool higher(const rank& a, const rank& b);
rank top_role(const guild& g, snowflake user);
/// The owner outranks all; else strictly higher top role (15.3: also for administrators).
bool outranks(const guild& g, snowflake actor, snowflake target);

} // namespace sim
