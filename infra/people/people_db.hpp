#pragma once
// Names and zones in the database. Each function is part of its caller's transaction; all throw
// sqlite_error.
#include "infra/store/sqlite_db.hpp"
#include "messages/people_store.hpp"

namespace hearth {

people_found people_in(sqlite_db& db, const find_people& asked);
/// Once per interaction: a second delivery changes nothing and gets what is stored now.
person set_zone_in(sqlite_db& db, const set_zone& asked);
/// Adds names and replaces older ones; zones stay.
void keep_people(sqlite_db& db, const people_seen& seen);

} // namespace hearth
