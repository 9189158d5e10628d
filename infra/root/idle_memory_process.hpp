#pragma once
// Gives memory back to the kernel once the start is over.
#include <atomic>
#include <cstdint>
#include <limits>

namespace hearth {

/// Processor time of the whole process so far, milliseconds.
int64_t process_cpu_ms();

/// A start runs through code that is not run again, and leaves free blocks in the heap: two thirds
/// of what is resident then. At the end of the first ten seconds in which the process does next to
/// nothing all pages of code and constants are let go, and free blocks; what is used comes back
/// page by page, from the page cache. Owned by main.
class idle_memory {
public:
  static constexpr int64_t period_ms = 10'000;
  static constexpr int64_t calm_cpu_ms_max = 200; ///< In one period.

  /// The start is over, at steady `now_ms`. From any thread.
  void started(int64_t now_ms) noexcept { look_at_ms_ = now_ms + period_ms; }
  /// When act() is due, steady milliseconds.
  int64_t next_ms() const noexcept { return look_at_ms_; }
  /// Looks whether it is calm, when that is due.
  void act(int64_t now_ms, int64_t cpu_ms = process_cpu_ms());

private:
  std::atomic<int64_t> look_at_ms_{std::numeric_limits<int64_t>::max()};
  int64_t cpu_ms_ = 0; ///< At the last look.
};

} // namespace hearth
