#pragma once
// Telling the world outside how the daemon is: alerts, and the beat of an uptime monitor.
#include "messages/actors.hpp"
#include <cstdint>
#include <string>

namespace hearth {

/// An address that the operator gave and that holds a password: only its caller knows it.
enum class outside : uint8_t { alert_webhook, uptime_push };

/// One call of such an address.
struct call_outside {
  outside where = outside::alert_webhook;
  std::string query; ///< Replaces the address' own; without "?". Empty: none is changed.
  std::string body;  ///< JSON, sent with POST; empty: GET.
};
/// The HTTP status; an errc when there was none.
struct called {
  uint16_t status = 0;
};
/// INTERNAL: look at the daemon's health.
struct watch_tick {};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(call_outside)
HEARTH_LOCAL_MESSAGE(called)
HEARTH_LOCAL_MESSAGE(watch_tick)

namespace hearth {

/// Calls addresses outside, on the REST I/O thread. One.
/// @errors not_found (no such address was given), unreachable, stopping
using outside_actor =
    caf::typed_actor<caf::replies_to<call_outside>::with<called>>; // asked by: watcher

/// Looks at the daemon's health and tells the operator. One.
using watcher_actor = caf::typed_actor<caf::reacts_to<watch_tick>>; // INTERNAL

} // namespace hearth
