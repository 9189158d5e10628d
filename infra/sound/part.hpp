#pragma once
// A soundscape is a sum of parts. Pure.
#include "infra/sound/dice.hpp"
#include "infra/sound/frame.hpp"
#include <memory>
#include <vector>

namespace hearth::sound {

/// One instrument of a soundscape. Has no beginning: its first frame sounds like any other.
class part {
public:
  part() = default;
  part(const part&) = delete;
  part& operator=(const part&) = delete;
  virtual ~part() = default;

  /// Adds the next 20 ms to what others have put there.
  virtual void add(split_frame& out) = 0;
};
using parts = std::vector<std::unique_ptr<part>>;

/// Equal power from left (-1) to right (1).
struct pan_gains {
  float left, right;
};
pan_gains pan(float position);

// The families, each in a file of its own. @param variant 1 to 5.
parts make_rain(int variant, dice chance);
parts make_wind(int variant, dice chance);
parts make_sea(int variant, dice chance);
parts make_sparkles(int variant, dice chance);
parts make_stars(int variant, dice chance);
parts make_music(int variant, dice chance);
parts make_fire(int variant, dice chance);
parts make_train(int variant, dice chance);
parts make_night(int variant, dice chance);
parts make_noise(int variant, dice chance);

} // namespace hearth::sound
