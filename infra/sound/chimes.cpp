// Sparkles and stars: single bells in a quiet room.
#include "infra/sound/noise_bed.hpp"
#include "infra/sound/reverb.hpp"
#include "infra/sound/tones.hpp"

namespace hearth::sound {
namespace {

struct chime_shape {
  const timbre* of = &timbres::glass;
  std::array<int, 5> scale{0, 2, 4, 7, 9}; ///< Semitones.
  float key = 72;                          ///< The lowest.
  uint32_t octaves = 2;
  float mean_s = 1.5F;                 ///< From one bell, or one flurry, to the next.
  float flurry = 0;                    ///< Chance that it is a run of several.
  float run_s = 0.09F;                 ///< From bell to bell in a run.
  float short_s = 0.5F, long_s = 1.5F; ///< Time to fall to a third.
  float attack_s = 0.002F;
  float gain = 0.1F;
  float wet = 0.35F;
  room_shape room{1, 3, 6'000};
};

class chimes final : public part {
public:
  chimes(const chime_shape& shape, dice chance)
      : shape_(shape), chance_(chance), room_(shape.room), wait_(chance_.between(0.1F, 0.8F)) {}

  void add(split_frame& out) override {
    wait_ -= 1 / static_cast<float>(frames_per_second);
    while (wait_ <= 0)
      ring();
    auto dry = split_frame{};
    tones_.add(dry);
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      out.left[i] += dry.left[i];
      out.right[i] += dry.right[i];
    }
    room_.add(dry, out, shape_.wet);
  }

private:
  void ring() {
    const auto degrees = static_cast<uint32_t>(shape_.scale.size()) * shape_.octaves;
    if (run_ > 0) {
      --run_;
      degree_ = (degree_ + degrees + step_) % degrees;
      place_ = std::clamp(place_ + chance_.between(-0.1F, 0.25F), -0.9F, 0.9F);
    } else {
      // Seldom the same bell twice.
      degree_ = (degree_ + 1 + chance_.below(degrees - 1)) % degrees;
      place_ = chance_.between(-0.85F, 0.85F);
      level_ = chance_.between(0.6F, 1);
      if (chance_.uniform() < shape_.flurry) {
        run_ = 3 + chance_.below(6);
        step_ = chance_.below(3) == 0 ? degrees - 1 : 1;
        place_ = chance_.between(-0.8F, -0.1F);
      }
    }
    const auto octave = degree_ / static_cast<uint32_t>(shape_.scale.size());
    const auto key = shape_.key + 12 * static_cast<float>(octave) +
                     static_cast<float>(shape_.scale[degree_ % shape_.scale.size()]) +
                     chance_.between(-0.04F, 0.04F);
    const auto low = 1 / (1 + 0.4F * static_cast<float>(octave)); // high ones are small and short
    tones_.strike({hz_of_key(key), shape_.gain * level_ * (0.6F + 0.4F * low), place_,
                   shape_.attack_s,
                   chance_.between(shape_.short_s, shape_.long_s) * (0.5F + 0.5F * low)},
                  *shape_.of, chance_.below(frame_samples));
    wait_ += run_ > 0 ? shape_.run_s * chance_.between(0.8F, 1.25F)
                      : 0.6F * shape_.mean_s +
                            std::min(2.5F * shape_.mean_s, chance_.wait(0.4F * shape_.mean_s));
  }

  chime_shape shape_;
  dice chance_;
  tone_bank tones_;
  reverb room_;
  float wait_, place_ = 0, level_ = 1; ///< wait_: seconds.
  uint32_t degree_ = 0, run_ = 0, step_ = 1;
};

constexpr auto major = std::array{0, 2, 4, 7, 9};
constexpr auto minor = std::array{0, 3, 5, 7, 10};
constexpr auto hirajoshi = std::array{0, 2, 3, 7, 8};
constexpr auto lydian = std::array{0, 4, 6, 7, 11};
constexpr auto suspended = std::array{0, 2, 5, 7, 10};

parts sound_of(const chime_shape& shape, float air, dice& chance) {
  auto all = parts{};
  all.push_back(std::make_unique<chimes>(shape, chance.fork()));
  if (air > 0)
    all.push_back(std::make_unique<noise_bed>(
        bed_shape{noise_color::pink, 250, 1'600, air, 3, 7, 0.5F}, chance.fork()));
  return all;
}

} // namespace

parts make_sparkles(int variant, dice chance) {
  using namespace timbres;
  const auto shapes = std::array{
      chime_shape{&glass, major, 84, 2, 0.8F, 0.25F, 0.085F, 0.3F, 0.9F},      // fairy dust
      chime_shape{&music_box, major, 76, 2, 0.65F, 0.35F, 0.14F, 0.35F, 0.9F}, // music box
      chime_shape{&glass, suspended, 79, 2, 1.1F, 0.5F, 0.11F, 0.6F, 1.5F, 0.002F, 0.1F,
                  0.5F}, // wind chimes
      chime_shape{&glass, lydian, 88, 2, 0.45F, 0.1F, 0.07F, 0.15F, 0.5F, 0.001F, 0.1F,
                  0.55F}, // frost
      chime_shape{&keys, minor, 74, 2, 0.9F, 0.3F, 0.16F, 0.5F, 1.2F, 0.004F, 0.1F,
                  0.45F}, // fireflies
  };
  return sound_of(shapes.at(static_cast<size_t>(variant - 1)), variant == 3 ? 0.02F : 0.006F,
                  chance);
}

parts make_stars(int variant, dice chance) {
  using namespace timbres;
  const auto hall = room_shape{1, 5.5F, 4'500};
  const auto shapes = std::array{
      chime_shape{&glass, major, 67, 2, 2.6F, 0.06F, 0.4F, 1.2F, 2.6F, 0.004F, 0.1F, 0.6F,
                  hall}, // clear sky
      chime_shape{&bowl, suspended, 55, 2, 4.2F, 0, 0.5F, 2.4F, 4.5F, 0.02F, 0.1F, 0.5F,
                  hall}, // bowls
      chime_shape{&warm, lydian, 60, 2, 2.6F, 0, 0.5F, 1.2F, 2.2F, 0.5F, 0.1F, 0.7F,
                  hall}, // aurora
      chime_shape{&glass, hirajoshi, 69, 2, 2.8F, 0.12F, 0.3F, 1, 2.4F, 0.003F, 0.1F, 0.7F,
                  hall}, // shooting stars
      chime_shape{&keys, major, 62, 2, 2.4F, 0.05F, 0.6F, 1.4F, 2.8F, 0.006F, 0.1F, 0.6F,
                  hall}, // milky way
  };
  return sound_of(shapes.at(static_cast<size_t>(variant - 1)), 0.01F, chance);
}

} // namespace hearth::sound
