#pragma once
// Speech as it is heard over the layers: as loud whatever engine made it. Pure.
#include "infra/sound/wav.hpp"

namespace hearth::sound {

/// At 48 kHz, without the silence around it, its spoken parts at -20 dB (mean square), no peak
/// above peak_max, its ends without a click. Empty when nothing is heard in it.
std::vector<float> level_speech(const mono_sound& raw);

} // namespace hearth::sound
