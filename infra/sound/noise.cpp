// Plain noise, for those who want nothing else.
#include "infra/sound/noise_bed.hpp"

namespace hearth::sound {

parts make_noise(int variant, dice chance) {
  constexpr auto beds = std::array{
      bed_shape{noise_color::brown, 20, 18'000, 1, 0, 8, 0},
      bed_shape{noise_color::pink, 20, 18'000, 1, 0, 8, 0},
      bed_shape{noise_color::white, 20, 19'000, 1, 0, 8, 0},
      bed_shape{noise_color::pink, 60, 3'500, 1, 1, 12, 0.15F}, // soft
      bed_shape{noise_color::brown, 30, 220, 1, 2, 14, 0.3F},   // deep
  };
  auto all = parts{};
  all.push_back(
      std::make_unique<noise_bed>(beds.at(static_cast<size_t>(variant - 1)), chance.fork()));
  return all;
}

} // namespace hearth::sound
