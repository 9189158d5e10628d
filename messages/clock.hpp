#pragma once
// Domain time: waits that survive restarts, in a guild's own zone. Plain data.
#include "messages/ids.hpp"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// An absolute domain time, Unix milliseconds UTC.
struct instant {
  int64_t ms = 0;
  auto operator<=>(const instant&) const = default;
};

/// Asks for one `woken` with the same tag at or after `at` (at once when past). A second one with
/// the same listener and tag replaces the first; `at` 0 withdraws it.
struct wake_at {
  std::string tag;
  instant at;
};
struct woken {
  std::string tag;
  instant now;
};

/// When a declared job is to run in one guild.
struct job_plan {
  std::string job;        ///< Its declared name, such as "daily_schedule".
  int32_t minute = 420;   ///< Local minute of the day, 0..1439.
  uint8_t weekdays = 127; ///< Bit 0 = Monday.
  bool enabled = true;
};
/// All of a guild's jobs; replaces what was known. Missed periods are caught up at once, the newest
/// one only.
struct plan_jobs {
  guild_id guild;
  std::string zone; ///< IANA name.
  std::vector<job_plan> jobs;
};
/// Run this job now. The period is done when the answer is `job_done`; an error is retried with
/// backoff.
struct job_due {
  guild_id guild;
  std::string job;
  std::string period;  ///< Local date "2026-11-20": exactly one success per guild, job and period.
  instant due;         ///< When it should have run.
  bool forced = false; ///< An operator asked; runs although the period is done.
};
struct job_done {};
struct drop_guild_jobs {
  guild_id guild;
};

/// All jobs of all guilds. Answered as the remote client gets it.
struct get_jobs {};
struct job_list;
using job_list_ptr = std::shared_ptr<const job_list>;
/// Starts no jobs, forced ones included, until told otherwise. Those under way go on.
struct pause_jobs {
  bool on = true;
};

/// discord-sim moved domain time (tests, sandbox only).
struct time_moved {
  instant now;
};
/// Everything due until then was told and answered.
struct time_settled {};

} // namespace hearth
