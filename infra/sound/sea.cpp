// The sea: waves one after another, each a swell, a break and a wash.
#include "infra/sound/droplets.hpp"
#include "infra/sound/noise_bed.hpp"

namespace hearth::sound {
namespace {

constexpr auto per_second = static_cast<float>(frames_per_second);

struct wave_shape {
  float period_s = 9;        ///< Mean time from wave to wave.
  float swell = 1;           ///< Low roar of the body of water.
  float breaking = 1;        ///< Loudness of the break.
  float breaking_hz = 3'500; ///< Its brightness.
  float wash = 0.5F;         ///< Hiss of the water that runs back.
  float sharpness = 1;       ///< Above 1 it falls quickly on the beach, below it rolls.
};

/// One runs back while the next one rises, so that up to three sound at once.
class waves final : public part {
public:
  waves(const wave_shape& shape, dice chance)
      : shape_(shape), chance_(chance), left_white_(chance_.next()), right_white_(chance_.next()) {
    begin(waves_[0]);
    waves_[0].at = waves_[0].length * 0.55F; // in the middle of things
    next_ = per_second * shape_.period_s * 0.2F;
    auto unheard = split_frame{};
    add(unheard);
  }

  void add(split_frame& out) override {
    if ((next_ -= 1) <= 0) {
      const auto idle = std::find_if(waves_.begin(), waves_.end(),
                                     [](const wave& one) { return one.length == 0; });
      if (idle != waves_.end())
        begin(*idle);
      next_ = per_second * shape_.period_s * chance_.between(0.78F, 1.22F);
    }
    auto noise_left = std::array<float, frame_samples>{}, noise_right = noise_left;
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      noise_left[i] = left_pink_.next(left_white_.next());
      noise_right[i] = right_pink_.next(right_white_.next());
    }
    for (auto& one : waves_) {
      if (one.length == 0)
        continue;
      roll(one);
      for (auto i = size_t{0}; i < frame_samples; ++i) {
        const auto gain = one.gain.next();
        out.left[i] += gain * one.side.left * one.left.low(noise_left[i]);
        out.right[i] += gain * one.side.right * one.right.low(noise_right[i]);
      }
    }
  }

private:
  struct wave {
    float at = 0, length = 0; ///< Frames; 0: idle.
    float size = 1;
    float crest = 0.4F; ///< Share of the length.
    pan_gains side{1, 1};
    glide gain;
    state_filter left, right;
  };

  void begin(wave& one) {
    one = wave{};
    one.length = 2 * per_second * shape_.period_s * chance_.between(0.85F, 1.1F);
    one.size = chance_.between(0.7F, 1.1F);
    one.crest = chance_.between(0.36F, 0.46F);
    one.side = pan(chance_.between(-0.35F, 0.35F));
  }

  /// Moves a wave on by a frame and sets its loudness and brightness.
  void roll(wave& one) {
    one.at += 1;
    if (one.at > one.length) { // its loudness reached 0 a frame ago
      one.length = 0;
      return one.gain.aim(0);
    }
    const auto x = one.at / one.length;
    const auto rise = std::clamp(x / one.crest, 0.0F, 1.0F);
    const auto fall = std::clamp((x - one.crest) / (1 - one.crest), 0.0F, 1.0F);
    const auto seconds = (x - one.crest) * one.length / per_second;
    const auto end = (1 - fall) * (1 - fall);
    // The body swells like a cube; at the crest it falls and brightens within half a second.
    const auto swell = shape_.swell * rise * rise * rise * end;
    const auto onset = std::clamp((seconds + 0.5F) / 0.7F, 0.0F, 1.0F);
    const auto broken = seconds < -0.5F
                            ? 0
                            : onset * onset * (3 - 2 * onset) * shape_.breaking *
                                  std::exp(-std::max(0.0F, seconds) * shape_.sharpness * 0.7F);
    const auto wash = shape_.wash * onset * (1 - std::exp(-std::max(0.0F, seconds))) * end;
    const auto bright = broken + 0.8F * wash;
    const auto total = swell * 0.6F + bright;
    const auto hz = 260 + (shape_.breaking_hz - 260) * std::min(1.0F, bright / (0.15F + total));
    one.gain.aim(one.size * total * 1.3F);
    one.left.tune(hz, 0.6F);
    one.right.tune(hz * 1.04F, 0.6F);
  }

  wave_shape shape_;
  dice chance_;
  hiss left_white_, right_white_;
  pink_filter left_pink_, right_pink_;
  std::array<wave, 3> waves_;
  float next_ = 0; ///< Frames until the next one.
};

void add_waves(parts& all, const wave_shape& shape, dice& chance) {
  all.push_back(std::make_unique<waves>(shape, chance.fork()));
}

void add_bed(parts& all, const bed_shape& shape, dice& chance) {
  all.push_back(std::make_unique<noise_bed>(shape, chance.fork()));
}

void add_drops(parts& all, const drop_shape& shape, dice& chance) {
  all.push_back(std::make_unique<droplets>(shape, chance.fork()));
}

/// A sand beach on a calm day.
void beach(parts& all, dice& chance) {
  add_bed(all, {noise_color::pink, 80, 700, 0.12F, 1.5F, 9, 0.3F}, chance);
  add_waves(all, {9, 0.7F, 0.7F, 3'800, 0.35F, 0.8F}, chance);
}

/// Breakers of the open ocean.
void ocean(parts& all, dice& chance) {
  add_bed(all, {noise_color::brown, 35, 350, 0.4F, 2, 9, 0.4F}, chance);
  add_waves(all, {12, 1.2F, 1.1F, 5'200, 0.45F, 0.6F}, chance);
  add_waves(all, {7, 0.4F, 0.35F, 2'500, 0.2F, 0.9F}, chance);
}

/// Little waves that lap at a lake's shore.
void lapping(parts& all, dice& chance) {
  add_bed(all, {noise_color::pink, 100, 900, 0.10F, 1.5F, 8, 0.3F}, chance);
  add_waves(all, {4.5F, 0.35F, 0.3F, 2'200, 0.15F, 1.3F}, chance);
  add_drops(all, {7, 380, 1'250, 9, 30, 0.22F, 0.45F, 0, 1, 0.8F, 0.7F}, chance);
}

/// Pebbles roll in the wash.
void pebbles(parts& all, dice& chance) {
  add_bed(all, {noise_color::pink, 80, 600, 0.12F, 1.5F, 9, 0.3F}, chance);
  add_waves(all, {8, 0.6F, 0.8F, 4'500, 0.5F, 1}, chance);
  add_drops(all, {55, 1'500, 4'200, 1, 4, 0.10F, 0, 0.4F, 0.5F, 1, 0.75F}, chance);
}

/// Under deck of a sailing boat at night.
void hull(parts& all, dice& chance) {
  add_bed(all, {noise_color::brown, 40, 280, 0.5F, 2.5F, 5, 0.4F, 0.6F}, chance);
  add_waves(all, {6, 0.9F, 0.4F, 1'200, 0.2F, 0.8F}, chance);
  add_drops(all, {4, 240, 700, 18, 45, 0.25F, 0.4F, 0, 1, 0.5F, 0.6F}, chance);
}

} // namespace

parts make_sea(int variant, dice chance) {
  constexpr auto makers = std::array{beach, ocean, lapping, pebbles, hull};
  auto all = parts{};
  makers.at(static_cast<size_t>(variant - 1))(all, chance);
  return all;
}

} // namespace hearth::sound
