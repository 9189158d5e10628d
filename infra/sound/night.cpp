// A summer night: crickets, frogs, cicadas, an owl.
#include "infra/sound/droplets.hpp"
#include "infra/sound/gusts.hpp"
#include "infra/sound/noise_bed.hpp"
#include "infra/sound/reverb.hpp"
#include "infra/sound/tones.hpp"

namespace hearth::sound {
namespace {

struct singer_shape {
  float low_hz = 4'200, high_hz = 5'000;   ///< Pitch; each has its own.
  float pulse_hz = 32;                     ///< Strokes of the wings a second.
  uint32_t pulses_min = 3, pulses_max = 4; ///< In one chirp.
  float pause_s = 0.55F;                   ///< From chirp to chirp, of one singer.
  float gain = 0.1F;
  float overtone = 0.1F;
  uint32_t count = 4;
  float rest_s = 20; ///< Now and then one is silent for about so long.
};

/// Animals that chirp in pulses, each at its own place, pitch and pace.
class singers final : public part {
public:
  singers(const singer_shape& shape, dice chance) : shape_(shape), chance_(chance) {
    for (auto i = uint32_t{0}; i < shape.count; ++i) {
      auto one = singer{};
      const auto hz = chance_.ratio_between(shape.low_hz, shape.high_hz);
      const auto far = chance_.between(0.25F, 1);
      one.turn = angle(hz);
      one.pulse_turn = angle(shape.pulse_hz * chance_.between(0.93F, 1.07F));
      one.pace = chance_.between(0.85F, 1.2F);
      const auto side = pan(chance_.between(-0.9F, 0.9F));
      one.left = shape.gain * far * side.left;
      one.right = shape.gain * far * side.right;
      one.wait = chance_.between(0, shape.pause_s) * sample_rate;
      all_.push_back(one);
    }
  }

  void add(split_frame& out) override {
    for (auto& one : all_) {
      auto at = size_t{0};
      while (at < frame_samples) {
        if (one.rest == 0) {
          if (one.wait >= static_cast<float>(frame_samples - at)) {
            one.wait -= static_cast<float>(frame_samples - at);
            break;
          }
          at += static_cast<size_t>(one.wait);
          begin(one);
        }
        at = sing(one, out, at);
      }
    }
  }

private:
  struct rotation {
    float re = 1, im = 0;
  };
  struct singer {
    rotation turn, pulse_turn;
    float re = 1, im = 0, pulse_re = 1, pulse_im = 0;
    float left = 0, right = 0, pace = 1;
    float wait = 0;  ///< Samples until the next chirp.
    size_t rest = 0; ///< Samples that the chirp still has.
    float level = 1;
  };
  static rotation angle(float hz) {
    const auto radians = 2 * pi * hz / static_cast<float>(sample_rate);
    return {std::cos(radians), std::sin(radians)};
  }

  void begin(singer& one) {
    const auto pulses =
        shape_.pulses_min + chance_.below(shape_.pulses_max - shape_.pulses_min + 1);
    const auto period = 2 * pi / std::atan2(one.pulse_turn.im, one.pulse_turn.re);
    one.rest = static_cast<size_t>(period * static_cast<float>(pulses));
    one.re = one.pulse_re = 1;
    one.im = one.pulse_im = 0;
    one.level = chance_.between(0.8F, 1);
    auto pause = shape_.pause_s * one.pace * chance_.between(0.92F, 1.1F);
    if (chance_.uniform() < shape_.pause_s / (shape_.rest_s * 2))
      pause += chance_.between(0.3F, 1) * shape_.rest_s;
    one.wait = pause * sample_rate;
  }

  /// @returns Where it stopped.
  size_t sing(singer& one, split_frame& out, size_t at) {
    const auto end = at + std::min(one.rest, frame_samples - at);
    one.rest -= end - at;
    for (; at < end; ++at) {
      const auto re = one.re * one.turn.re - one.im * one.turn.im;
      one.im = one.re * one.turn.im + one.im * one.turn.re;
      one.re = re;
      const auto pulse = one.pulse_re * one.pulse_turn.re - one.pulse_im * one.pulse_turn.im;
      one.pulse_im = one.pulse_re * one.pulse_turn.im + one.pulse_im * one.pulse_turn.re;
      one.pulse_re = pulse;
      // Each stroke swells from nothing and back; 2 sin cos is the octave.
      const auto stroke = 0.5F - 0.5F * one.pulse_re;
      const auto x = one.level * stroke * one.im * (1 + 2 * shape_.overtone * one.re);
      out.left[at] += x * one.left;
      out.right[at] += x * one.right;
    }
    return end;
  }

  singer_shape shape_;
  dice chance_;
  std::vector<singer> all_;
};

/// An owl in the distance: long, pause, short, short, long.
class owl final : public part {
public:
  explicit owl(dice chance)
      : chance_(chance), room_({1, 2.2F, 2'200}),
        wait_(static_cast<float>(frames_per_second) * chance_.between(3, 9)) {}

  void add(split_frame& out) override {
    if ((wait_ -= 1) <= 0)
      hoot();
    auto dry = split_frame{};
    tones_.add(dry);
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      out.left[i] += 0.5F * dry.left[i];
      out.right[i] += 0.5F * dry.right[i];
    }
    room_.add(dry, out, 0.35F);
  }

private:
  void hoot() {
    constexpr auto pauses = std::array{0.9F, 0.32F, 0.32F, 0.0F};
    constexpr auto lengths = std::array{0.22F, 0.07F, 0.07F, 0.28F};
    constexpr auto pitches = std::array{1.0F, 0.98F, 0.98F, 0.97F};
    if (syllable_ == 0) {
      place_ = chance_.between(-0.7F, 0.7F);
      hz_ = chance_.between(360, 400);
    }
    tones_.strike({hz_ * pitches[syllable_], 0.05F, place_, 0.045F, lengths[syllable_]},
                  timbres::hoot, 0);
    wait_ = static_cast<float>(frames_per_second) *
            (syllable_ == 3 ? 9 + chance_.wait(16) : pauses[syllable_]);
    syllable_ = (syllable_ + 1) % pauses.size();
  }

  dice chance_;
  tone_bank tones_;
  reverb room_;
  float wait_, place_ = 0, hz_ = 380;
  size_t syllable_ = 0;
};

constexpr auto crickets = singer_shape{4'100, 5'000, 31, 3, 4, 0.55F, 0.10F, 0.06F, 5, 20};
constexpr auto tree_crickets = singer_shape{2'700, 3'200, 46, 70, 140, 2.4F, 0.022F, 0.03F, 3, 18};
constexpr auto katydids = singer_shape{6'200, 7'600, 62, 5, 9, 0.75F, 0.035F, 0.1F, 4, 25};
constexpr auto frogs = singer_shape{900, 1'350, 24, 5, 8, 1.3F, 0.09F, 0.35F, 5, 12};
constexpr auto toads = singer_shape{330, 460, 27, 18, 34, 3.5F, 0.06F, 0.4F, 2, 20};

} // namespace

parts make_night(int variant, dice chance) {
  auto all = parts{};
  const auto sing = [&](singer_shape one, float gain, uint32_t count) {
    one.gain *= gain;
    one.count = count;
    all.push_back(std::make_unique<singers>(one, chance.fork()));
  };
  const auto bed = [&](const bed_shape& one) {
    all.push_back(std::make_unique<noise_bed>(one, chance.fork()));
  };
  bed({noise_color::brown, 50, 420, 0.16F, 2, 8, 0.3F});
  bed({noise_color::pink, 900, 4'500, 0.035F, 2, 7, 0.3F});
  switch (variant) {
  case 1: // meadow
    sing(crickets, 1, 5);
    sing(tree_crickets, 1, 2);
    break;
  case 2: // pond
    sing(frogs, 1, 6);
    sing(toads, 1, 2);
    sing(crickets, 0.35F, 3);
    all.push_back(std::make_unique<droplets>(
        drop_shape{1.2F, 380, 900, 14, 36, 0.10F, 0.45F, 0, 1, 0.8F, 0.5F}, chance.fork()));
    break;
  case 3: // wood
    sing(crickets, 0.4F, 3);
    all.push_back(std::make_unique<owl>(chance.fork()));
    all.push_back(
        std::make_unique<gusts>(gust_shape{0.22F, 900, 2'200, 7, 0.85F, 0.6F}, chance.fork()));
    break;
  case 4: // warm evening
    sing(tree_crickets, 1.3F, 5);
    sing(katydids, 1, 5);
    sing(crickets, 0.5F, 3);
    break;
  default: // at the tent
    sing(crickets, 0.6F, 4);
    sing(tree_crickets, 0.8F, 2);
    all.push_back(
        std::make_unique<gusts>(gust_shape{0.3F, 240, 520, 6, 0.8F, 0.7F}, chance.fork()));
    all.push_back(std::make_unique<droplets>(
        drop_shape{14, 420, 1'300, 8, 22, 0.06F, 0.4F, 0, 1, 0.6F, 0.7F}, chance.fork()));
  }
  return all;
}

} // namespace hearth::sound
