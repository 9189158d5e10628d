#pragma once
// "Who plays tonight" of one guild, as the guild spawns it.
#include "actors/root/guild_feature_parts.hpp"
#include "messages/schedule_store.hpp"
#include <caf/actor_system.hpp>
#include <memory>

namespace hearth {

/// What every schedule is given.
struct schedule_parts : guild_feature_parts {
  schedule_store_actor store;
};
using schedule_parts_ptr = std::shared_ptr<const schedule_parts>;

/// One per guild while the feature is on; lives until stop_feature. It posts the evening when the
/// daily job says so, counts votes, and keeps the message true. What survives its death: everything
/// but edits of a message that were waiting; the next start makes up for them.
feature_actor spawn_schedule(caf::actor_system& system, guild_id guild, schedule_parts_ptr parts);

} // namespace hearth
