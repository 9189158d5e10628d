#include "infra/sound/thunder.hpp"

namespace hearth::sound {
namespace {

constexpr auto per_second = static_cast<float>(frames_per_second);

} // namespace

thunder::thunder(const thunder_shape& shape, dice chance)
    : shape_(shape), chance_(chance), wait_(per_second * chance_.between(4, 14)),
      white_(chance_.next()) {}

void thunder::strike() {
  count_ = 4 + chance_.below(rolls_max - 3);
  const auto near = chance_.uniform(); // a near one is louder, higher and shorter
  left_edge_.tune(shape_.edge_hz * (0.7F + near), 0.6F);
  right_edge_.tune(shape_.edge_hz * (0.7F + near), 0.6F);
  const auto loud = shape_.gain * (0.45F + 0.55F * near);
  const auto middle = chance_.between(-0.6F, 0.6F);
  auto at = 0.0F;
  for (auto i = size_t{0}; i < count_; ++i) {
    auto& one = rolls_[i];
    one = {};
    one.wait = at * per_second;
    one.level = loud * chance_.between(0.35F, 1) / (1 + 0.12F * static_cast<float>(i));
    one.rise = 1 / (per_second * chance_.between(0.08F, 0.5F));
    one.fall = std::exp(-1 / (per_second * chance_.between(0.4F, 1.5F - 0.6F * near)));
    one.side = std::clamp(middle + chance_.between(-0.4F, 0.4F), -1.0F, 1.0F);
    at += chance_.between(0.15F, 1.5F);
  }
}

void thunder::add(split_frame& out) {
  if (count_ == 0) {
    if ((wait_ -= 1) > 0)
      return;
    strike();
  }
  auto left = 0.0F, right = 0.0F;
  for (auto at = size_t{0}; at < count_;) {
    auto& one = rolls_[at];
    if (one.wait > 0)
      one.wait -= 1;
    else if (!one.falling)
      one.falling = (one.now += one.level * one.rise) >= one.level;
    else
      one.now *= one.fall;
    const auto side = pan(one.side);
    left += one.now * side.left;
    right += one.now * side.right;
    if (one.falling && one.now < 1e-4F * shape_.gain)
      one = rolls_[--count_];
    else
      ++at;
  }
  left_.aim(left);
  right_.aim(right);
  if (count_ == 0)
    wait_ = per_second * (8 + chance_.wait(shape_.mean_s - 8));
  for (auto i = size_t{0}; i < frame_samples; ++i) {
    const auto noise = brown_.next(white_.next());
    out.left[i] += left_.next() * left_edge_.low(noise);
    out.right[i] += right_.next() * right_edge_.low(noise);
  }
}

} // namespace hearth::sound
