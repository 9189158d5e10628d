#pragma once
// The unit of all sound: 20 ms, 48 kHz, stereo. Pure.
#include <array>
#include <cstddef>
#include <cstdint>

namespace hearth::sound {

constexpr size_t sample_rate = 48'000;
constexpr size_t channel_count = 2;
constexpr size_t frame_samples = 960; ///< Per channel: 20 ms.
constexpr size_t frames_per_second = sample_rate / frame_samples;

/// Left and right by turns, full scale is 1.
using frame = std::array<float, frame_samples * channel_count>;

/// The same with a run for each ear, in which the generators add up their parts.
struct split_frame {
  alignas(16) std::array<float, frame_samples> left{};
  alignas(16) std::array<float, frame_samples> right{};
};

/// Something that sounds without end.
class source {
public:
  source() = default;
  source(const source&) = delete;
  source& operator=(const source&) = delete;
  virtual ~source() = default;

  /// The next 20 ms; overwrites `out`.
  virtual void render(frame& out) = 0;
};

} // namespace hearth::sound
