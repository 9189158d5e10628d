#pragma once
// Thunder far away. Pure.
#include "infra/sound/filters.hpp"
#include "infra/sound/part.hpp"

namespace hearth::sound {

struct thunder_shape {
  float mean_s = 40; ///< From the end of one to the next.
  float gain = 1;
  float edge_hz = 180; ///< The nearer, the higher.
};

class thunder final : public part {
public:
  thunder(const thunder_shape& shape, dice chance);
  void add(split_frame& out) override;

private:
  static constexpr size_t rolls_max = 9;
  /// One flash is heard as several rolls, from all along its path.
  struct roll {
    float wait = 0; ///< Frames.
    float level = 0, rise = 0, fall = 0, side = 0;
    float now = 0;
    bool falling = false;
  };
  void strike();

  thunder_shape shape_;
  dice chance_;
  float wait_; ///< Frames until the next one.
  std::array<roll, rolls_max> rolls_{};
  size_t count_ = 0;
  hiss white_;
  brown_filter brown_;
  state_filter left_edge_, right_edge_;
  glide left_, right_;
};

} // namespace hearth::sound
