#pragma once
// Fingerprints of two members, computed where nobody waits: one takes 100 ms.
#include "actors/voice/voice_parts.hpp"
#include <caf/actor_system.hpp>

namespace hearth {

using voice_codes_actor = caf::typed_actor<caf::replies_to<parties_ptr>::with<fingerprint_answer>>;

/// On a thread of its own; for one question, after which it ends.
voice_codes_actor spawn_voice_codes(caf::actor_system& system);

} // namespace hearth
