// Rain: a hiss of very many drops, the nearest of them one by one.
#include "infra/sound/droplets.hpp"
#include "infra/sound/noise_bed.hpp"
#include "infra/sound/thunder.hpp"

namespace hearth::sound {
namespace {

/// A light rain on leaves and ground.
void light(parts& all, dice& chance) {
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::pink, 900, 6'500, 0.30F, 1.6F, 6, 0.25F}, chance.fork()));
  all.push_back(std::make_unique<noise_bed>(bed_shape{noise_color::brown, 60, 350, 0.10F, 1, 11, 0},
                                            chance.fork()));
  all.push_back(std::make_unique<droplets>(
      drop_shape{70, 1'400, 5'200, 1.5F, 7, 0.24F, 0.25F, 0.25F, 0.7F}, chance.fork()));
  all.push_back(std::make_unique<droplets>(drop_shape{6, 500, 1'500, 8, 22, 0.13F, 0.35F, 0.05F, 1},
                                           chance.fork()));
}

/// A downpour.
void heavy(parts& all, dice& chance) {
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::pink, 250, 9'500, 0.55F, 1.2F, 5, 0.2F}, chance.fork()));
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::brown, 50, 500, 0.35F, 2, 7, 0.3F}, chance.fork()));
  all.push_back(std::make_unique<droplets>(
      drop_shape{420, 1'000, 6'000, 0.8F, 3.5F, 0.22F, 0.1F, 0.5F, 0.6F}, chance.fork()));
}

/// On the cloth of a tent, from inside.
void tent(parts& all, dice& chance) {
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::pink, 180, 2'600, 0.26F, 1.8F, 6, 0.3F}, chance.fork()));
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::brown, 50, 220, 0.25F, 4, 4, 0.4F, 0.5F}, chance.fork()));
  all.push_back(std::make_unique<droplets>(
      drop_shape{95, 190, 950, 5, 18, 0.50F, -0.2F, 0.35F, 1.6F}, chance.fork()));
  all.push_back(std::make_unique<droplets>(
      drop_shape{130, 900, 2'600, 1.2F, 4, 0.16F, 0, 0.5F, 0.8F}, chance.fork()));
}

/// Steady rain, thunder far away.
void thunder_far(parts& all, dice& chance) {
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::pink, 500, 7'500, 0.42F, 1.5F, 7, 0.25F}, chance.fork()));
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::brown, 50, 300, 0.18F, 2, 9, 0.3F}, chance.fork()));
  all.push_back(std::make_unique<droplets>(
      drop_shape{160, 1'200, 5'200, 1, 5, 0.22F, 0.2F, 0.35F, 0.7F}, chance.fork()));
  all.push_back(std::make_unique<thunder>(thunder_shape{32, 1.5F, 170}, chance.fork()));
}

/// Behind a window; a gutter drips into a puddle.
void window(parts& all, dice& chance) {
  all.push_back(std::make_unique<noise_bed>(
      bed_shape{noise_color::pink, 150, 1'700, 0.34F, 1.6F, 7, 0.3F, 0.8F}, chance.fork()));
  all.push_back(std::make_unique<droplets>(
      drop_shape{55, 1'600, 3'800, 1.2F, 4, 0.16F, 0.05F, 0.4F, 0.5F, 0.7F}, chance.fork()));
  all.push_back(std::make_unique<droplets>(
      drop_shape{2.2F, 420, 1'150, 18, 42, 0.22F, 0.5F, 0.02F, 1, 0.35F, 0.3F}, chance.fork()));
  all.push_back(std::make_unique<droplets>(
      drop_shape{9, 1'100, 2'300, 6, 14, 0.12F, 0.4F, 0.05F, 1, 0.5F, 0.5F}, chance.fork()));
}

} // namespace

parts make_rain(int variant, dice chance) {
  constexpr auto makers = std::array{light, heavy, tent, thunder_far, window};
  auto all = parts{};
  makers.at(static_cast<size_t>(variant - 1))(all, chance);
  return all;
}

} // namespace hearth::sound
