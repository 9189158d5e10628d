#pragma once
// Holds the loudness of an endless sound over minutes, whatever chance does. Pure.
#include "infra/sound/filters.hpp"

namespace hearth::sound {

/// Measures as EBU R 128 does (K-weighting, blocks of 400 ms, relative gate; ITU-R BS.1770-4), but
/// over the last half minute, and moves the gain slowly toward -23 LUFS, by 6 dB at most: swells
/// and gusts stay what they are.
class leveller {
public:
  void apply(split_frame& sound);

private:
  struct weighting {
    std::array<double, 2> shelf{}, pass{};
    double next(double x);
  };
  std::array<weighting, 2> ears_;
  double block_ = 0;     ///< Power of the present block so far.
  size_t frames_ = 0;    ///< Of the present block.
  double mean_ = target; ///< Power over the last half minute; believed to be right at first.
  float gain_ = 1;       ///< At the end of the last frame.
  static constexpr double target = 0.005888; ///< -23 LUFS: 10^((-23 + 0.691) / 10).
};

} // namespace hearth::sound
