#pragma once
// When a dead actor is started again: backoff that doubles, and a limit on how often. Pure.
#include <cstdint>
#include <optional>
#include <vector>

namespace hearth {

/// Limits of one supervised child.
struct restart_limits {
  int64_t backoff_ms_min = 100;
  int64_t backoff_ms_max = 30'000;
  uint32_t restarts_max = 10; ///< Within `window_ms`; one more and it stays down.
  int64_t window_ms = 600'000;
};

/// The restarts of one child so far.
struct restart_history {
  std::vector<int64_t> at_ms; ///< Steady times, newest last, none older than the window.
};

/// Notes a death at `now_ms`. Returns the wait before the restart in milliseconds, or nothing when
/// the child died too often and must stay down.
std::optional<int64_t> next_restart(restart_history& history, const restart_limits& limits,
                                    int64_t now_ms);

} // namespace hearth
