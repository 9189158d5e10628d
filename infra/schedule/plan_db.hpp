#pragma once
// Weekly plans, reminders and what was said once, in the database. Each function is part of its
// caller's transaction; all throw sqlite_error.
#include "infra/store/sqlite_db.hpp"
#include "messages/schedule_store.hpp"

namespace hearth {

member_plan plan_in(sqlite_db& db, const load_plan& asked);
member_plan edit_plan_in(sqlite_db& db, const edit_plan& asked);

/// One reminder for hours in a row: whoever was in the hour before is there already.
reminders_due claim_reminders_in(sqlite_db& db, const claim_reminders& asked);
noted note_dm_in(sqlite_db& db, const note_dm& asked);
claimed claim_ready_in(sqlite_db& db, const claim_ready& asked);

} // namespace hearth
