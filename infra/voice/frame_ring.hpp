#pragma once
// Encoded sound on its way from who renders it to who sends it: a bounded ring between two threads,
// without locks. Pure.
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace hearth::voice {

constexpr int64_t frame_ms = 20;
constexpr int64_t frame_ns = frame_ms * 1'000'000;
constexpr size_t opus_frame_max = 1'275; ///< Bytes. Source: RFC 6716 3.4.

/// One encoded 20 ms; never changes once made, and may be in many rings.
using opus_frame = std::vector<uint8_t>;
using frame_ptr = std::shared_ptr<const opus_frame>;

/// Frames in order. One thread puts, one takes; either may look at the size.
class frame_ring {
public:
  explicit frame_ring(size_t frames_max) : slots_(frames_max) {}
  frame_ring(const frame_ring&) = delete;
  frame_ring& operator=(const frame_ring&) = delete;

  /// False when it is full: nothing was put.
  bool put(frame_ptr frame) {
    const auto put = put_.load(std::memory_order_relaxed);
    if (put - taken_.load(std::memory_order_acquire) == slots_.size())
      return false;
    slots_[put % slots_.size()] = std::move(frame);
    put_.store(put + 1, std::memory_order_release);
    return true;
  }
  /// Null when it is empty.
  frame_ptr take() {
    const auto taken = taken_.load(std::memory_order_relaxed);
    if (taken == put_.load(std::memory_order_acquire))
      return nullptr;
    auto frame = std::move(slots_[taken % slots_.size()]);
    taken_.store(taken + 1, std::memory_order_release);
    return frame;
  }

  size_t size() const noexcept {
    // In this order: a frame that is put meanwhile must not make the difference negative.
    const auto taken = taken_.load(std::memory_order_acquire);
    return static_cast<size_t>(put_.load(std::memory_order_acquire) - taken);
  }
  size_t capacity() const noexcept { return slots_.size(); }
  /// Since the beginning.
  uint64_t frames_put() const noexcept { return put_.load(std::memory_order_acquire); }
  uint64_t frames_taken() const noexcept { return taken_.load(std::memory_order_acquire); }

private:
  std::vector<frame_ptr> slots_;
  alignas(64) std::atomic<uint64_t> put_{0};
  alignas(64) std::atomic<uint64_t> taken_{0};
};

using ring_ptr = std::shared_ptr<frame_ring>;

} // namespace hearth::voice
