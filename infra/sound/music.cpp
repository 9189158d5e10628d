// Slow music that writes itself: chords that follow each other as chords do, and a few notes above.
#include "infra/sound/noise_bed.hpp"
#include "infra/sound/reverb.hpp"
#include "infra/sound/tones.hpp"

namespace hearth::sound {
namespace {

constexpr size_t degree_count = 7;
using scale = std::array<int, degree_count>; ///< Semitones.
/// Weights of the chord that follows, by degree; a row per chord.
using habits = std::array<std::array<uint8_t, degree_count>, degree_count>;

constexpr auto ionian = scale{0, 2, 4, 5, 7, 9, 11};
constexpr auto lydian = scale{0, 2, 4, 6, 7, 9, 11};
constexpr auto dorian = scale{0, 2, 3, 5, 7, 9, 10};
constexpr auto aeolian = scale{0, 2, 3, 5, 7, 8, 10};

// I to IV, vi, iii, V; IV to I, ii, V; V to I, vi, IV; ii to V, IV; vi to IV, ii, iii; never vii.
constexpr auto major_habits = habits{{{0, 1, 2, 4, 2, 4, 0},
                                      {1, 0, 1, 2, 4, 1, 0},
                                      {0, 1, 0, 4, 0, 4, 0},
                                      {4, 2, 1, 0, 3, 1, 0},
                                      {4, 0, 1, 2, 0, 4, 0},
                                      {1, 2, 2, 4, 1, 0, 0},
                                      {4, 0, 0, 0, 0, 2, 0}}};
// i to VI, iv, III, VII; VII to i, III; VI to III, VII, iv; no diminished ii.
constexpr auto minor_habits = habits{{{0, 0, 3, 3, 1, 4, 3},
                                      {1, 0, 0, 0, 2, 0, 1},
                                      {2, 0, 0, 2, 0, 4, 3},
                                      {3, 0, 1, 0, 2, 2, 2},
                                      {3, 0, 0, 2, 0, 3, 0},
                                      {2, 0, 3, 2, 0, 0, 3},
                                      {4, 0, 3, 0, 0, 1, 0}}};

struct song_shape {
  float tonic = 57; ///< Key of the first degree.
  scale notes = ionian;
  const habits* follows = &major_habits;
  float chord_s = 10;
  const timbre* pad = &timbres::warm;
  float pad_gain = 0.05F, pad_attack_s = 1.3F, pad_decay_s = 2.4F;
  float bass = 0.8F; ///< To the pads.
  const timbre* lead = &timbres::glass;
  float lead_gain = 0.04F;
  float lead_key = 24; ///< Semitones above the tonic where the melody is at home.
  float beat_s = 1.2F;
  float lead_chance = 0.4F; ///< That a beat has a note.
  float lead_decay_s = 1.4F;
  bool broken = false; ///< The lead plays the chord's notes in order instead of a melody.
  float wet = 0.4F;
  room_shape room{1, 4.5F, 4'200};
};

class song final : public part {
public:
  song(const song_shape& shape, dice chance) : shape_(shape), chance_(chance), room_(shape.room) {
    choose_chord();
    for (auto& one : again_)
      one = chance_.between(0, 1.2F);
    next_chord_ = shape_.chord_s;
    next_beat_ = shape_.beat_s * 2;
  }

  void add(split_frame& out) override {
    constexpr auto step = 1 / static_cast<float>(frames_per_second);
    if ((next_chord_ -= step) <= 0) {
      next_chord_ += shape_.chord_s * (chance_.below(4) == 0 ? 1.5F : 1);
      choose_chord();
      for (auto& one : again_) // the new notes come one after the other
        one = std::min(one, chance_.between(0, 1));
    }
    for (auto i = size_t{0}; i < again_.size(); ++i)
      if ((again_[i] -= step) <= 0) {
        again_[i] += chance_.between(2.8F, 4.6F);
        swell(i);
      }
    if ((next_beat_ -= step) <= 0) {
      next_beat_ += shape_.beat_s;
      play();
    }
    auto dry = split_frame{};
    tones_.add(dry);
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      out.left[i] += dry.left[i];
      out.right[i] += dry.right[i];
    }
    room_.add(dry, out, shape_.wet);
  }

private:
  static constexpr size_t pad_notes = 5; ///< The bass and four above it.

  float key_of(int degree) const {
    const auto size = static_cast<int>(degree_count);
    const auto octave = degree >= 0 ? degree / size : -((size - 1 - degree) / size);
    return shape_.tonic +
           static_cast<float>(12 * octave +
                              shape_.notes[static_cast<size_t>(degree - size * octave)]);
  }

  void choose_chord() {
    const auto& row = (*shape_.follows)[chord_];
    auto total = uint32_t{0};
    for (const auto weight : row)
      total += weight;
    auto ticket = chance_.below(total);
    for (auto degree = uint32_t{0}; degree < degree_count; ++degree) {
      if (ticket < row[degree]) {
        chord_ = degree;
        break;
      }
      ticket -= row[degree];
    }
    // Bass below; root, third, fifth and seventh or ninth in the octave around the tonic, whichever
    // inversion keeps them there: so voices move little from chord to chord.
    const auto root = static_cast<int>(chord_);
    pad_keys_[0] = key_of(root) - (key_of(root) > shape_.tonic + 6 ? 24.0F : 12.0F);
    const auto top = chance_.below(2) == 0 ? 6 : 8;
    const auto steps = std::array{0, 2, 4, top};
    for (auto i = size_t{0}; i < steps.size(); ++i) {
      auto key = key_of(root + steps[i]);
      while (key > shape_.tonic + 13)
        key -= 12;
      pad_keys_[i + 1] = key;
    }
  }

  void swell(size_t which) {
    const auto key =
        pad_keys_[which] + chance_.between(-0.05F, 0.05F); // several together beat slowly
    const auto bass = which == 0;
    tones_.strike(
        {hz_of_key(key), shape_.pad_gain * (bass ? shape_.bass : 1) * chance_.between(0.75F, 1),
         bass ? 0 : chance_.between(-0.7F, 0.7F), shape_.pad_attack_s, shape_.pad_decay_s},
        *shape_.pad, chance_.below(frame_samples));
  }

  void play() {
    beat_ = (beat_ + 1) % 8;
    if (chance_.uniform() >= shape_.lead_chance * (beat_ % 2 == 0 ? 1.2F : 0.75F))
      return;
    auto key = 0.0F;
    if (shape_.broken) {
      constexpr auto order = std::array{1, 3, 2, 4, 3, 4, 2, 3};
      key = pad_keys_[static_cast<size_t>(order[beat_])] + shape_.lead_key -
            (beat_ == 0 ? 12.0F : 0.0F);
    } else {
      // By small steps, drawn home, landing on the chord on strong beats.
      walk_ += static_cast<int>(chance_.below(5)) - 2;
      walk_ = std::clamp(walk_, -4, 6);
      key = key_of(walk_) + shape_.lead_key;
      if (beat_ % 4 == 0)
        key = nearest_in_chord(key);
    }
    tones_.strike({hz_of_key(key), shape_.lead_gain * chance_.between(0.55F, 1),
                   chance_.between(-0.5F, 0.5F), 0.004F,
                   shape_.lead_decay_s * chance_.between(0.8F, 1.2F)},
                  *shape_.lead, chance_.below(frame_samples));
  }

  float nearest_in_chord(float key) const {
    auto best = key;
    auto away = 100.0F;
    for (auto i = size_t{1}; i < pad_notes; ++i)
      for (const auto octave : {12.0F, 24.0F, 36.0F})
        if (const auto distance = std::abs(pad_keys_[i] + octave - key); distance < away) {
          away = distance;
          best = pad_keys_[i] + octave;
        }
    return best;
  }

  song_shape shape_;
  dice chance_;
  tone_bank tones_;
  reverb room_;
  uint32_t chord_ = 0, beat_ = 0;
  int walk_ = 0;
  std::array<float, pad_notes> pad_keys_{};
  std::array<float, pad_notes> again_{}; ///< Seconds until each swells again.
  float next_chord_ = 0, next_beat_ = 0; ///< Seconds.
};

} // namespace

parts make_music(int variant, dice chance) {
  using namespace timbres;
  const auto shapes = std::array{
      // dawn: wide and bright
      song_shape{57, lydian, &major_habits, 11},
      // lantern: an electric piano thinks aloud
      song_shape{50, dorian, &minor_habits, 9, &warm, 0.03F, 1, 2.2F, 0.9F, &keys, 0.07F, 24, 0.8F,
                 0.5F, 1.3F},
      // deep: low, nearly still
      song_shape{45, aeolian, &minor_habits, 16, &warm, 0.06F, 2, 2.6F, 1, &bowl, 0.04F, 24, 2.6F,
                 0.35F, 3},
      // lullaby: a music box
      song_shape{53,
                 ionian,
                 &major_habits,
                 6.4F,
                 &warm,
                 0.02F,
                 1,
                 2,
                 0.8F,
                 &music_box,
                 0.07F,
                 24,
                 0.4F,
                 0.75F,
                 0.9F,
                 true,
                 0.35F,
                 {0.8F, 3, 5'000}},
      // harbour: broken chords in the evening
      song_shape{52, ionian, &major_habits, 8, &warm, 0.035F, 1.2F, 2.2F, 1, &keys, 0.06F, 12,
                 0.67F, 0.7F, 1.1F, true, 0.4F},
  };
  auto all = parts{};
  all.push_back(std::make_unique<song>(shapes.at(static_cast<size_t>(variant - 1)), chance.fork()));
  // A breath of air, so that pauses are not dead.
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::pink, 200, 1'800, 0.006F, 3, 8, 0.3F}, chance.fork()));
  return all;
}

} // namespace hearth::sound
