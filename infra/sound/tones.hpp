#pragma once
// Struck and swelling tones of a few partials each: bells, music boxes, pads. Pure.
#include "infra/sound/filters.hpp"
#include "infra/sound/part.hpp"

namespace hearth::sound {

constexpr size_t partial_count = 4;

/// What a tone is made of.
struct timbre {
  std::array<float, partial_count> ratio{1, 2, 3, 4}; ///< To the pitch.
  std::array<float, partial_count> level{1, 0.4F, 0.2F, 0.1F};
  std::array<float, partial_count> length{1, 0.7F, 0.5F, 0.4F}; ///< To the tone's decay.
};

namespace timbres {
extern const timbre glass; ///< Small bell, as of a wind chime.
extern const timbre bowl;  ///< Singing bowl.
extern const timbre music_box;
extern const timbre warm; ///< Soft organ, for pads.
extern const timbre keys; ///< Electric piano.
extern const timbre hoot; ///< Nearly a sine: owls.
} // namespace timbres

struct tone {
  float hz = 440;
  float gain = 0.1F;
  float position = 0; ///< -1 left to 1 right.
  float attack_s = 0.004F;
  float decay_s = 1; ///< To fall to a third.
};

/// Plays up to 40 tones at once; further ones are dropped.
class tone_bank {
public:
  /// @param start Sample of the coming frame, below frame_samples.
  void strike(const tone& one, const timbre& of, size_t start);
  /// Adds the next 20 ms.
  void add(split_frame& out);
  size_t sounding() const { return count_; }

private:
  static constexpr size_t tones_max = 40;
  /// Four samples that follow each other.
  using four = float __attribute__((vector_size(16), may_alias));
  struct voice {
    four re[partial_count], im[partial_count];
    std::array<float, partial_count> turn_re, turn_im; ///< Four samples further.
    four rise;                                         ///< What is missing of the attack.
    float rise_turn;
    float left, right;
    size_t start;
    size_t rest; ///< Samples that it still has.
  };
  std::array<voice, tones_max> voices_{};
  size_t count_ = 0;
};

/// Pitch of a key: 69 is 440 Hz, a step is a semitone.
float hz_of_key(float key);

} // namespace hearth::sound
