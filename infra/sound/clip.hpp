#pragma once
// Sounds that end: what is said, a bell. Pure.
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace hearth::sound {

constexpr size_t clip_samples_max = 48'000 * 60; ///< One minute.

/// 48 kHz, one channel, full scale is 1; never changes once made and may be heard in many places.
struct clip {
  std::vector<float> samples;
};
using clip_ptr = std::shared_ptr<const clip>;

/// A soft bell, as for the end of a round of work; 3.5 s.
clip_ptr soft_bell();

/// "bell"; null for anything else.
clip_ptr find_clip(std::string_view name);

} // namespace hearth::sound
