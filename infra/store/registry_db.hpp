#pragma once
// Walks the data registry over a database: retention, erasure and export of one member's data.
// Called inside a transaction of the store. Throws sqlite_error.
#include "infra/store/data_registry.hpp"
#include "infra/store/sqlite_db.hpp"
#include <map>
#include <string>
#include <string_view>

namespace hearth {

/// Removes what is older than its table keeps. `keep_days`: by table, in place of the registry's.
/// Returns the number of rows.
int64_t apply_retention(sqlite_db& db, int64_t now_ms,
                        const std::map<std::string_view, int64_t>& keep_days);

/// Forgets a member everywhere. Returns the number of rows removed or blanked.
int64_t erase_member(sqlite_db& db, user_id user);

/// All that is kept of a member: a JSON object of arrays of rows, by table; tables without any are
/// left out.
std::string export_member(sqlite_db& db, user_id user);

} // namespace hearth
