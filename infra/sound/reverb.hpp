#pragma once
// A light room: eight delays that feed each other (Jot's network with a Householder matrix). Pure.
#include "infra/sound/filters.hpp"
#include "infra/sound/frame.hpp"
#include <vector>

namespace hearth::sound {

struct room_shape {
  float size = 1;       ///< 0.3 a chamber, 1 a hall.
  float decay_s = 2.5F; ///< Time to fall by 60 dB.
  float damping_hz = 5'000;
};

class reverb {
public:
  explicit reverb(const room_shape& shape);
  /// Adds the echo of `in` to `out`; both may be the same frame.
  void add(const split_frame& in, split_frame& out, float gain);

private:
  static constexpr size_t line_count = 8;
  struct line {
    std::vector<float> memory;
    size_t at = 0;
    float back = 0; ///< What comes back after one round.
    one_pole damping;
  };
  std::array<line, line_count> lines_;
};

} // namespace hearth::sound
