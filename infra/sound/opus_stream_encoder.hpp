#pragma once
// Opus by libopus.
#include "infra/sound/frame.hpp"
#include <memory>
#include <vector>

namespace hearth::sound {

/// One encoded 20 ms; never changes once made, and may be sent to many.
using opus_frame = std::vector<uint8_t>;
using opus_frame_ptr = std::shared_ptr<const opus_frame>;

constexpr size_t opus_frame_max = 1'275; ///< Bytes. Source: RFC 6716 3.4.
constexpr int opus_bitrate_min = 16'000, opus_bitrate_max = 256'000;

struct opus_options {
  int bitrate =
      64'000; ///< Bits a second, opus_bitrate_min to opus_bitrate_max; others are brought there.
  int complexity = 5; ///< 0 cheapest to 10 best.
  bool operator==(const opus_options&) const = default;
};

/// Encodes one stream, stereo, in CELT mode only: it has no speech model whose state would have to
/// fit when a listener is handed over from one encoder to another. For one thread at a time.
class opus_stream_encoder {
public:
  /// Throws std::runtime_error when libopus cannot (memory).
  explicit opus_stream_encoder(const opus_options& options);
  ~opus_stream_encoder();

  void set(const opus_options& options);
  const opus_options& options() const { return options_; }
  /// @param independent Predicted from nothing before it: where a listener may come in.
  opus_frame encode(const frame& sound, bool independent = false);
  /// Takes sound in without giving it out, so that the next frame continues it without a seam.
  void prime(const frame& sound);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
  opus_options options_;
};

} // namespace hearth::sound
