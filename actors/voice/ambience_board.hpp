#pragma once
// Sums up what the guilds' ambiences say, and lets the presence texts take turns.
#include "infra/clock/time_source.hpp"
#include "infra/settings/catalog.hpp"
#include "messages/ambience_board.hpp"
#include <caf/actor_system.hpp>
#include <functional>
#include <string>

namespace hearth {

struct board_parts {
  clock_actor clock;
  const catalog* texts = nullptr;
  const time_source* time = nullptr;
  /// Shows a text as the bot's presence. Called only when it is another one than before.
  std::function<void(const std::string&)> show;
};
/// Spawned by main, one. What survives its death: nothing; guilds tell it anew with their next
/// change. Its death ends the daemon.
ambience_board_actor spawn_ambience_board(caf::actor_system& system, board_parts parts);

} // namespace hearth
