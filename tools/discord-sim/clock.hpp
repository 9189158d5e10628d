#pragma once
// The simulator's two clocks. Domain time (ids, timestamps, interaction expiry, time-outs of
// members) is the system clock plus an offset that tests move; everything about I/O (heartbeats,
// zombies, rate windows, resume windows) uses the steady clock and never moves. Simulator's own
// extension.
#include "discord-sim/types.hpp"

namespace sim {

using steady = std::chrono::steady_clock;

class domain_clock {
public:
  /// Starts at the system's time, or stands relative to `start` when it is not 0.
  explicit domain_clock(unix_ms start = 0);

  /// Domain time now.
  unix_ms now() const;
  /// Adds to the offset; negative goes back (ids stay increasing all the same).
  void move(std::chrono::milliseconds by);
  /// Makes now() return `at`, from where it runs on.
  void set(unix_ms at);
  /// Stops or restarts the flow of time; while stopped only move() and set() change it.
  void freeze(bool on);
  bool frozen() const { return frozen_; }

private:
  std::int64_t offset_ms_ = 0;
  bool frozen_ = false;
  unix_ms frozen_at_ = 0;
};

/// Makes ids of the domain time, strictly increasing; `seed` fills worker and process (10 bits).
class id_source {
public:
  explicit id_source(std::uint64_t seed = 0) : node_((seed * 0x9e3779b97f4a7c15ull) >> 54) {}
  snowflake next(unix_ms now);

private:
  std::uint64_t node_;
  snowflake last_ = 0;
};

} // namespace sim
