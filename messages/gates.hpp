#pragma once
// Discord's rate limits as they stand: what waits where, for status pages. Plain data.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// Requests that are limited together by their route and its channel, guild or webhook.
struct gate_figures {
  std::string route; ///< "POST /channels/{}/messages".
  std::string major; ///< That id; "***" where a token is part of it.
  uint32_t waiting = 0;
  uint32_t in_flight = 0;
  std::optional<uint32_t> limit;     ///< Of the tightest bucket; none while it is not known.
  std::optional<uint32_t> remaining; ///< What may still leave in its window.
  int64_t resets_in_ms = 0;          ///< Until the window ends; 0: not told.
  int64_t held_for_ms = 0;           ///< A refusal holds it back for so long; 0: none does.
};

struct get_gates {
  size_t count_max = 100; ///< The busiest ones.
};
struct gate_list {
  std::vector<gate_figures> gates; ///< Most waiting first, then most under way.
  size_t all = 0;                  ///< How many there are.
};

} // namespace hearth
