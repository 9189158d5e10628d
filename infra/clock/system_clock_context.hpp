#pragma once
// The system's clock, and whether it can be believed: a Raspberry Pi has none at boot.
#include "infra/clock/time_source.hpp"
#include <chrono>

namespace hearth {

/// True when the kernel's clock is disciplined by NTP: adjtimex(2) without STA_UNSYNC, or
/// systemd-timesyncd's mark /run/systemd/timesync/synchronized.
bool clock_synchronised();

/// The system's real time.
class system_time final : public time_source {
public:
  /// Believed at once when synchronised; else after `patience` (a machine without NTP has a clock
  /// that somebody set), counted from construction. Never before 2026.
  explicit system_time(std::chrono::seconds patience = std::chrono::minutes{3});

  instant now() const override;
  bool known() const override;

private:
  std::chrono::steady_clock::time_point believe_at_;
  mutable std::atomic<bool> known_{false};
};

} // namespace hearth
