#pragma once
// Questions to what is kept of people wherever they are met: their name and time zone. Answers that
// report a change are given after COMMIT.
#include "messages/clock.hpp"
#include "messages/errc.hpp"
#include "messages/settings.hpp"
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <string>
#include <vector>

namespace hearth {

/// What is known of somebody, the same in every guild.
struct person {
  user_id user;
  std::string name; ///< Display name as last seen; not escaped. Empty when never seen.
  std::string zone; ///< IANA name; empty while they have not said.
};

struct find_people {
  std::vector<user_id> users; ///< At most `people_max`.
};
struct people_found {
  std::vector<person> people; ///< One for each asked, in that order, also for strangers.
};
/// More people than any voice channel holds (Discord's largest stage aside).
inline constexpr size_t people_max = 500;

/// Sets somebody's zone; a member never seen before is saved.
struct set_zone {
  interaction_id interaction; ///< Counts once.
  user_id user;
  std::string name;
  std::string zone;
  instant now;
  guild_id guild;      ///< Where it was asked; for the audit log.
  moderator_action by; ///< Names a user when it was not themselves.
};

/// Names as events brought them; kept when there is time for it.
struct people_seen {
  std::vector<person> people; ///< Zones are not looked at.
  instant now;
};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::person)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::find_people)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::people_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::set_zone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::people_seen)

namespace hearth {

/// Names and zones. On the store thread. One.
/// @errors store_failed; invalid: more than `people_max` asked for
using people_store_actor =
    caf::typed_actor<caf::replies_to<find_people>::with<people_found>, // asked by: guild, features
                     caf::replies_to<set_zone>::with<person>,          // asked by: guild
                     caf::reacts_to<people_seen>>;                     // told by: guild

} // namespace hearth
