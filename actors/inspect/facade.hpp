#pragma once
// What is published: hands questions on to the main system and nothing else.
#include "actors/inspect/at_home.hpp"
#include "messages/errc.hpp"
#include "messages/inspect_wire.hpp"
#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>

namespace hearth {

struct facade_limits {
  uint32_t under_way_max = 32;                  ///< Questions; more get errc::queue_full.
  std::chrono::milliseconds answer_max{60'000}; ///< Then the asker gets errc::deadline.
};

/// Lives in an actor system of its own, of which it is the only actor that a peer can reach. A peer
/// may end it; its port makes another. Nothing of it survives.
/// @param target Of the main system.
inspect_actor spawn_inspect_facade(caf::actor_system& system, inspect_actor target,
                                   facade_limits limits = {});
steer_actor spawn_steer_facade(caf::actor_system& system, steer_actor target,
                               facade_limits limits = {});

} // namespace hearth
