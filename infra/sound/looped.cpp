#include "infra/sound/looped.hpp"
#include "infra/sound/filters.hpp"
#include "infra/sound/soundscape.hpp"
#include <utility>

namespace hearth::sound {
namespace {

constexpr size_t shortest = 4'800; ///< 0.1 s: less is no recording.

} // namespace

looped::looped(std::unique_ptr<recording> from, float gain, float seconds)
    : from_(std::move(from)), gain_(gain),
      overlap_max_(static_cast<size_t>(seconds * static_cast<float>(sample_rate))) {}

/// Reads until an overlap and a frame lie ahead, or to the end.
void looped::fill() {
  auto some = frame{};
  while (!ended_ && ahead_.size() < 2 * (overlap_max_ + frame_samples)) {
    const auto count = from_->read(some);
    length_ += count;
    ahead_.insert(ahead_.end(), some.begin(),
                  some.begin() + static_cast<std::ptrdiff_t>(2 * count));
    ended_ = count < frame_samples;
  }
}

void looped::render(frame& out) {
  out.fill(0);
  for (auto i = size_t{0}; i < frame_samples && !failed_; ++i) {
    if (tail_.empty()) {
      if (ahead_.size() < 2 * (overlap_max_ + frame_samples))
        fill();
      // What is left is the overlap: the beginning comes in over it.
      const auto overlap = std::min(overlap_max_, length_ / 4);
      if (ended_ && ahead_.size() <= 2 * overlap) {
        if (length_ < shortest || !from_->rewind()) {
          failed_ = true;
          return;
        }
        tail_ = std::exchange(ahead_, {});
        overlap_ = tail_.size() / 2;
        seam_at_ = 0;
        length_ = 0;
        ended_ = false;
        fill();
      }
    }
    if (ahead_.size() < 2) {
      failed_ = true;
      return;
    }
    auto left = ahead_[0], right = ahead_[1];
    ahead_.erase(ahead_.begin(), ahead_.begin() + 2);
    if (!tail_.empty()) {
      const auto angle = static_cast<float>(++seam_at_) / static_cast<float>(overlap_) * pi / 2;
      left = left * std::sin(angle) + tail_[0] * std::cos(angle);
      right = right * std::sin(angle) + tail_[1] * std::cos(angle);
      tail_.erase(tail_.begin(), tail_.begin() + 2);
    }
    out[2 * i] = bend_peak(gain_ * left);
    out[2 * i + 1] = bend_peak(gain_ * right);
  }
}

} // namespace hearth::sound
