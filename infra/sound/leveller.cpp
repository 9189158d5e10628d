#include "infra/sound/leveller.hpp"

namespace hearth::sound {
namespace {

constexpr size_t block_frames = 20;
constexpr double blocks_remembered = 45; ///< 18 s to a third.
constexpr double gate = 0.1;             ///< Blocks 10 dB below the mean do not count.
constexpr double silence = 1e-7;         ///< Nor do those below -70 LUFS.
constexpr float power_range = 4;         ///< 6 dB up and down.
constexpr float change_max = 0.0012F;    ///< Of the gain in a frame: half a dB a second.

} // namespace

/// Both stages at 48 kHz. Source: ITU-R BS.1770-4, tables 1 and 2.
double leveller::weighting::next(double x) {
  const auto shelved = x + 1.69065929318241 * shelf[0] - 0.73248077421585 * shelf[1];
  const auto y =
      1.53512485958697 * shelved - 2.69169618940638 * shelf[0] + 1.19839281085285 * shelf[1];
  shelf = {shelved, shelf[0]};
  const auto passed = y + 1.99004745483398 * pass[0] - 0.99007225036621 * pass[1];
  const auto z = passed - 2 * pass[0] + pass[1];
  pass = {passed, pass[0]};
  return z;
}

void leveller::apply(split_frame& sound) {
  auto power = 0.0;
  for (auto i = size_t{0}; i < frame_samples; ++i) {
    const auto left = ears_[0].next(sound.left[i]), right = ears_[1].next(sound.right[i]);
    power += left * left + right * right;
  }
  block_ += power / static_cast<double>(frame_samples * block_frames);
  if (++frames_ == block_frames) {
    if (block_ > silence && block_ > gate * mean_)
      mean_ += (block_ - mean_) / blocks_remembered;
    block_ = 0;
    frames_ = 0;
  }
  const auto wanted =
      std::sqrt(std::clamp(static_cast<float>(target / mean_), 1 / power_range, power_range));
  const auto to = std::clamp(wanted, gain_ * (1 - change_max), gain_ * (1 + change_max));
  const auto step = (to - gain_) / static_cast<float>(frame_samples);
  for (auto i = size_t{0}; i < frame_samples; ++i) {
    gain_ += step;
    sound.left[i] *= gain_;
    sound.right[i] *= gain_;
  }
  gain_ = to;
}

} // namespace hearth::sound
