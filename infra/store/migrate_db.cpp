#include "infra/store/migrate_db.hpp"
#include "infra/store/backup_db.hpp"
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace hearth {
namespace {

/// "HRTH": says in the file's header that a database is ours (PRAGMA application_id).
constexpr int64_t our_application_id = 0x48525448;
constexpr size_t copies_kept = 3;

/// The number of a migration file; throws when the name has none, which is a bug of the build.
int64_t number_of(std::string_view name) {
  auto number = int64_t{0};
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || number <= 0)
    throw migrate_error{fmt::format("migration {} has no number", name)};
  return number;
}

std::set<int64_t> applied_numbers(sqlite_db& db) {
  auto numbers = std::set<int64_t>{};
  if (db.value<int64_t>("SELECT 1 FROM sqlite_schema WHERE name='schema_migration'"))
    db.each<int64_t>("SELECT number FROM schema_migration", [&](int64_t n) { numbers.insert(n); });
  return numbers;
}

bool is_empty(sqlite_db& db) {
  return !db.value<int64_t>("SELECT 1 FROM sqlite_schema WHERE type='table' LIMIT 1");
}

void refuse_strangers(sqlite_db& db) {
  const auto id = db.value<int64_t>("PRAGMA application_id").value_or(0);
  if (id != our_application_id && !is_empty(db))
    throw migrate_error{fmt::format(
        "{} is a database of another program (application id {}); move it away or set another data "
        "folder (HEARTH_DATA_DIR)",
        db.path(), id)};
}

void apply(sqlite_db& db, const embedded_file& file, int64_t now_ms) {
  const auto number = number_of(file.name);
  try {
    db.exec("BEGIN IMMEDIATE");
    db.exec_script("CREATE TABLE IF NOT EXISTS schema_migration(number INTEGER PRIMARY KEY, "
                   "name TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT");
    db.exec_script(std::string{file.text});
    db.exec("INSERT INTO schema_migration(number, name, applied_ms) VALUES(?, ?, ?)", number,
            file.name, now_ms);
    // PRAGMA takes no parameters; both values are numbers of ours.
    const auto highest = db.value<int64_t>("SELECT max(number) FROM schema_migration").value_or(0);
    db.exec_script(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}",
                               our_application_id, highest));
    db.exec("COMMIT");
  } catch (const sqlite_error& error) {
    if (db.in_transaction())
      db.exec("ROLLBACK");
    throw migrate_error{
        fmt::format("migration {} failed and was undone: {}", file.name, error.what())};
  }
}

} // namespace

schema_state schema_of(sqlite_db& db, const std::vector<embedded_file>& files) {
  auto state = schema_state{};
  state.number = db.value<int64_t>("PRAGMA user_version").value_or(0);
  const auto applied = applied_numbers(db);
  auto known = std::set<int64_t>{};
  for (const auto& file : files) {
    known.insert(number_of(file.name));
    if (!applied.count(number_of(file.name)))
      state.missing.emplace_back(file.name);
  }
  state.newer = !std::includes(known.begin(), known.end(), applied.begin(), applied.end()) ||
                (!known.empty() && state.number > *known.rbegin());
  return state;
}

migrate_report migrate(sqlite_db& db, const std::vector<embedded_file>& files,
                       const std::string& backup_dir, int64_t now_ms) {
  refuse_strangers(db);
  const auto state = schema_of(db, files);
  if (state.newer)
    throw migrate_error{fmt::format(
        "{} was written by a newer hearthd (schema {}); install that version again, or put back a "
        "copy from {}",
        db.path(), state.number, backup_dir)};
  auto report = migrate_report{};
  if (state.missing.empty())
    return report;
  if (!is_empty(db)) {
    const auto name = fmt::format("before-{:04}_{}.db", number_of(state.missing.front()), now_ms);
    try {
      report.copy = copy_database(db.path(), backup_dir, name);
    } catch (const sqlite_error& error) {
      throw migrate_error{
          fmt::format("no copy could be made before changing the schema: {}", error.what())};
    }
    keep_newest(backup_dir, "before-", copies_kept);
  }
  for (const auto& file : files) {
    if (std::find(state.missing.begin(), state.missing.end(), file.name) == state.missing.end())
      continue;
    apply(db, file, now_ms);
    report.applied.emplace_back(file.name);
  }
  return report;
}

} // namespace hearth
