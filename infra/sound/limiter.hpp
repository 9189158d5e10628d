#pragma once
// Keeps a mix below full scale. Pure.
#include "infra/sound/frame.hpp"

namespace hearth::sound {

/// Turns the whole frame down where its peaks ask for it and back up slowly. Leaves what needs
/// nothing exactly as it is, and delays nothing: a mix of one soundscape is the soundscape.
class limiter {
public:
  void apply(frame& mix);
  /// Whether it is turning anything down at present.
  bool working() const { return gain_ < 1; }

private:
  float gain_ = 1; ///< At the end of the last frame.
};

} // namespace hearth::sound
