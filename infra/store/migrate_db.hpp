#pragma once
// Brings a database to the schema this program knows, one numbered file after the other.
#include "config/embedded.hpp"
#include "infra/store/sqlite_db.hpp"
#include <stdexcept>
#include <string>
#include <vector>

namespace hearth {

/// The database cannot be used; the text is for the operator.
class migrate_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

struct migrate_report {
  std::vector<std::string> applied; ///< File names, in order.
  std::string copy;                 ///< Where the database was copied to before; empty when new.
};

/// Applies the files whose number (leading digits of the name: "0010_schedule.sql" is 10) the
/// database does not have yet, each in a transaction together with its row in schema_migration.
/// Before the first of them a copy of an existing database is put into `backup_dir`
/// ("before-0010_<time>.db"; the newest three are kept). user_version is the highest number.
/// Throws migrate_error when the database is newer than this program, when the copy or a file
/// fails (the files before it stay applied), or is no database of ours.
migrate_report migrate(sqlite_db& db, const std::vector<embedded_file>& files,
                       const std::string& backup_dir, int64_t now_ms);

/// What `hearthd --check` says of an existing database, without changing it: its number and the
/// files that would be applied.
struct schema_state {
  int64_t number = 0;
  std::vector<std::string> missing;
  bool newer = false;
};
schema_state schema_of(sqlite_db& db, const std::vector<embedded_file>& files);

} // namespace hearth
