#pragma once
// Gains that change without being heard as a step. Pure.
#include "infra/sound/filters.hpp"

namespace hearth::sound {

/// Goes from gain to gain so that power changes evenly: what fades out and what fades in over it
/// are together as loud as either. Moved on once a frame.
class fade {
public:
  explicit fade(float start) : from_(start), to_(start), now_(start) {}

  /// @param seconds At least one frame, so that nothing clicks.
  void toward(float target, float seconds) {
    from_ = now_;
    to_ = target;
    at_ = 0;
    frames_ = std::max(1.0F, std::round(seconds * static_cast<float>(frames_per_second)));
  }
  /// The same, unless that is the way it goes already.
  void steer(float target, float seconds) {
    if (target != to_)
      toward(target, seconds);
  }
  /// The gain at the end of the coming frame.
  float next() {
    if (at_ < frames_ && ++at_ < frames_) {
      const auto share = 0.5F - 0.5F * std::cos(pi * at_ / frames_);
      now_ = std::sqrt(from_ * from_ + (to_ * to_ - from_ * from_) * share);
    } else {
      now_ = to_;
    }
    return now_;
  }
  float now() const { return now_; }
  float target() const { return to_; }
  bool resting() const { return at_ >= frames_; }

private:
  float from_, to_, now_;
  float at_ = 0, frames_ = 0;
};

} // namespace hearth::sound
