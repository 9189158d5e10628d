#include "infra/clock/system_clock_context.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include <sys/timex.h>
#include <unistd.h>

namespace hearth {
namespace {

/// 2026-01-01: a clock that shows less was never set.
constexpr auto before_this_program = instant{1'767'225'600'000};

} // namespace

bool clock_synchronised() {
  auto query = timex{}; // modes 0: only asks
  const auto state = ::adjtimex(&query);
  if (state >= 0 && state != TIME_ERROR && (query.status & STA_UNSYNC) == 0)
    return true;
  return ::access("/run/systemd/timesync/synchronized", F_OK) == 0;
}

system_time::system_time(std::chrono::seconds patience)
    : believe_at_(std::chrono::steady_clock::now() + patience) {}

instant system_time::now() const { return {system_ms()}; }

bool system_time::known() const {
  if (known_)
    return true;
  if (now() < before_this_program)
    return false;
  if (clock_synchronised() || std::chrono::steady_clock::now() >= believe_at_)
    known_ = true;
  return known_;
}

} // namespace hearth
