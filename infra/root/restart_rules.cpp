#include "infra/root/restart_rules.hpp"
#include <algorithm>

namespace hearth {

std::optional<int64_t> next_restart(restart_history& history, const restart_limits& limits,
                                    int64_t now_ms) {
  auto& deaths = history.at_ms;
  deaths.erase(deaths.begin(), std::find_if(deaths.begin(), deaths.end(), [&](int64_t at_ms) {
                 return at_ms > now_ms - limits.window_ms;
               }));
  if (history.at_ms.size() >= limits.restarts_max)
    return std::nullopt;
  auto wait = limits.backoff_ms_min;
  for (size_t i = 0; i < history.at_ms.size() && wait < limits.backoff_ms_max; ++i)
    wait *= 2;
  history.at_ms.push_back(now_ms);
  return std::min(wait, limits.backoff_ms_max);
}

} // namespace hearth
