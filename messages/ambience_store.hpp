#pragma once
// Questions to the tables of the player, of time listened and of the spoken welcome. Every answer
// that reports a change is given after COMMIT. A known interaction changes nothing more.
#include "messages/ambience.hpp"
#include "messages/errc.hpp"
#include "messages/schedule_store.hpp"
#include "messages/settings.hpp"
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace hearth {

struct load_player {
  guild_id guild;
};
/// Applies the change to the player as it is stored, whoever else changed it meanwhile.
struct change_player {
  interaction_id interaction; ///< 0: not by one.
  guild_id guild;
  ambience_change change;
  instant now;
  moderator_action by; ///< Written to the audit log when it names a user.
};
struct player_changed {
  ambience_player player; ///< As it is now.
  ambience_refusal refusal = ambience_refusal::none;
};

/// Adds time listened. Nothing counts twice: what lies before the newest time counted of that
/// member is left out, so an unanswered one may be sent again.
struct commit_listening {
  guild_id guild;
  std::string guild_name; ///< For /top.
  bool listed = true;     ///< Whether other guilds may see that name there.
  std::vector<listening_slice> slices;
};
/// The members of a guild, or (guild 0) all guilds that have the bot, who listened most.
struct load_top {
  guild_id guild;
  uint32_t count = 10;
};
struct listening_top {
  std::vector<listening_total> totals; ///< Most first.
};

/// The first to ask within both gaps may speak to that member in that channel.
struct claim_welcome {
  guild_id guild;
  channel_id channel;
  user_id user;
  instant now;
  int64_t channel_gap_ms = 0, member_gap_ms = 0;
};
struct find_spoken_names {
  guild_id guild;
  std::vector<user_id> users;
};
struct spoken_names_found {
  std::vector<spoken_name> names; ///< Of those who have said something.
};
struct set_spoken_name {
  interaction_id interaction;
  guild_id guild;
  spoken_name name;
};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::load_player)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::ambience_player)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::change_player)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::player_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::commit_listening)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::load_top)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::listening_top)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::claim_welcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::find_spoken_names)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::spoken_names_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::set_spoken_name)

namespace hearth {

/// Players, time listened and spoken names of all guilds. On the store thread. One. Asked by each
/// guild's ambience only.
/// @errors store_failed
using ambience_store_actor =
    caf::typed_actor<caf::replies_to<load_player>::with<ambience_player>,
                     caf::replies_to<change_player>::with<player_changed>,
                     caf::replies_to<commit_listening>::with<noted>,
                     caf::replies_to<load_top>::with<listening_top>,
                     caf::replies_to<claim_welcome>::with<claimed>,
                     caf::replies_to<find_spoken_names>::with<spoken_names_found>,
                     caf::replies_to<set_spoken_name>::with<noted>>;

} // namespace hearth
