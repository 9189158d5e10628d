#pragma once
// Repeatable chance: the same seed gives the same sound everywhere. Pure.
#include <cmath>
#include <cstdint>

namespace hearth::sound {

/// PCG32 (O'Neill 2014). Small, good, and the same on every machine.
class dice {
public:
  explicit dice(uint64_t seed) : state_(seed + step) { next(); }

  uint32_t next() {
    const auto old = state_;
    state_ = old * 6364136223846793005ULL + step;
    const auto mixed = static_cast<uint32_t>(((old >> 18U) ^ old) >> 27U);
    const auto turn = static_cast<uint32_t>(old >> 59U);
    return (mixed >> turn) | (mixed << ((32U - turn) & 31U));
  }
  /// 0 to 1, without 1.
  float uniform() { return static_cast<float>(next() >> 8U) * 0x1p-24F; }
  float between(float low, float high) { return low + (high - low) * uniform(); }
  /// Evenly over octaves, as ears count. Both above 0.
  float ratio_between(float low, float high) { return low * std::pow(high / low, uniform()); }
  /// Time to the next of events that come independently of each other.
  float wait(float mean) { return -mean * std::log(1.0F - uniform()); }
  /// 0 to count - 1.
  uint32_t below(uint32_t count) {
    return static_cast<uint32_t>((static_cast<uint64_t>(next()) * count) >> 32U);
  }
  /// Dice of their own for a part.
  dice fork() { return dice((static_cast<uint64_t>(next()) << 32U) | next()); }

private:
  static constexpr uint64_t step = 1442695040888963407ULL;
  uint64_t state_;
};

/// White noise, -1 to 1: one multiplication a sample.
class hiss {
public:
  explicit hiss(uint32_t seed) : state_(seed) {}
  float next() {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<float>(static_cast<int32_t>(state_)) * 0x1p-31F;
  }

private:
  uint32_t state_;
};

} // namespace hearth::sound
