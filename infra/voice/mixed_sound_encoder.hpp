#pragma once
// A channel's sound by infra/sound: layers of soundscapes and files, speech, an encoder of its own
// or a shared stream.
#include "infra/sound/channel_encoder.hpp"
#include "infra/voice/channel_sound.hpp"
#include <functional>

namespace hearth::voice {

/// What all channels play from; must outlive them.
struct sound_library {
  sound::stream_hub streams;
  /// An endless source by name, or null and why not. For names that are not in the catalog.
  std::function<std::unique_ptr<sound::source>(const std::string& name, std::string& why)> open;
  /// Whether `open` knows the name; empty: it knows none.
  std::function<bool(const std::string& name)> knows;
};

std::unique_ptr<channel_sound> make_mixed_sound(sound_library& library);

} // namespace hearth::voice
