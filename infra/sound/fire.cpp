// Fire: a low flutter, a hiss, and crackles near and far.
#include "infra/sound/droplets.hpp"
#include "infra/sound/gusts.hpp"
#include "infra/sound/noise_bed.hpp"

namespace hearth::sound {
namespace {

struct fire_shape {
  float roar = 0.4F, roar_hz = 260;
  float hiss = 0.035F;
  float crackles = 14; ///< A second.
  float crackle_gain = 0.8F;
  float pops = 0.6F; ///< A second: the big ones.
  float pop_gain = 0.9F;
};

parts burn(const fire_shape& shape, dice chance) {
  auto all = parts{};
  const auto bed = [&](const bed_shape& one) {
    all.push_back(std::make_unique<noise_bed>(one, chance.fork()));
  };
  const auto drops = [&](const drop_shape& one) {
    all.push_back(std::make_unique<droplets>(one, chance.fork()));
  };
  // Flames flutter: a fast breath over a slow one.
  bed({noise_color::brown, 45, shape.roar_hz, shape.roar, 3.5F, 0.16F, 0.5F, 0.7F});
  bed({noise_color::brown, 35, shape.roar_hz * 0.6F, shape.roar * 0.8F, 2, 3, 0.3F});
  bed({noise_color::pink, 1'800, 7'000, shape.hiss, 3, 1.5F, 0.2F});
  drops({shape.crackles, 1'500, 5'500, 0.4F, 1.6F, shape.crackle_gain, 0, 0.8F, 0.6F, 0.8F, 0.6F});
  drops({shape.crackles * 1.6F, 2'500, 8'000, 0.2F, 0.8F, shape.crackle_gain * 0.35F, 0, 0.9F,
         0.35F, 1, 0.7F});
  drops({shape.pops, 350, 1'200, 4, 12, shape.pop_gain, -0.4F, 0.7F, 2.2F, 0.6F, 0.3F});
  return all;
}

} // namespace

parts make_fire(int variant, dice chance) {
  constexpr auto shapes = std::array{
      fire_shape{},                                         // hearth
      fire_shape{0.65F, 380, 0.06F, 24, 0.9F, 1.4F, 1},     // campfire
      fire_shape{0.30F, 160, 0.015F, 5, 0.5F, 0.25F, 0.6F}, // embers
      fire_shape{0.75F, 180, 0.012F, 7, 0.4F, 0.5F, 0.5F},  // stove: muffled by its door
      fire_shape{0.55F, 320, 0.05F, 16, 0.8F, 0.8F, 0.9F},  // camp in the wood, wind in the trees
  };
  auto all = burn(shapes.at(static_cast<size_t>(variant - 1)), chance.fork());
  if (variant == 5) {
    all.push_back(
        std::make_unique<gusts>(gust_shape{0.30F, 900, 2'400, 6, 0.8F, 0.7F}, chance.fork()));
    all.push_back(
        std::make_unique<gusts>(gust_shape{0.25F, 250, 520, 5, 0.8F, 0.8F}, chance.fork()));
  }
  return all;
}

} // namespace hearth::sound
