#pragma once
// What one voice channel hears: layers, and speech over them. Pure; for one thread.
#include "infra/sound/clip.hpp"
#include "infra/sound/fade.hpp"
#include "infra/sound/limiter.hpp"
#include <deque>
#include <string>
#include <utility>

namespace hearth::sound {

constexpr size_t layers_max = 6; ///< At once, those that fade out not counted.
constexpr size_t clips_waiting_max = 8;

/// How layers make room for speech.
struct ducking {
  float depth_db = -14;
  float attack_s = 0.18F;
  float recovery_s = 0.8F;
};

class mixer {
public:
  explicit mixer(ducking how = {}) : ducking_(how) {}

  // Layers. A name is the sound's own, as in the catalog: each is heard once.
  /// Fades a layer in, out of nothing or out of its own fading out.
  /// @param from Used only when the layer is not there yet. @return False: there are layers_max.
  bool play(std::string_view name, std::shared_ptr<source> from, float volume, float seconds);
  /// Whether it plays and does not fade out.
  bool plays(std::string_view name) const;
  /// Whether `play` would need no new source: it plays or still fades out.
  bool sounds(std::string_view name) const;
  void set_volume(std::string_view name, float volume, float seconds);
  void stop(std::string_view name, float seconds);
  void stop_all(float seconds);
  std::vector<std::string> names() const; ///< Of those that play.

  void set_master(float volume, float seconds = 0.25F) { master_.steer(volume, seconds); }
  float master() const { return master_.target(); }
  /// Fades to silence and back; what is paused stands still. Speech is heard all the same.
  void pause(bool paused, float seconds = 0.4F) { running_.steer(paused ? 0 : 1, seconds); }
  bool paused() const { return running_.target() == 0; }

  /// Says something once the layers have made room and what waits has been said.
  /// @return A number for take_finished; 0: clips_waiting_max wait already.
  uint64_t say(clip_ptr words, float gain = 1);
  /// Plays something at once, over everything. @return False: too many at once.
  bool play_once(clip_ptr sound, float gain = 1);
  /// Fades away what is being said and forgets what waits.
  void hush();
  bool speaking() const { return !waiting_.empty() || (voice_.has_value() && !voice_->leaving); }
  /// Numbers of what has been said, or hushed, since the last call.
  std::vector<uint64_t> take_finished() { return std::exchange(finished_, {}); }

  /// Nothing is heard and nothing is about to be: no frame needs to be sent.
  bool silent() const;
  /// The only layer when all that is heard is that layer as it is: no fade, no other volume than 1,
  /// nothing over it.
  std::shared_ptr<source> plain() const;
  /// The next 20 ms.
  void render(frame& out);

private:
  struct layer {
    std::string name;
    std::shared_ptr<source> from;
    fade gain;
    bool leaving = false;
  };
  struct spoken {
    clip_ptr what;
    float gain = 1;
    uint64_t number = 0;
    size_t at = 0; ///< Samples.
    bool leaving = false;
  };
  layer* find(std::string_view name);
  const layer* find(std::string_view name) const;
  void add_layers(frame& out);
  void duck();
  bool add_clip(spoken& one, frame& out) const;

  ducking ducking_;
  std::vector<layer> layers_;
  fade master_{1}, running_{1};
  float duck_db_ = 0, duck_gain_ = 1; ///< duck_gain_: at the end of the last frame.
  std::deque<spoken> waiting_;
  std::optional<spoken> voice_;
  std::vector<spoken> once_;
  std::vector<uint64_t> finished_;
  uint64_t last_number_ = 0;
  limiter limiter_;
};

} // namespace hearth::sound
