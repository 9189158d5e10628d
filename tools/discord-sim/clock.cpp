#include "discord-sim/clock.hpp"

namespace sim {

namespace {

unix_ms system_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

} // namespace

domain_clock::domain_clock(unix_ms start) {
  if (start != 0)
    set(start);
}

unix_ms domain_clock::now() const { return frozen_ ? frozen_at_ : system_ms() + offset_ms_; }

void domain_clock::move(std::chrono::milliseconds by) {
  offset_ms_ += by.count();
  frozen_at_ += by.count();
}

void domain_clock::set(unix_ms at) {
  offset_ms_ = at - system_ms();
  frozen_at_ = at;
}

void domain_clock::freeze(bool on) {
  if (on == frozen_)
    return;
  const auto at = now();
  frozen_ = on;
  set(at);
}

snowflake id_source::next(unix_ms now) {
  const auto ms = static_cast<snowflake>(now > discord_epoch_ms ? now - discord_epoch_ms : 0);
  const snowflake base = ms << 22 | node_ << 12;
  // Increment 12 bits; when they are used up, or time went back, borrow from the future.
  last_ = base > last_ ? base : last_ + 1;
  return last_;
}

} // namespace sim
