#pragma once
// How many payloads may be sent on one gateway connection. Pure. Source: discord-api 1.1.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace hearth {

/// Largest payload that Discord takes, in bytes.
constexpr size_t gateway_payload_bytes_max = 4096;

struct send_limits {
  uint32_t payloads_max = 120; ///< In `window_ms`; one more and Discord closes with 4008.
  uint32_t reserve = 10;       ///< Of these, kept for heartbeats.
  int64_t window_ms = 60'500;  ///< 60 s and a margin for clocks that differ.
  uint32_t presences_max = 5;  ///< Presence updates in `presence_window_ms`.
  int64_t presence_window_ms = 20'500;
};

/// Counts what one connection sent. A new connection starts with a new window.
class send_window {
public:
  explicit send_window(send_limits limits = {}) : limits_(limits) {}

  /// A heartbeat, identify or resume left: these never wait, but they count.
  void sent_urgent(int64_t now_ms);
  /// Takes a place for an ordinary payload at `now_ms`. Nothing when it may leave now; else how
  /// many milliseconds until it may be asked again (and nothing is taken).
  std::optional<int64_t> take(int64_t now_ms, bool presence);

private:
  void forget(int64_t now_ms);

  send_limits limits_;
  std::deque<int64_t> sent_ms_;     ///< Times of all payloads inside the window.
  std::deque<int64_t> presence_ms_; ///< Times of presence updates inside theirs.
};

} // namespace hearth
