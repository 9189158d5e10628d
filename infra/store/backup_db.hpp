#pragma once
// Copies of the database: made while it is in use, verified, rotated. Each function opens its own
// connections, so it may run on any thread and never blocks the store for longer than SQLite's
// locks.
#include <cstddef>
#include <string>
#include <vector>

namespace hearth {

/// Copies the database at `path` to `dir`/`name` as of one moment (SQLite's backup API), checks the
/// copy (integrity_check, foreign_key_check), syncs it to disk and only then gives it its name.
/// Makes `dir` when absent, readable by the owner alone. Returns the copy's path. Throws
/// sqlite_error (SQLITE_FULL before anything is written when there is not room for two copies);
/// then no file of that name was made or changed.
std::string copy_database(const std::string& path, const std::string& dir, const std::string& name);

/// Removes all but the `count` newest files (by modification time) of `dir` that begin with
/// `prefix` and end in ".db". Returns what was removed.
std::vector<std::string> keep_newest(const std::string& dir, const std::string& prefix,
                                     size_t count);

/// PRAGMA quick_check on a connection of its own: problems found, empty when sound. At most 20
/// lines. Throws sqlite_error when it cannot even be read.
std::vector<std::string> quick_check(const std::string& path);

} // namespace hearth
