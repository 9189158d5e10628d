#include "infra/sound/opus_stream_encoder.hpp"
#include <algorithm>
#include <array>
#include <opus/opus.h>
#include <stdexcept>
#include <string>

namespace hearth::sound {

struct opus_stream_encoder::impl {
  struct destroy {
    void operator()(OpusEncoder* one) const { opus_encoder_destroy(one); }
  };
  std::unique_ptr<OpusEncoder, destroy> encoder;
};

opus_stream_encoder::opus_stream_encoder(const opus_options& options)
    : impl_(std::make_unique<impl>()), options_(options) {
  auto error = OPUS_OK;
  impl_->encoder.reset(opus_encoder_create(static_cast<opus_int32>(sample_rate),
                                           static_cast<int>(channel_count),
                                           OPUS_APPLICATION_RESTRICTED_LOWDELAY, &error));
  if (error != OPUS_OK)
    throw std::runtime_error(std::string("no Opus encoder: ") + opus_strerror(error));
  // All encoders say "stereo" in every frame, whatever is in it.
  opus_encoder_ctl(impl_->encoder.get(), OPUS_SET_FORCE_CHANNELS(static_cast<int>(channel_count)));
  set(options);
}

opus_stream_encoder::~opus_stream_encoder() = default;

void opus_stream_encoder::set(const opus_options& options) {
  options_ = {std::clamp(options.bitrate, opus_bitrate_min, opus_bitrate_max),
              std::clamp(options.complexity, 0, 10)};
  opus_encoder_ctl(impl_->encoder.get(), OPUS_SET_BITRATE(options_.bitrate));
  opus_encoder_ctl(impl_->encoder.get(), OPUS_SET_COMPLEXITY(options_.complexity));
}

opus_frame opus_stream_encoder::encode(const frame& sound, bool independent) {
  opus_encoder_ctl(impl_->encoder.get(), OPUS_SET_PREDICTION_DISABLED(independent ? 1 : 0));
  auto buffer = std::array<uint8_t, opus_frame_max>{};
  const auto size =
      opus_encode_float(impl_->encoder.get(), sound.data(), static_cast<int>(frame_samples),
                        buffer.data(), static_cast<opus_int32>(buffer.size()));
  if (size < 0)
    throw std::runtime_error(std::string("Opus failed: ") + opus_strerror(size));
  return {buffer.begin(), buffer.begin() + size};
}

void opus_stream_encoder::prime(const frame& sound) { encode(sound); }

} // namespace hearth::sound
