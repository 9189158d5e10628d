#pragma once
// Wind that rises and falls, and sings where it meets an edge. Pure.
#include "infra/sound/filters.hpp"
#include "infra/sound/part.hpp"

namespace hearth::sound {

struct gust_shape {
  float gain = 1;
  float calm_hz = 220, storm_hz = 650; ///< Where most of it is, at its weakest and strongest.
  float seconds = 5;                   ///< From turn to turn.
  float depth = 0.8F;                  ///< How much of it goes in a lull, 0 to 1.
  float q = 0.9F;                      ///< Resonance: 0.7 is a plain rush, 15 whistles.
};

class gusts final : public part {
public:
  gusts(const gust_shape& shape, dice chance);
  void add(split_frame& out) override;

private:
  struct ear {
    hiss white;
    pink_filter pink;
    state_filter body;
    glide gain;
  };
  gust_shape shape_;
  drift slow_, quick_, lean_;
  std::array<ear, 2> ears_;
};

} // namespace hearth::sound
