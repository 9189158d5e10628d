#pragma once
// A recording that ends, played without end: its end and its beginning overlap. Pure.
#include "infra/sound/frame.hpp"
#include <deque>
#include <memory>
#include <span>

namespace hearth::sound {

/// Something that is read to its end and then from the beginning again.
class recording {
public:
  recording() = default;
  recording(const recording&) = delete;
  recording& operator=(const recording&) = delete;
  virtual ~recording() = default;

  /// Fills `out` (stereo by turns) as far as it can. @return Samples of both ears; fewer than
  /// asked: the end.
  virtual size_t read(std::span<float> out) = 0;
  /// Back to the beginning. @return False: it cannot.
  virtual bool rewind() = 0;
};

/// Silence once the recording fails (`failed`).
class looped final : public source {
public:
  /// @param gain Of everything. @param seconds Of the overlap; less for short recordings.
  looped(std::unique_ptr<recording> from, float gain, float seconds);

  void render(frame& out) override;
  bool failed() const { return failed_; }

private:
  void fill();

  std::unique_ptr<recording> from_;
  float gain_;
  size_t overlap_max_;      ///< Samples of both ears.
  std::deque<float> ahead_; ///< Read and not yet played, as long as an overlap and a frame.
  size_t overlap_ = 0;      ///< Of the present seam.
  size_t seam_at_ = 0;      ///< Samples of the seam that have been played.
  std::deque<float> tail_;  ///< The old end, while it overlaps the new beginning.
  size_t length_ = 0;       ///< Samples read since the beginning.
  bool ended_ = false, failed_ = false;
};

} // namespace hearth::sound
