#pragma once
// What one voice channel is sent, frame by frame.
#include "infra/sound/mixer.hpp"
#include "infra/sound/shared_stream_encoder.hpp"

namespace hearth::sound {

/// Mixes and encodes for one channel. While all that is heard is one sound as it is (mixer::plain),
/// the frames are those of its shared stream; otherwise they come from an encoder of its own.
/// Nobody hears the change: the own encoder first takes in what the stream has just played and
/// begins with an independent frame; the way back is taken at the stream's next independent frame.
/// For one thread.
class channel_encoder {
public:
  explicit channel_encoder(const opus_options& options, ducking how = {})
      : mixer_(how), options_(options), shared_options_(options) {}

  /// Layers, volumes, speech. Layers that may be shared come from stream_hub::open.
  mixer& sound() { return mixer_; }
  const mixer& sound() const { return mixer_; }
  /// From now on. @param shared_complexity Of shared streams: many share its cost too.
  void set(const opus_options& options, int shared_complexity);
  const opus_options& options() const { return options_; }

  /// The next 20 ms; null: silence, nothing is to be sent.
  opus_frame_ptr next();
  /// Whether the last frame was a shared one.
  bool shared() const { return reader_ != nullptr; }

private:
  opus_frame_ptr own_frame();

  mixer mixer_;
  opus_options options_;        ///< Of our own encoder ...
  opus_options shared_options_; ///< ... and of the stream that we play from instead.
  std::unique_ptr<opus_stream_encoder> own_;
  std::shared_ptr<stream_reader> reader_; ///< While frames are shared.
  size_t plain_frames_ = 0;               ///< Own frames that were the shared sound already.
};

} // namespace hearth::sound
