// A train from inside: the rumble of the track and the rhythm of the wheels over its joints.
#include "infra/sound/droplets.hpp"
#include "infra/sound/noise_bed.hpp"
#include "infra/sound/tones.hpp"

namespace hearth::sound {
namespace {

struct wheel_shape {
  float rail_s = 1.15F; ///< From joint to joint, for one axle.
  float thump = 0.5F;   ///< Low knock of the bogie.
  float thump_hz = 74;
  float click = 0.3F; ///< Noise of the joint.
  float click_hz = 900;
  float ring = 0.03F; ///< The steel's own sound.
};

/// Two bogies of two axles: ta-dam ... ta-dam.
class wheels final : public part {
public:
  wheels(const wheel_shape& shape, dice chance)
      : shape_(shape), chance_(chance), speed_(chance_.fork(), 14), white_(chance_.next()) {
    edge_.tune(shape_.click_hz, 0.9F);
    wait_ = chance_.between(0.05F, 0.5F) * sample_rate;
  }

  void add(split_frame& out) override {
    const auto speed = 1 + 0.035F * speed_.next();
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      if ((wait_ -= speed) <= 0)
        knock(i);
      click_ *= click_fade;
      const auto x = edge_.band(white_.next()) * click_;
      out.left[i] += x * side_.left;
      out.right[i] += x * side_.right;
    }
    tones_.add(out);
  }

private:
  static constexpr float click_fade = 0.9989F; ///< To a third in 19 ms.
  static constexpr timbre knock_of{
      {1, 1.58F, 2.3F, 3.4F}, {1, 0.5F, 0.22F, 0.1F}, {1, 0.7F, 0.5F, 0.4F}};
  static constexpr timbre ring_of{
      {1, 1.47F, 2.09F, 2.56F}, {1, 0.7F, 0.5F, 0.3F}, {1, 0.8F, 0.5F, 0.4F}};

  void knock(size_t at) {
    // Shares of the rail's length: axles of a bogie are close, bogies far apart.
    constexpr auto gaps = std::array{0.125F, 0.42F, 0.125F, 0.33F};
    constexpr auto levels = std::array{0.75F, 1.0F, 0.55F, 0.8F};
    const auto level = levels[axle_] * chance_.between(0.75F, 1.1F);
    const auto place = axle_ < 2 ? -0.2F : 0.25F;
    side_ = pan(place);
    click_ += shape_.click * level;
    const auto pitch = chance_.between(0.96F, 1.04F);
    tones_.strike({shape_.thump_hz * pitch, shape_.thump * level, place, 0.004F, 0.055F}, knock_of,
                  at);
    tones_.strike({1'870 * pitch, shape_.ring * level, place, 0.001F, 0.05F}, ring_of, at);
    wait_ += gaps[axle_] * shape_.rail_s * sample_rate;
    axle_ = (axle_ + 1) % gaps.size();
  }

  wheel_shape shape_;
  dice chance_;
  drift speed_;
  hiss white_;
  state_filter edge_;
  tone_bank tones_;
  float wait_, click_ = 0;
  pan_gains side_{0.7F, 0.7F};
  size_t axle_ = 0;
};

/// A steam engine some carriages ahead: four strokes a turn of its wheels, the first one strongest.
class steam final : public part {
public:
  explicit steam(dice chance)
      : chance_(chance), speed_(chance_.fork(), 16), left_(chance_.next()), right_(chance_.next()) {
    for (auto* filter : {&left_edge_, &right_edge_})
      filter->tune(620, 0.6F);
  }

  void add(split_frame& out) override {
    const auto speed = 1 + 0.05F * speed_.next();
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      if ((wait_ -= speed) <= 0) {
        wait_ += 0.31F * sample_rate;
        constexpr auto accents = std::array{1.0F, 0.62F, 0.8F, 0.58F};
        aim_ = accents[stroke_] * chance_.between(0.85F, 1.1F);
        stroke_ = (stroke_ + 1) % accents.size();
      }
      // A puff rises within 15 ms and falls to a third in 75 ms.
      aim_ *= 0.99972F;
      level_ += 0.0014F * (aim_ - level_);
      out.left[i] += 0.6F * level_ * left_edge_.low(left_pink_.next(left_.next()));
      out.right[i] += 0.6F * level_ * right_edge_.low(right_pink_.next(right_.next()));
    }
  }

private:
  dice chance_;
  drift speed_;
  hiss left_, right_;
  pink_filter left_pink_, right_pink_;
  state_filter left_edge_, right_edge_;
  float wait_ = 0, aim_ = 0, level_ = 0;
  size_t stroke_ = 0;
};

} // namespace

parts make_train(int variant, dice chance) {
  constexpr auto rumbles = std::array{0.50F, 0.60F, 0.45F, 0.35F, 0.42F};
  constexpr auto edges = std::array{320.0F, 180.0F, 420.0F, 300.0F, 300.0F};
  constexpr auto wheel_shapes = std::array{
      wheel_shape{},                                      // express
      wheel_shape{1.55F, 0.55F, 58, 0.12F, 420, 0.008F},  // sleeper
      wheel_shape{0.95F, 0.42F, 88, 0.42F, 1'250, 0.05F}, // branch line
      wheel_shape{1.45F, 0.30F, 80, 0.20F, 850, 0.03F},   // steam
      wheel_shape{1.25F, 0.42F, 72, 0.20F, 700, 0.02F},   // in the rain
  };
  const auto n = static_cast<size_t>(variant - 1);
  auto all = parts{};
  const auto bed = [&](const bed_shape& one) {
    all.push_back(std::make_unique<noise_bed>(one, chance.fork()));
  };
  bed({noise_color::brown, 35, edges.at(n), rumbles.at(n), 2, 3, 0.25F, 0.7F});
  bed({noise_color::pink, 300, 2'200, 0.07F, 2, 6, 0.3F});
  all.push_back(std::make_unique<wheels>(wheel_shapes.at(n), chance.fork()));
  if (variant == 4)
    all.push_back(std::make_unique<steam>(chance.fork()));
  if (variant == 5) {
    bed({noise_color::pink, 700, 5'500, 0.26F, 1.5F, 5, 0.2F});
    all.push_back(std::make_unique<droplets>(
        drop_shape{80, 1'500, 4'200, 1.2F, 4, 0.16F, 0.05F, 0.4F, 0.5F, 0.8F}, chance.fork()));
  }
  return all;
}

} // namespace hearth::sound
