#pragma once
// Looking after the database: retention, purges, backups.
#include "messages/actors.hpp"
#include "messages/clock.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

/// Removes what is older than it may be kept, and all of guilds that removed the bot long ago.
struct apply_retention_rules {
  instant now;
  int64_t audit_keep_days = 365;
  int64_t purge_delay_days = 30;
};
struct retention_applied {
  int64_t rows = 0;
  std::vector<guild_id> purged;
};

/// How the database is looked after; told at start and at each reload.
struct keeper_plan {
  std::string zone = "UTC"; ///< IANA name, for `minute`.
  int32_t minute = 250; ///< Local minute of the day, 0..1439: the backup; old rows go before it.
  int64_t backup_count = 7; ///< Daily copies kept.
  int64_t audit_keep_days = 365;
  int64_t purge_delay_days = 30;
};
/// A verified copy to a file of an operator's choice.
struct copy_to {
  std::string file; ///< Absolute; must not exist.
};
struct copied {
  std::string file;
  int64_t bytes = 0;
};
/// Checks the whole database now (after a stop that was not orderly).
struct check_database {};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(apply_retention_rules)
HEARTH_LOCAL_MESSAGE(retention_applied)
HEARTH_LOCAL_MESSAGE(keeper_plan)
HEARTH_LOCAL_MESSAGE(check_database)
HEARTH_LOCAL_MESSAGE(copy_to)
HEARTH_LOCAL_MESSAGE(copied)

namespace hearth {

/// On the store thread; one. Answers after COMMIT. Asked by: store_keeper.
/// @errors store_failed
using retention_store_actor =
    caf::typed_actor<caf::replies_to<apply_retention_rules>::with<retention_applied>>;

/// Backups and checks, on a thread of its own; one. Its daily jobs "backup" and "retention" are
/// planned with the clock as those of guild 0.
using store_keeper_actor =
    job_runner_actor::extend<caf::reacts_to<keeper_plan>,    // told by: main, at start and reload
                             caf::reacts_to<check_database>, // told by: main, after a crash
                             caf::replies_to<copy_to>::with<copied>>; // asked by: steerer

} // namespace hearth
