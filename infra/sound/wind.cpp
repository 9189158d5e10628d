// Wind: gusts over a low ground.
#include "infra/sound/droplets.hpp"
#include "infra/sound/gusts.hpp"
#include "infra/sound/noise_bed.hpp"

namespace hearth::sound {

gusts::gusts(const gust_shape& shape, dice chance)
    : shape_(shape), slow_(chance.fork(), shape.seconds), quick_(chance.fork(), shape.seconds / 6),
      lean_(chance.fork(), shape.seconds * 1.3F), ears_{ear{hiss(chance.next()), {}, {}, glide()},
                                                        ear{hiss(chance.next()), {}, {}, glide()}} {
  auto unheard = split_frame{};
  for (auto i = 0; i < 5; ++i)
    add(unheard);
}

void gusts::add(split_frame& out) {
  // 0 in a lull, 1 in a gust; the quick curve is stronger in gusts, as turbulence is.
  const auto base = 0.5F + 0.5F * slow_.next();
  const auto force = std::clamp(base + 0.22F * base * quick_.next(), 0.0F, 1.0F);
  const auto lean = 0.5F * lean_.next();
  const auto level = shape_.gain * (1 - shape_.depth + shape_.depth * force * force);
  const auto sides = pan(lean);
  for (auto n = size_t{0}; n < 2; ++n) {
    auto& ear = ears_[n];
    // The ears hear slightly different edges.
    const auto hz = shape_.calm_hz * std::pow(shape_.storm_hz / shape_.calm_hz, force);
    ear.body.tune(hz * (n == 0 ? 1 + 0.06F * lean : 1 - 0.06F * lean), shape_.q);
    ear.gain.aim(level * std::sqrt(2.0F) * (n == 0 ? sides.left : sides.right));
    auto& to = n == 0 ? out.left : out.right;
    for (auto i = size_t{0}; i < frame_samples; ++i)
      to[i] += ear.gain.next() * ear.body.band(ear.pink.next(ear.white.next()));
  }
}

namespace {

void add_gusts(parts& all, const gust_shape& shape, dice& chance) {
  all.push_back(std::make_unique<gusts>(shape, chance.fork()));
}

void add_bed(parts& all, const bed_shape& shape, dice& chance) {
  all.push_back(std::make_unique<noise_bed>(shape, chance.fork()));
}

/// A breeze in a meadow.
void breeze(parts& all, dice& chance) {
  add_bed(all, {noise_color::pink, 60, 900, 0.18F, 2, 7, 0.4F}, chance);
  add_gusts(all, {1.1F, 260, 620, 4.5F, 0.7F, 0.7F}, chance);
  add_gusts(all, {0.25F, 1'400, 3'200, 3.5F, 0.8F, 0.7F}, chance);
}

/// In the crowns of a wood: leaves are high and soft.
void forest(parts& all, dice& chance) {
  add_bed(all, {noise_color::brown, 50, 260, 0.2F, 2, 8, 0.3F}, chance);
  add_gusts(all, {0.5F, 300, 700, 6, 0.7F, 0.7F}, chance);
  add_gusts(all, {0.75F, 1'900, 3'600, 4.5F, 0.85F, 0.6F}, chance);
  all.push_back(std::make_unique<droplets>(
      drop_shape{45, 2'500, 6'000, 0.5F, 2, 0.05F, 0, 0.9F, 4, 1, 0.5F}, chance.fork()));
}

/// A storm around the house.
void storm(parts& all, dice& chance) {
  add_bed(all, {noise_color::brown, 40, 220, 0.5F, 3.5F, 4, 0.5F}, chance);
  add_gusts(all, {1.3F, 180, 760, 3.2F, 0.85F, 1.2F}, chance);
  add_gusts(all, {0.5F, 500, 1'500, 2.3F, 0.9F, 2.5F}, chance);
}

/// Over a mountain: it sings at the rocks.
void mountain(parts& all, dice& chance) {
  add_bed(all, {noise_color::brown, 40, 300, 0.35F, 2.5F, 7, 0.4F}, chance);
  add_gusts(all, {0.9F, 200, 520, 5.5F, 0.8F, 0.9F}, chance);
  add_gusts(all, {0.55F, 420, 880, 6.5F, 0.97F, 14}, chance);
  add_gusts(all, {0.35F, 640, 1'200, 8, 0.98F, 18}, chance);
}

/// Through a gap of a window, from inside, in the evening.
void hearthside(parts& all, dice& chance) {
  add_bed(all, {noise_color::brown, 45, 180, 0.45F, 2, 6, 0.3F, 0.6F}, chance);
  add_gusts(all, {0.7F, 160, 420, 5, 0.75F, 0.9F}, chance);
  add_gusts(all, {0.3F, 330, 620, 7, 0.95F, 9}, chance);
}

} // namespace

parts make_wind(int variant, dice chance) {
  constexpr auto makers = std::array{breeze, forest, storm, mountain, hearthside};
  auto all = parts{};
  makers.at(static_cast<size_t>(variant - 1))(all, chance);
  return all;
}

} // namespace hearth::sound
