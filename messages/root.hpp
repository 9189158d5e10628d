#pragma once
// What the process is told from outside: signals, and who looks after whom.
#include "messages/actors.hpp"
#include <string>
#include <utility>
#include <vector>

namespace hearth {

/// Stop everything in order and end with this exit code (0 orderly, 70 after a defect, 78 do not
/// restart).
struct stop_daemon {
  int exit_code = 0;
};
/// SIGHUP: read the settings file again.
struct reload_daemon {};
/// What a reload did.
struct reload_report {
  bool good = false;                ///< False: the file has mistakes and nothing was changed.
  std::vector<std::string> details; ///< One line for each change or mistake.
};
/// Everybody whom root supervises.
struct get_children {};
struct children {
  gateway_shard_actor shard;                            ///< Null while it waits for its restart.
  std::vector<std::pair<guild_id, guild_actor>> guilds; ///< Those that run.
  bool draining = false;
};
/// Ends the shard (`guild` 0) or a guild in order; it is started again at once.
struct restart_child {
  guild_id guild;
};
/// Every guild, now and to come, refuses new commands until told otherwise.
struct drain_guilds {
  bool on = true;
};
/// INTERNAL: the wait before a restart is over. guild 0 is the gateway shard.
struct restart_due {
  guild_id guild;
};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(stop_daemon)
HEARTH_LOCAL_MESSAGE(reload_daemon)
HEARTH_LOCAL_MESSAGE(reload_report)
HEARTH_LOCAL_MESSAGE(get_children)
HEARTH_LOCAL_MESSAGE(children)
HEARTH_LOCAL_MESSAGE(restart_child)
HEARTH_LOCAL_MESSAGE(drain_guilds)
HEARTH_LOCAL_MESSAGE(restart_due)

namespace hearth {

/// The supervisor of the process. One, spawned by main.
using root_actor = guild_supervisor_actor::extend<
    caf::reacts_to<stop_daemon>,                         // told by: main (signals), itself
    caf::replies_to<reload_daemon>::with<reload_report>, // told by: main (SIGHUP), steerer
    caf::replies_to<get_children>::with<children>,       // asked by: inspector, steerer
    caf::replies_to<restart_child>::with<stopped>,       // asked by: steerer
    caf::replies_to<drain_guilds>::with<stopped>,        // asked by: steerer
    caf::reacts_to<restart_due>>;                        // INTERNAL

} // namespace hearth
