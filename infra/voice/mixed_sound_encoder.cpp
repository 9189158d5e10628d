#include "infra/voice/mixed_sound_encoder.hpp"
#include "infra/sound/soundscape.hpp"
#include <algorithm>
#include <array>
#include <utility>

namespace hearth::voice {
namespace {

static_assert(voice_layers_max == sound::layers_max); // what members may mix is what is mixed

constexpr auto bitrates = std::array{32'000, 64'000, 96'000, 128'000}; // few: each is an encoding
// By sound_quality. At 64 kbit/s, 5 lies within 0.8 dB of 9 in noise over masking threshold (stars;
// 0.3 dB for rain, fire and music) for three quarters of the CPU; 10 is no better than 9.
constexpr auto own_complexities = std::array{5, 3, 1};
constexpr auto shared_complexities = std::array{9, 5, 1}; // once for all who listen

float gain_of(int32_t percent) { return static_cast<float>(percent) / 100; }
float seconds_of(int32_t ms) { return static_cast<float>(ms) / 1'000; }

/// The same name sounds the same everywhere, so that all channels can share it.
uint64_t seed_of(const std::string& name) {
  auto seed = uint64_t{0xcbf29ce484222325}; // FNV-1a
  for (const auto ch : name)
    seed = (seed ^ static_cast<uint8_t>(ch)) * 0x100000001b3;
  return seed;
}

class mixed_sound final : public channel_sound {
public:
  explicit mixed_sound(sound_library& library) : library_(library) { apply_options(); }

  std::optional<std::string> set_layers(const std::vector<voice_layer>& layers,
                                        int32_t fade_ms) override {
    for (const auto& layer : layers)
      if (!sound::parse_scene(layer.sound) && !(library_.knows && library_.knows(layer.sound)))
        return layer.sound;
    layers_ = layers;
    apply_layers(seconds_of(fade_ms));
    return std::nullopt;
  }
  void set_volume(int32_t percent) override {
    volume_ = percent;
    apply_volume();
  }
  void set_paused(bool paused) override { mix().pause(paused); }
  void set_bitrate(int32_t bits_per_second) override {
    options_.bitrate = bitrates.front();
    for (const auto each : bitrates)
      if (each <= bits_per_second)
        options_.bitrate = each;
    apply_options();
  }
  void set_quality(sound_quality quality) override {
    if (std::exchange(quality_, quality) == quality)
      return;
    apply_options();
    apply_volume();
    apply_layers(1);
  }
  bool play_once(const std::string& sound, int32_t volume) override {
    const auto clip = sound::find_clip(sound);
    return clip && mix().play_once(clip, gain_of(volume));
  }
  void say(sound::clip_ptr speech) override { mix().say(std::move(speech)); }
  void hush() override { mix().hush(); }

  bool audible() const override { return !encoder_.sound().silent(); }
  bool saying() const override { return encoder_.sound().speaking(); }
  frame_ptr render() override {
    auto frame = encoder_.next();
    encoder_.sound().take_finished(); // the channel counts by itself
    return frame;
  }
  bool shared() const override { return encoder_.shared(); }
  std::vector<sound_failed> take_failures() override { return std::exchange(failures_, {}); }

private:
  sound::mixer& mix() { return encoder_.sound(); }

  void apply_options() {
    const auto quality = static_cast<size_t>(quality_);
    options_.complexity = own_complexities.at(quality);
    encoder_.set(options_, shared_complexities.at(quality));
  }

  /// What is shared sounds as it is.
  void apply_volume() {
    mix().set_master(quality_ == sound_quality::shared ? 1 : gain_of(volume_));
  }

  /// Brings what the mixer plays to what is wished, as far as the quality allows.
  void apply_layers(float seconds) {
    auto wished = layers_;
    if (quality_ == sound_quality::shared && !wished.empty()) {
      wished.resize(1);
      wished.front().volume = 100;
    }
    for (const auto& name : mix().names())
      if (std::none_of(wished.begin(), wished.end(),
                       [&](const voice_layer& layer) { return layer.sound == name; }))
        mix().stop(name, seconds);
    for (const auto& layer : wished) {
      if (mix().plays(layer.sound)) {
        mix().set_volume(layer.sound, gain_of(layer.volume), std::min(seconds, 1.0F));
        continue;
      }
      auto from = std::shared_ptr<sound::source>{};
      auto why = std::string{"it cannot be opened"};
      if (!mix().sounds(layer.sound))
        from = library_.streams.open(layer.sound, [&] { return make(layer.sound, why); });
      if (from || mix().sounds(layer.sound))
        mix().play(layer.sound, std::move(from), gain_of(layer.volume), seconds);
      else
        failures_.push_back({layer.sound, why});
    }
  }
  std::unique_ptr<sound::source> make(const std::string& name, std::string& why) {
    if (const auto scene = sound::parse_scene(name))
      return sound::make_soundscape(*scene, seed_of(name));
    return library_.open ? library_.open(name, why) : nullptr;
  }

  sound_library& library_;
  sound::opus_options options_;
  sound::channel_encoder encoder_{options_};
  sound_quality quality_ = sound_quality::full;
  std::vector<voice_layer> layers_; ///< As wished.
  int32_t volume_ = 100;            ///< As wished.
  std::vector<sound_failed> failures_;
};

} // namespace

std::unique_ptr<channel_sound> make_mixed_sound(sound_library& library) {
  return std::make_unique<mixed_sound>(library);
}

} // namespace hearth::voice
