#pragma once
// The HTTP way in for interactions: what it is told and asked.
#include "messages/actors.hpp"

namespace hearth {

/// Takes interactions that did not come over the gateway. Part of the shard, which tells each guild
/// of them in order with everything else.
using interaction_sink_actor =
    caf::typed_actor<caf::reacts_to<interaction_ptr>>; // told by: interaction_endpoint
/// The shard as its spawner knows it; others are given gateway_shard_actor.
using shard_actor = gateway_shard_actor::extend<caf::reacts_to<interaction_ptr>>;

/// Where interactions go from now on.
struct use_shard {
  interaction_sink_actor shard;
};
struct get_endpoint_status {};
struct endpoint_status {
  uint16_t port = 0;         ///< 0: not listening, the key is not known yet.
  uint64_t pings = 0;        ///< Answered.
  uint64_t interactions = 0; ///< Passed on.
  uint64_t refused = 0;      ///< 401: forged, stale or without a signature.
  uint64_t malformed = 0;    ///< Signed, but no interaction.
  uint64_t unserved = 0;     ///< 503: there was no shard.
  uint64_t turned_away = 0;  ///< Connections over the bound.
  uint32_t connections = 0;  ///< Open now.
};
/// INTERNAL: the wait before the key is asked for again is over.
struct ask_for_key {};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(use_shard)
HEARTH_LOCAL_MESSAGE(get_endpoint_status)
HEARTH_LOCAL_MESSAGE(endpoint_status)
HEARTH_LOCAL_MESSAGE(ask_for_key)

namespace hearth {

/// Takes signed interactions by HTTP. Runs on the gateway I/O thread. At most one.
using interaction_endpoint_actor =
    caf::typed_actor<caf::reacts_to<use_shard>, // told by: root's functions, at each shard's start
                     caf::replies_to<get_endpoint_status>::with<endpoint_status>,
                     caf::reacts_to<ask_for_key>>; // INTERNAL

} // namespace hearth
