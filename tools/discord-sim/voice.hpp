#pragma once
// Joining, moving in and leaving voice: one place for op 4, the control interface and the page.
#include "discord-sim/core.hpp"

namespace sim {

struct voice_wish {
  snowflake channel = 0; ///< 0: leave
  bool self_mute = false;
  bool self_deaf = false;
  bool self_video = false;
  bool self_stream = false;
};

/// A member joins, moves, changes mute/deaf or leaves. Checks permissions, the user limit and the
/// channel's type as op 4 does (discord-api 6): refused silently, returns false. Dispatches
/// VOICE_STATE_UPDATE, and VOICE_SERVER_UPDATE to a bot that joined or moved.
bool change_voice(core& c, snowflake guild, snowflake user, const voice_wish& wish);

/// Sends the present state of a user in a guild to everybody (after server mute, move, suppress).
void dispatch_voice_state(core& c, snowflake guild, const voice_state& state);

/// VOICE_SERVER_UPDATE for a bot in voice: another ticket, whatever it had (discord-api 6, 1.14).
void dispatch_voice_server(core& c, const voice_state& state);

/// Moves or disconnects (channel 0) a member without asking for rights.
void move_voice(core& c, snowflake guild, snowflake user, snowflake channel);

/// Sets a user's presence and dispatches PRESENCE_UPDATE in each guild (1.13). Repeated values are
/// dispatched too.
void set_presence(core& c, snowflake user, presence value);

} // namespace sim
