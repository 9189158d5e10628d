#include "infra/sound/reverb.hpp"

namespace hearth::sound {
namespace {

// No two have a common divisor, so that echoes never pile up.
constexpr auto lengths = std::array<int, 8>{1427, 1637, 1871, 2053, 2377, 2713, 3061, 3559};
constexpr float not_quite_nothing =
    1e-18F; ///< Keeps a dying echo out of the slow denormal numbers.

} // namespace

reverb::reverb(const room_shape& shape) {
  for (auto i = size_t{0}; i < line_count; ++i) {
    auto& one = lines_[i];
    one.memory.resize(static_cast<size_t>(static_cast<float>(lengths[i]) * shape.size) + 1);
    const auto seconds = static_cast<float>(one.memory.size()) / static_cast<float>(sample_rate);
    one.back = std::pow(10.0F, -3 * seconds / shape.decay_s);
    one.damping.tune(shape.damping_hz);
  }
}

void reverb::add(const split_frame& in, split_frame& out, float gain) {
  for (auto i = size_t{0}; i < frame_samples; ++i) {
    auto echo = std::array<float, line_count>{};
    auto sum = 0.0F;
    for (auto n = size_t{0}; n < line_count; ++n) {
      auto& one = lines_[n];
      echo[n] = one.damping.low(one.memory[one.at]) * one.back;
      sum += echo[n];
    }
    sum *= 2.0F / line_count;
    const auto left = in.left[i] + not_quite_nothing, right = in.right[i] + not_quite_nothing;
    for (auto n = size_t{0}; n < line_count; ++n) {
      auto& one = lines_[n];
      one.memory[one.at] = (n % 2 == 0 ? left : right) + echo[n] - sum;
      if (++one.at == one.memory.size())
        one.at = 0;
    }
    out.left[i] += gain * (echo[0] - echo[2] + echo[4] - echo[6]);
    out.right[i] += gain * (echo[1] - echo[3] + echo[5] - echo[7]);
  }
}

} // namespace hearth::sound
