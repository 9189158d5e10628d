#pragma once
// The schedule's tables behind messages: one transaction an answer, on the store thread.
#include "infra/store/store_context.hpp"
#include "messages/schedule_store.hpp"

namespace hearth {

/// Spawns the one store of all guilds' schedules, in stage "store"; it holds nothing in memory.
/// Stop it after every schedule.
schedule_store_actor spawn_schedule_store(caf::actor_system& system, store_context& store);

} // namespace hearth
