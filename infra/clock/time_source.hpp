#pragma once
// Domain time is injected: rules and actors ask one of these, never the system's clock.
#include "messages/clock.hpp"
#include <atomic>

namespace hearth {

/// Tells what time it is. Called from any thread.
class time_source {
public:
  virtual ~time_source() = default;
  virtual instant now() const = 0;
  /// False while now() may be wrong by hours (a Pi at boot, discord-sim not heard of yet): nothing
  /// that depends on the date may be done then.
  virtual bool known() const { return true; }
};

/// Time as somebody sets it: tests, and discord-sim through `time_moved`. Unknown until first set.
class driven_time final : public time_source {
public:
  /// Stands still between two set() when `flow` is null, else runs on as `flow` does. Until set it
  /// shows the time of `flow`, or 0.
  explicit driven_time(const time_source* flow = nullptr) : flow_(flow) {}

  instant now() const override { return {base() + offset_ms_.load(std::memory_order_acquire)}; }
  bool known() const override { return known_.load(std::memory_order_acquire); }
  /// From now on it is `at`; may go back.
  void set(instant at) {
    offset_ms_.store(at.ms - base(), std::memory_order_release);
    known_.store(true, std::memory_order_release);
  }

private:
  int64_t base() const { return flow_ ? flow_->now().ms : 0; }

  const time_source* flow_;
  std::atomic<int64_t> offset_ms_{0};
  std::atomic<bool> known_{false};
};

} // namespace hearth
