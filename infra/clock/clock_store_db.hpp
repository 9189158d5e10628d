#pragma once
// What is kept of jobs, in the database. Called inside a transaction of the store. Throws
// sqlite_error.
#include "infra/store/sqlite_db.hpp"
#include "messages/clock_store.hpp"

namespace hearth {

stored_jobs load_stored_jobs(sqlite_db& db, guild_id guild);
void keep_job(sqlite_db& db, const store_job& asked);

} // namespace hearth
