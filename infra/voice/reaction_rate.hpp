#pragma once
// How often keyword reactions may go. Pure. Source: features A5, which had no limit.
#include "messages/clock.hpp"
#include "messages/ids.hpp"
#include <cstddef>
#include <deque>
#include <map>

namespace hearth {

/// Reactions are spared where much is said: per channel one in `channel_gap_ms`, per guild
/// `burst_max` in a minute.
class reaction_rate {
public:
  static constexpr int64_t channel_gap_ms = 30'000;
  static constexpr size_t burst_max = 10;
  /// Whether one more may go now; counts it then.
  bool take(channel_id channel, instant now);

private:
  std::map<channel_id, instant> last_;
  std::deque<instant> taken_; ///< Of the last minute.
};

} // namespace hearth
