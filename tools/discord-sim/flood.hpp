#pragma once
// Floods a bot with pre-built events, for measurements: POST /sim/flood (own control, not
// Discord's).
#include "discord-sim/core.hpp"

namespace sim {

/// Adds `POST /sim/flood {"token": "sandbox", "events": N, "per_second": 0}`: sends N guild events
/// of the mix of goals.md (messages, presences, typing, reactions, voice; mean about 930 bytes) to
/// the sessions of that application, as fast as they read (or at a rate), then asks for a heartbeat
/// (op 1) and answers once the client has acknowledged the last sequence number:
/// {"events","bytes","ms","acknowledged"}.
void add_flood_route(core& c);

} // namespace sim
