#pragma once
// Cosy sound and the spoken welcome of one guild, as the guild spawns it.
#include "actors/root/guild_feature_parts.hpp"
#include "infra/voice/ambience_sounds.hpp"
#include "messages/ambience_board.hpp"
#include "messages/ambience_store.hpp"
#include "messages/voice.hpp"
#include <caf/actor_system.hpp>
#include <functional>
#include <memory>
#include <string>

namespace hearth {

/// What every ambience is given.
struct ambience_parts : guild_feature_parts {
  ambience_store_actor store;
  schedule_store_actor evenings;
  voice_hub_actor hub;
  ambience_board_actor board;
  /// What the operator sets; asked for at each use.
  std::function<int()> idle_minutes = [] { return 30; };
  std::function<bool()> keyword_reactions = [] { return false; };
  std::function<own_sounds()> own = [] { return own_sounds{}; }; ///< Files that can be played.
};
using ambience_parts_ptr = std::shared_ptr<const ambience_parts>;

/// One per guild while the feature is on; lives until stop_feature. It owns the guild's voice: what
/// plays, where, until when, and who is spoken to. What survives its death: the player, which goes
/// on where it was, and all time listened but the slice under way (a minute at most).
feature_actor spawn_ambience(caf::actor_system& system, guild_id guild, ambience_parts_ptr parts);

} // namespace hearth
