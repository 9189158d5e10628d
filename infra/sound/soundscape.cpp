#include "infra/sound/soundscape.hpp"
#include "infra/sound/filters.hpp"
#include "infra/sound/leveller.hpp"
#include "infra/sound/part.hpp"

namespace hearth::sound {
namespace {

constexpr float knee = 0.5F;

class soundscape final : public source {
public:
  soundscape(parts all, float gain) : parts_(std::move(all)), gain_(gain) {}

  void render(frame& out) override {
    auto sum = split_frame{};
    for (const auto& one : parts_)
      one->add(sum);
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      sum.left[i] *= gain_;
      sum.right[i] *= gain_;
    }
    level_.apply(sum);
    for (auto i = size_t{0}; i < frame_samples; ++i) {
      out[2 * i] = bend_peak(sum.left[i]);
      out[2 * i + 1] = bend_peak(sum.right[i]);
    }
  }

private:
  parts parts_;
  float gain_;
  leveller level_;
};

} // namespace

float bend_peak(float x) {
  const auto size = std::abs(x);
  if (size <= knee)
    return x;
  const auto over = (size - knee) / (peak_max - knee);
  return std::copysign(knee + (peak_max - knee) * over / (1 + over), x);
}

std::unique_ptr<source> make_soundscape(const scene& which, uint64_t seed) {
  constexpr auto makers = std::array{make_rain,  make_wind, make_sea,   make_sparkles, make_stars,
                                     make_music, make_fire, make_train, make_night,    make_noise};
  static_assert(makers.size() == family_count);
  const auto variant = static_cast<size_t>(which.variant - 1);
  auto chance = dice(seed * 64 + static_cast<uint64_t>(which.of) * 8 + variant);
  return std::make_unique<soundscape>(
      makers.at(static_cast<size_t>(which.of))(which.variant, chance),
      gain_of_db(entry_of(which.of).gains_db.at(variant)));
}

} // namespace hearth::sound
