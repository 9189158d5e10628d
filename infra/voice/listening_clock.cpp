#include "infra/voice/listening_clock.hpp"
#include <algorithm>

namespace hearth {

void listening_clock::update(instant now, const std::vector<user_id>& listeners) {
  for (auto at = since_.begin(); at != since_.end();) {
    if (std::find(listeners.begin(), listeners.end(), at->first) != listeners.end()) {
      ++at;
      continue;
    }
    end(at->first, at->second, now);
    at = since_.erase(at);
  }
  for (const auto user : listeners)
    since_.try_emplace(user, now);
}

void listening_clock::cut(instant now) {
  for (auto& [user, since] : since_) {
    end(user, since, now);
    since = now; // also when the clock went back
  }
}

void listening_clock::committed(size_t count) {
  waiting_.erase(waiting_.begin(),
                 waiting_.begin() + static_cast<ptrdiff_t>(std::min(count, waiting_.size())));
}

void listening_clock::end(user_id user, instant since, instant now) {
  if (now <= since)
    return;
  const auto to = instant{std::min(now.ms, since.ms + slice_ms_max)};
  if (waiting_.size() >= waiting_max)
    waiting_.erase(waiting_.begin());
  waiting_.push_back({user, since, to});
}

} // namespace hearth
