#pragma once
// Turns texts into sound for all guilds.
#include "actors/voice/voice_parts.hpp"
#include "infra/sound/speech_thread.hpp"
#include <caf/actor_system.hpp>

namespace hearth {

/// INTERNAL: the engine is done with a text.
struct speech_done {
  uint64_t number = 0;
  sound::clip_ptr sound; ///< Null: it failed.
  std::string why;
};

/// INTERNAL: end when that one has ended.
struct end_with {
  caf::actor_addr whom;
};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::speech_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::end_with)

namespace hearth {

/// Spawned by the service of voice, one for the process. Nothing survives its restart: who waited
/// is told that it failed.
using voice_speech_actor =
    speech_actor::extend<caf::reacts_to<speech_done>, caf::reacts_to<end_with>>;

/// Lives until it is told otherwise by `end_with`. @param engine Must outlive the actor.
voice_speech_actor spawn_voice_speech(caf::actor_system& system, sound::speech& engine);

} // namespace hearth
