#pragma once
// Measured load: who is connected, and interactions at a rate with the time to each answer (own
// control, not Discord's).
#include "discord-sim/activity.hpp"

namespace sim {

/// Adds two routes.
/// `GET /sim/gateway`: {"sessions": [{"application", "connected", "pending", "seq",
/// "beaten_seq"}]}; pending = guilds that are still to be sent. `POST /sim/load {"as",
/// "channel_id", "name", "options"?, "count", "per_second", "patience_ms"?}`: runs that slash
/// command `count` times at the rate. The first one waits until its application is connected, has
/// all guilds and knows the command (at most patience_ms, 60000). Answered when all are:
/// {"answered", "failed", "us": [time to the first answer of each, ascending], "first_ns"}:
/// monotonic time (CLOCK_MONOTONIC) of the first answer.
void add_load_routes(activity& a);

} // namespace sim
