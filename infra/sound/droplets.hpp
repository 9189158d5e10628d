#pragma once
// Many short sounds by chance: drops, crackles, insects of a meadow. Pure.
#include "infra/sound/filters.hpp"
#include "infra/sound/part.hpp"

namespace hearth::sound {

struct drop_shape {
  float per_second = 20;
  float low_hz = 800, high_hz = 4'000; ///< Pitch, evenly over octaves.
  float short_ms = 2, long_ms = 8;     ///< Time to fall to a third.
  float gain = 0.1F;
  float chirp =
      0; ///< Octaves that the pitch rises while it falls to a third; a bubble in water has 0.3.
  float click = 0;    ///< Share of noise at the onset, 0 to 1: 1 is a dry crackle.
  float click_ms = 1; ///< Time for the noise to fall to a third.
  float spread = 1;   ///< From the middle (0) to both sides (1).
  float clumps = 0;   ///< Share that comes right after another one, 0 to 0.9.
};

class droplets final : public part {
public:
  droplets(const drop_shape& shape, dice chance);
  void add(split_frame& out) override;

private:
  static constexpr size_t drops_max = 64; ///< At once; more are not heard apart anyway.
  struct drop {
    float re = 0, im = 0, turn_re = 1, turn_im = 0, bend_re = 1, bend_im = 0;
    float noise = 0, fade = 0;
    float left = 0, right = 0;
    uint32_t start = 0; ///< Sample of this frame at which it begins.
    uint32_t rest = 0;  ///< Samples that it still has.
  };
  void begin(uint32_t start);

  drop_shape shape_;
  dice chance_;
  hiss white_;
  float wait_; ///< Samples until the next one.
  std::array<drop, drops_max> drops_{};
  size_t count_ = 0; ///< Those in use are at the front.
};

} // namespace hearth::sound
