#include "infra/root/restart_rules.hpp"
#include <algorithm>

namespace hearth {

std::optional<int64_t> next_restart(restart_history& history, const restart_limits& limits,
                                    int64_t now_ms) {
  while (!history.at_ms.empty() && history.at_ms.front() <= now_ms - limits.window_ms)
    history.at_ms.pop_front();
  if (history.at_ms.size() >= limits.restarts_max)
    return std::nullopt;
  auto wait = limits.backoff_ms_min;
  for (size_t i = 0; i < history.at_ms.size() && wait < limits.backoff_ms_max; ++i)
    wait *= 2;
  history.at_ms.push_back(now_ms);
  return std::min(wait, limits.backoff_ms_max);
}

} // namespace hearth
