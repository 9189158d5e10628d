#pragma once
// Goes back to a copy of the database while no daemon runs.
#include "config/embedded.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

struct restore_report {
  std::string kept;   ///< Where the database that was there is now; empty: there was none.
  int64_t number = 0; ///< Schema of the copy.
  std::vector<std::string> missing; ///< Migrations that the next start will apply.
};

/// Makes `copy` the database at `path`. The caller holds the instance lock. First `copy` is checked
/// (integrity, foreign keys, a schema of ours that `files` know); then the database that is there
/// is copied to `backup_dir` as "before-restore-<now_ms>.db", or, should it be too damaged for
/// that, moved there with its journals; then the checked text takes its place in one rename. Throws
/// sqlite_error or migrate_error; then the database is as it was.
restore_report restore_database(const std::string& path, const std::string& copy,
                                const std::string& backup_dir,
                                const std::vector<embedded_file>& files, int64_t now_ms);

} // namespace hearth
