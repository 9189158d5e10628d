#pragma once
// Looking at a guild's voice from outside, for hearthctl.
#include "messages/voice.hpp"

namespace hearth {

/// Asks the hub for a guild's voice as it is: makes none and changes no owner.
struct find_voice {
  guild_id guild;
};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::find_voice)

namespace hearth {

/// The hub as the inspector sees it.
/// @errors not_found: nothing has played in that guild since the start
using voice_finder_actor = caf::typed_actor<caf::replies_to<find_voice>::with<voice_channel_actor>>;

} // namespace hearth
