#pragma once
// The store of ambience: a thin actor over infra/voice/ambience_db, on the store thread.
#include "infra/store/store_context.hpp"
#include "messages/ambience_store.hpp"
#include <caf/actor_system.hpp>

namespace hearth {

/// Spawned by main, one; keeps nothing but the database, so it may be restarted at any time.
ambience_store_actor spawn_ambience_store(caf::actor_system& system, store_context& store);

} // namespace hearth
