#pragma once
// What a guild's actor and its features say to each other. Plain data.
#include "messages/clock.hpp"
#include "messages/gateway.hpp"
#include "messages/interactions.hpp"
#include "messages/settings.hpp"
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// The guild as every feature needs it; sent at start and whenever one of them changed.
struct guild_facts {
  guild_settings_ptr settings;
  guild_snapshot_ptr snapshot;
  std::shared_ptr<const void> credit = nullptr; ///< As that of guild_batch, towards a feature.
};
/// Voice changes of one batch.
struct voice_changes {
  std::vector<voice_changed> changes;
  std::shared_ptr<const void> credit = nullptr; ///< As that of guild_batch, towards a feature.
};
/// Finish what is promised and quit.
struct stop_feature {};
struct stop_guild {};
struct stopped {};

/// The guild as its actor sees it. Answered as the remote client gets it.
struct get_guild_view {};
struct guild_view;
using guild_view_ptr = std::shared_ptr<const guild_view>;
/// Switches a feature, as /modfeature does. Answered when it is stored and applied.
struct switch_feature {
  std::string feature;
  bool on = false;
  std::string by; ///< For the audit log: who of the operators.
};
/// Stops a feature in order and starts it again. Answered at once.
struct restart_feature {
  std::string feature;
};
/// Refuses new commands and clicks until told otherwise. Answered with how many are under way.
struct drain_guild {
  bool on = true;
};
struct draining {
  size_t open = 0;
};

} // namespace hearth
