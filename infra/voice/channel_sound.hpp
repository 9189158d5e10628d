#pragma once
// What one channel is to hear, frame by frame, as its voice actor asks for it. The sound itself is
// infra/sound's business. Pure.
#include "infra/sound/clip.hpp"
#include "infra/voice/frame_ring.hpp"
#include "messages/voice.hpp"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hearth::voice {

/// How much CPU sound may cost.
enum class sound_quality : uint8_t {
  full,
  reduced, ///< Encoders work less hard.
  shared,  ///< No mix of one's own: the first layer alone, from a stream for all.
};
constexpr std::string_view to_string(sound_quality quality) noexcept {
  return quality == sound_quality::full      ? "full"
         : quality == sound_quality::reduced ? "reduced"
                                             : "shared";
}

/// One channel's sound. For one thread at a time.
class channel_sound {
public:
  channel_sound() = default;
  channel_sound(const channel_sound&) = delete;
  channel_sound& operator=(const channel_sound&) = delete;
  virtual ~channel_sound() = default;

  /// The whole list. @return The first sound that there is not, and then nothing has changed.
  virtual std::optional<std::string> set_layers(const std::vector<voice_layer>& layers,
                                                int32_t fade_ms) = 0;
  virtual void set_volume(int32_t percent) = 0;
  virtual void set_paused(bool paused) = 0;
  virtual void set_bitrate(int32_t bits_per_second) = 0;
  virtual void set_quality(sound_quality quality) = 0;
  /// @return False when there is no such sound.
  virtual bool play_once(const std::string& sound, int32_t volume) = 0;
  /// Begins at once; ducks the layers meanwhile.
  virtual void say(sound::clip_ptr speech) = 0;
  /// Ends what is being said.
  virtual void hush() = 0;

  /// Whether there is something to hear: layers, a fade, speech.
  virtual bool audible() const = 0;
  /// Whether something is being said.
  virtual bool saying() const = 0;
  /// The next 20 ms. Null when nothing is audible.
  virtual frame_ptr render() = 0;
  /// Whether the last frame was one that is encoded once for all channels.
  virtual bool shared() const = 0;
  /// Layers that had to be left out since the last call.
  virtual std::vector<sound_failed> take_failures() = 0;
};

} // namespace hearth::voice
