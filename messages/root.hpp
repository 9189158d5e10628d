#pragma once
// What the process is told from outside: signals, and who looks after whom.
#include "messages/actors.hpp"

namespace hearth {

/// Stop everything in order and end with this exit code (0 orderly, 70 after a defect, 78 do not
/// restart).
struct stop_daemon {
  int exit_code = 0;
};
/// SIGHUP: read the settings file again.
struct reload_daemon {};
/// INTERNAL: the wait before a restart is over. guild 0 is the gateway shard.
struct restart_due {
  guild_id guild;
};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(stop_daemon)
HEARTH_LOCAL_MESSAGE(reload_daemon)
HEARTH_LOCAL_MESSAGE(restart_due)

namespace hearth {

/// The supervisor of the process. One, spawned by main.
using root_actor =
    guild_supervisor_actor::extend<caf::reacts_to<stop_daemon>,   // told by: main (signals), itself
                                   caf::reacts_to<reload_daemon>, // told by: main (SIGHUP)
                                   caf::reacts_to<restart_due>>;  // INTERNAL

} // namespace hearth
