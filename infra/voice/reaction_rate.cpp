#include "infra/voice/reaction_rate.hpp"

namespace hearth {

namespace {

constexpr int64_t minute_ms = 60'000;
constexpr size_t channels_max = 256;

} // namespace

bool reaction_rate::take(channel_id channel, instant now) {
  // Also those that lie ahead, because the clock went back.
  std::erase_if(taken_, [&](instant at) { return at.ms + minute_ms <= now.ms || at > now; });
  const auto last = last_.find(channel);
  const auto soon =
      last != last_.end() && now >= last->second && now.ms < last->second.ms + channel_gap_ms;
  if (soon || taken_.size() >= burst_max)
    return false;
  if (last_.size() >= channels_max)
    last_.clear();
  last_[channel] = now;
  taken_.push_back(now);
  return true;
}

} // namespace hearth
