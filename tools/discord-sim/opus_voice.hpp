#pragma once
// Opus as voice uses it: 48 kHz, stereo, 20 ms frames, over libopus.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

inline constexpr int voice_rate = 48000;
inline constexpr int voice_frame = 960; ///< samples of each channel in 20 ms

/// Interleaved stereo samples.
using voice_pcm = std::vector<std::int16_t>;

class opus_ear {
public:
  opus_ear();
  ~opus_ear();
  opus_ear(opus_ear&&) noexcept;
  /// Nothing when the frame is no Opus.
  std::optional<voice_pcm> decode(std::string_view frame);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

class opus_mouth {
public:
  opus_mouth();
  ~opus_mouth();
  opus_mouth(opus_mouth&&) noexcept;
  /// One frame of voice_frame stereo samples.
  std::string encode(const voice_pcm& pcm);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace sim
