#pragma once
// The machine's own clocks, for deadlines of I/O and for what other programs are told. Domain time
// is time_source's.
#include <chrono>
#include <cstdint>

namespace hearth {

/// CLOCK_MONOTONIC, milliseconds.
inline int64_t steady_ms() noexcept {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}
/// Unix milliseconds. Moves when the machine's clock is set.
inline int64_t system_ms() noexcept {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

} // namespace hearth
