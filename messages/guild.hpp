#pragma once
// What a guild's actor and its features say to each other. Plain data.
#include "messages/clock.hpp"
#include "messages/gateway.hpp"
#include "messages/interactions.hpp"
#include "messages/settings.hpp"
#include <memory>
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

} // namespace hearth
