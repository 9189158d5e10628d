#pragma once
// Evenings, votes and messages in the database. Each function is part of its caller's transaction;
// all throw sqlite_error.
#include "infra/store/sqlite_db.hpp"
#include "messages/schedule_store.hpp"

namespace hearth {

/// Keeps a member's name and badge for later renderings.
void keep_member(sqlite_db& db, guild_id guild, const known_member& member, instant now);
/// Writes who did what; nothing when `by` names nobody.
void keep_audit(sqlite_db& db, guild_id guild, const moderator_action& by, instant now);

evening_record_ptr evening_in(sqlite_db& db, guild_id guild, evening_day evening);
vote_result toggle_in(sqlite_db& db, const toggle_vote& asked);
vote_result add_in(sqlite_db& db, const add_votes& asked);

post_plan begin_post_in(sqlite_db& db, const begin_post& asked);
evening_record_ptr finish_post_in(sqlite_db& db, const finish_post& asked);
noted abandon_post_in(sqlite_db& db, const abandon_post& asked);
noted forget_message_in(sqlite_db& db, const forget_message& asked);

vote_result apply_plans_in(sqlite_db& db, const apply_plans& asked);
/// Nothing when that interaction applied nothing that is still there.
std::optional<vote_result> undo_apply_in(sqlite_db& db, const undo_apply& asked);

} // namespace hearth
