#pragma once
// "Who plays tonight" of one guild, as the guild spawns it.
#include "infra/clock/time_source.hpp"
#include "infra/settings/catalog.hpp"
#include "messages/actors.hpp"
#include "messages/schedule_store.hpp"
#include <caf/actor_system.hpp>
#include <functional>
#include <memory>
#include <string>

namespace hearth {

/// What every schedule is given; holds handles, so it must die before the system.
struct schedule_parts {
  rest_actor rest;
  schedule_store_actor store;
  settings_store_actor settings;
  clock_actor clock;
  const catalog* texts = nullptr;
  const time_source* time = nullptr;
  /// What the operator sets for guilds that have not said; asked for at each use.
  std::function<std::string()> default_zone = [] { return std::string{"UTC"}; };
  std::function<std::string()> default_language = [] { return std::string{"en"}; };
};
using schedule_parts_ptr = std::shared_ptr<const schedule_parts>;

/// One per guild while the feature is on; lives until stop_feature. It posts the evening when the
/// daily job says so, counts votes, and keeps the message true. What survives its death: everything
/// but edits of a message that were waiting; the next start makes up for them.
feature_actor spawn_schedule(caf::actor_system& system, guild_id guild, schedule_parts_ptr parts);

} // namespace hearth
