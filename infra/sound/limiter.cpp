#include "infra/sound/limiter.hpp"
#include "infra/sound/soundscape.hpp"
#include <algorithm>
#include <cmath>

namespace hearth::sound {
namespace {

constexpr size_t block_count = 8;
constexpr size_t block_samples = frame_samples / block_count; ///< 2.5 ms.
constexpr float recovery = 1.0145F;                           ///< A block: 1 dB a frame.
constexpr size_t hurry_samples = 24;                          ///< 0.5 ms.

} // namespace

void limiter::apply(frame& mix) {
  auto needed = std::array<float, block_count>{};
  auto least = 1.0F;
  for (auto block = size_t{0}; block < block_count; ++block) {
    auto peak = 0.0F;
    for (auto i = block * block_samples * 2; i < (block + 1) * block_samples * 2; ++i)
      peak = std::max(peak, std::abs(mix[i]));
    needed[block] = peak > peak_max ? peak_max / peak : 1;
    least = std::min(least, needed[block]);
  }
  if (least == 1 && gain_ == 1)
    return;
  for (auto block = size_t{0}; block < block_count; ++block) {
    const auto ahead = block + 1 < block_count ? needed[block + 1] : 1;
    const auto aim = std::min({needed[block], ahead, gain_ * recovery});
    // The frame before knew nothing of this one's first block: there the way down is short.
    const auto way = block == 0 && gain_ > needed[block] ? hurry_samples : block_samples;
    const auto from = gain_;
    for (auto i = size_t{0}; i < block_samples; ++i) {
      const auto share = std::min(1.0F, static_cast<float>(i + 1) / static_cast<float>(way));
      gain_ = from + (aim - from) * share;
      for (auto ear = size_t{0}; ear < channel_count; ++ear) {
        auto& x = mix[(block * block_samples + i) * channel_count + ear];
        x = std::clamp(x * gain_, -peak_max, peak_max);
      }
    }
  }
  gain_ = std::min(1.0F, gain_);
}

} // namespace hearth::sound
