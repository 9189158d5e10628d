#pragma once
// Questions to the schedule's tables, one struct each. Every answer that reports a change is given
// after COMMIT. Interactions have their effect once: a known id gives the stored answer.
#include "messages/clock.hpp"
#include "messages/errc.hpp"
#include "messages/schedule.hpp"
#include "messages/settings.hpp"
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <optional>

namespace hearth {

struct load_evening {
  guild_id guild;
  evening_day evening;
};

/// In when out, out when in. Taking back what a plan or voice filled in keeps both from filling it
/// in again that evening.
struct toggle_vote {
  interaction_id interaction;
  guild_id guild;
  evening_day evening;
  int hour = 0; ///< Or `maybe_hour`.
  known_member member;
  instant now;
};
/// Adds members where they are not yet.
struct add_votes {
  guild_id guild;
  evening_day evening;
  int hour = 0;
  std::vector<known_member> members;
  vote_source source = vote_source::moderator;
  instant now;
  moderator_action by; ///< Written to the audit log when it names a user.
};
struct vote_result {
  evening_record_ptr evening; ///< As it is now.
  bool added = false;         ///< toggle_vote: now in. Others: at least one was added or removed.
  uint32_t count = 0;         ///< How many were added or removed.
};

/// The first half of posting: writes the intent (once per evening, or one more when `again`), fills
/// in the weekly plans of that weekday (once per evening).
struct begin_post {
  guild_id guild;
  evening_day evening;
  channel_id channel;
  std::string nonce; ///< For a new intent; at most 25 characters.
  int first_hour = 0, last_hour = 0;
  instant now;
  bool again = false; ///< A moderator wants a fresh message although there is one.
  moderator_action by;
};
struct post_plan {
  evening_record_ptr evening;
  std::string nonce;    ///< To post with; empty: it is posted already.
  channel_id channel;   ///< Where that intent was to go.
  bool resumed = false; ///< The intent is from before: look for the message first.
};
/// The second half: the message is there.
struct finish_post {
  guild_id guild;
  evening_day evening;
  std::string nonce;
  shown_message shown;
};
/// Discord refused the message for good: the intent is void, nothing was posted.
struct abandon_post {
  guild_id guild;
  evening_day evening;
  std::string nonce;
};
/// The message is gone from Discord; its votes stay.
struct forget_message {
  guild_id guild;
  message_id message;
};

/// Fills in the weekly plans once more; votes that members made stay. Answers how many were added;
/// the undo is keyed by the interaction.
struct apply_plans {
  interaction_id interaction;
  guild_id guild;
  evening_day evening;
  int first_hour = 0, last_hour = 0;
  instant now;
  moderator_action by;
};
/// Takes back what `apply_plans` of that interaction added and nobody has touched since.
struct undo_apply {
  guild_id guild;
  evening_day evening;
  interaction_id applied;
  moderator_action by;
};

struct load_plan {
  guild_id guild;
  user_id user;
};
/// Replaces the hours of the chosen days; without hours it clears them. Unset `remind` leaves it.
struct edit_plan {
  interaction_id interaction;
  guild_id guild;
  known_member member;
  std::vector<int> weekdays, hours;
  std::optional<bool> remind;
  instant now;
};

/// Marks everybody of that hour who wants a reminder and had none, and answers them: at most one
/// reminder each, whatever happens after.
struct claim_reminders {
  guild_id guild;
  evening_day evening;
  int hour = 0;
  instant now;
};
struct reminder {
  user_id user;
  channel_id dm;          ///< Where the last one went; 0 when unknown.
  bool dm_closed = false; ///< The last try was refused: use the channel.
};
struct reminders_due {
  std::vector<reminder> reminders;
};
/// What the last reminder taught about a member's direct messages.
struct note_dm {
  guild_id guild;
  user_id user;
  channel_id dm;
  bool closed = false;
};
/// The line "enough are ready" of one hour: the first to ask may post it.
struct claim_ready {
  guild_id guild;
  evening_day evening;
  int hour = 0;
  instant now;
};
struct claimed {
  bool first = false;
};
/// It is on disk.
struct noted {};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::evening_record_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::member_plan)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::load_evening)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::toggle_vote)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::add_votes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::vote_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::begin_post)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::post_plan)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::finish_post)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::abandon_post)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::forget_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::apply_plans)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::undo_apply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::load_plan)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::edit_plan)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::claim_reminders)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::reminders_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::note_dm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::claim_ready)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::claimed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::noted)

namespace hearth {

/// Evenings, votes, plans and reminders of all guilds. On the store thread. One. Asked by each
/// guild's schedule only.
/// @errors store_failed; not_found: undo of something that was not applied
using schedule_store_actor = caf::typed_actor<
    caf::replies_to<load_evening>::with<evening_record_ptr>,
    caf::replies_to<toggle_vote>::with<vote_result>, caf::replies_to<add_votes>::with<vote_result>,
    caf::replies_to<begin_post>::with<post_plan>,
    caf::replies_to<finish_post>::with<evening_record_ptr>,
    caf::replies_to<abandon_post>::with<noted>, caf::replies_to<forget_message>::with<noted>,
    caf::replies_to<apply_plans>::with<vote_result>, caf::replies_to<undo_apply>::with<vote_result>,
    caf::replies_to<load_plan>::with<member_plan>, caf::replies_to<edit_plan>::with<member_plan>,
    caf::replies_to<claim_reminders>::with<reminders_due>, caf::replies_to<note_dm>::with<noted>,
    caf::replies_to<claim_ready>::with<claimed>>;

} // namespace hearth
