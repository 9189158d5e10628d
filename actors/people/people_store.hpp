#pragma once
// The people's table behind messages: one transaction an answer, on the store thread.
#include "infra/store/store_context.hpp"
#include "messages/people_store.hpp"

namespace hearth {

/// Spawns the one store of names and zones, in stage "store"; it holds nothing in memory. Stop it
/// after every guild.
people_store_actor spawn_people_store(caf::actor_system& system, store_context& store);

} // namespace hearth
