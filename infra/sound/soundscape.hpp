#pragma once
// The sound of an entry of the catalog. Pure.
#include "infra/sound/catalog.hpp"
#include "infra/sound/frame.hpp"
#include <memory>

namespace hearth::sound {

/// Endless, at -23 LUFS, no sample above peak_max; the same seed gives the same sound.
std::unique_ptr<source> make_soundscape(const scene& which, uint64_t seed);

/// Leaves room for what resampling and Opus add: true peaks stay below -2 dB.
constexpr float peak_max = 0.72F;
/// Bends what is louder than `knee` so that nothing is louder than peak_max; leaves the rest alone.
float bend_peak(float x);

} // namespace hearth::sound
