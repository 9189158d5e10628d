#pragma once
// One voice session with a voice server of Discord's: its websocket over resumes, IP discovery, the
// UDP transport's key, DAVE. Sound itself passes by: the pacer sends it on the session's line.
#include "actors/voice/voice_engine.hpp"
#include "actors/voice/voice_parts.hpp"

namespace hearth {

/// Spawned by a guild's voice actor, once for each place; connects at once. Lives until it has told
/// `lost` or `ended`. @param engine Must outlive it.
voice_link_actor spawn_voice_link(caf::actor_system& system, voice_engine& engine,
                                  link_order order);

} // namespace hearth
