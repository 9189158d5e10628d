#pragma once
// What the daemon gives to the actors of every feature.
#include "infra/clock/time_source.hpp"
#include "infra/settings/catalog.hpp"
#include "messages/actors.hpp"
#include <functional>
#include <string>

namespace hearth {

/// The neighbours; each feature adds its own. Holds handles, so it must die before the system.
struct guild_feature_parts {
  rest_actor rest;
  settings_store_actor settings;
  clock_actor clock;
  const catalog* texts = nullptr;
  const time_source* time = nullptr;
  /// What the operator sets for guilds that have not said; asked for at each use.
  std::function<std::string()> default_zone = [] { return std::string{"UTC"}; };
  std::function<std::string()> default_language = [] { return std::string{"en"}; };
};

} // namespace hearth
