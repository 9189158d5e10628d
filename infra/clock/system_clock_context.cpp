#include "infra/clock/system_clock_context.hpp"
#include <sys/timex.h>
#include <unistd.h>

namespace hearth {

bool clock_synchronised() {
  auto query = timex{}; // modes 0: only asks
  const auto state = ::adjtimex(&query);
  if (state >= 0 && state != TIME_ERROR && (query.status & STA_UNSYNC) == 0)
    return true;
  return ::access("/run/systemd/timesync/synchronized", F_OK) == 0;
}

system_time::system_time(std::chrono::seconds patience)
    : believe_at_(std::chrono::steady_clock::now() + patience) {}

instant system_time::now() const {
  using namespace std::chrono;
  return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

bool system_time::known() const {
  if (known_)
    return true;
  if (clock_synchronised() || std::chrono::steady_clock::now() >= believe_at_)
    known_ = true;
  return known_;
}

} // namespace hearth
