#include "discord-sim/opus_voice.hpp"
#include <array>
#include <opus.h>
#include <stdexcept>

namespace sim {

namespace {

constexpr int channels = 2;
constexpr int frame_max = 5760; // 120 ms, the longest packet of Opus
constexpr int packet_bytes_max = 1275;

} // namespace

struct opus_ear::impl {
  std::unique_ptr<OpusDecoder, void (*)(OpusDecoder*)> decoder{nullptr, opus_decoder_destroy};
};

opus_ear::opus_ear() : impl_(std::make_unique<impl>()) {
  int error = OPUS_OK;
  impl_->decoder.reset(opus_decoder_create(voice_rate, channels, &error));
  if (error != OPUS_OK)
    throw std::runtime_error(opus_strerror(error));
}
opus_ear::~opus_ear() = default;
opus_ear::opus_ear(opus_ear&&) noexcept = default;

std::optional<voice_pcm> opus_ear::decode(std::string_view frame) {
  voice_pcm pcm(static_cast<std::size_t>(frame_max) * channels);
  const int samples =
      opus_decode(impl_->decoder.get(), reinterpret_cast<const unsigned char*>(frame.data()),
                  static_cast<opus_int32>(frame.size()), pcm.data(), frame_max, 0);
  if (frame.empty() || samples < 0)
    return std::nullopt;
  pcm.resize(static_cast<std::size_t>(samples) * channels);
  return pcm;
}

struct opus_mouth::impl {
  std::unique_ptr<OpusEncoder, void (*)(OpusEncoder*)> encoder{nullptr, opus_encoder_destroy};
};

opus_mouth::opus_mouth() : impl_(std::make_unique<impl>()) {
  int error = OPUS_OK;
  impl_->encoder.reset(opus_encoder_create(voice_rate, channels, OPUS_APPLICATION_AUDIO, &error));
  if (error != OPUS_OK)
    throw std::runtime_error(opus_strerror(error));
}
opus_mouth::~opus_mouth() = default;
opus_mouth::opus_mouth(opus_mouth&&) noexcept = default;

std::string opus_mouth::encode(const voice_pcm& pcm) {
  std::array<unsigned char, packet_bytes_max> packet{};
  const auto size =
      opus_encode(impl_->encoder.get(), pcm.data(), voice_frame, packet.data(), packet_bytes_max);
  return {reinterpret_cast<const char*>(packet.data()),
          static_cast<std::size_t>(size > 0 ? size : 0)};
}

} // namespace sim
