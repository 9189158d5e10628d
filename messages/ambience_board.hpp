#pragma once
// How many listen in all guilds together, and the bot's presence made of it.
#include "messages/actors.hpp"
#include <cstdint>

namespace hearth {

/// What one guild's ambience says of itself; replaces what it said before.
struct note_listeners {
  guild_id guild;
  bool on = true; ///< False: the feature is off there now.
  uint32_t listeners = 0;
};
struct count_listeners {};
struct listener_count {
  uint32_t guilds = 0;    ///< With the feature on.
  uint32_t listeners = 0; ///< Humans that hear us now. Numbers only: who they are stays there.
};
/// The operator's choice; told at start and at each reload.
struct set_presence_plan {
  std::string fixed;   ///< Shown instead of all others; empty: they take turns.
  int64_t minutes = 0; ///< Of each; 0: none is shown.
  std::string language = "en";
};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(note_listeners)
HEARTH_LOCAL_MESSAGE(count_listeners)
HEARTH_LOCAL_MESSAGE(listener_count)
HEARTH_LOCAL_MESSAGE(set_presence_plan)

namespace hearth {

/// One, spawned by main.
using ambience_board_actor =
    caf::typed_actor<caf::reacts_to<note_listeners>, // told by: ambience of each guild
                     caf::replies_to<count_listeners>::with<listener_count>,
                     caf::reacts_to<set_presence_plan>, // told by: main
                     caf::reacts_to<woken>>;

} // namespace hearth
