#pragma once
// JSON objects of the world as Discord sends them (discord-api 9, 15.7-15.9).
#include "discord-sim/world.hpp"

namespace sim {

json user_json(const user& u);
/// READY's and /users/@me's object: with verified, mfa_enabled, email, flags.
json self_user_json(const user& u);
json role_json(const role& r);
json emoji_json(const emoji& e);
json overwrite_json(const overwrite& o);
/// A guild channel with guild_id, or a DM as `viewer` gets it (recipients without the viewer).
json channel_json(world& w, const channel& c, snowflake viewer = 0);
/// M of 15.8: nick, avatar, banner, roles, joined_at, premium_since, deaf, mute, flags, pending,
/// communication_disabled_until; without user.
json bare_member_json(const member& m);
/// M + user.
json member_json(world& w, const member& m);
/// Without guild_id: as in GUILD_CREATE. VOICE_STATE_UPDATE adds guild_id and member.
json voice_state_json(const voice_state& v);
/// `user` has only the id.
json presence_json(snowflake user, const presence& p);
/// REST guild object.
json guild_json(world& w, const guild& g);
/// The guild's threads that `viewer` sees.
json threads_json(world& w, const guild& g, snowflake viewer);
/// GUILD_CREATE's d for the bot `viewer`; `large_threshold` 50-250 and `presences` say how many
/// members and presences (1.10).
json guild_create_json(world& w, const guild& g, snowflake viewer, bool presences,
                       std::size_t large_threshold);
/// Reactions array of a message as `viewer` gets it (`me`).
json reactions_json(const message& m, snowflake viewer);
/// application object of READY: id, flags, flags_new (15.7).
json ready_application_json(const application& a);
/// application object of GET /applications/@me.
json application_json(world& w, const application& a);

} // namespace sim
