#include "infra/store/restore_db.hpp"
#include "infra/store/backup_db.hpp"
#include "infra/store/migrate_db.hpp"
#include "infra/store/sqlite_db.hpp"
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth {
namespace {

namespace fs = std::filesystem;
constexpr const char* journals[] = {"-wal", "-shm", "-journal"};

[[noreturn]] void fail(const std::string& path, const char* doing, const std::error_code& why) {
  throw sqlite_error{SQLITE_IOERR, fmt::format("{}: {}: {}", path, doing, why.message())};
}

/// What the file is; throws when it is no database of ours, or of a newer program.
schema_state check(const std::string& copy, const std::vector<embedded_file>& files) {
  auto error = std::error_code{};
  if (!fs::is_regular_file(copy, error))
    throw migrate_error{copy + " is no file"};
  auto db = sqlite_db{copy, sqlite_db::access::read_only};
  auto state = schema_of(db, files);
  if (state.newer)
    throw migrate_error{copy + " was written by a newer hearthd than this hearthctl belongs to"};
  if (state.number == 0)
    throw migrate_error{copy + " is no database of hearthd"};
  return state;
}

/// The database that is there, out of the way; where it is then.
std::string set_aside(const std::string& path, const std::string& backup_dir, int64_t now_ms) {
  auto error = std::error_code{};
  if (!fs::exists(path, error))
    return {};
  const auto name = fmt::format("before-restore-{}.db", now_ms);
  try {
    return copy_database(path, backup_dir, name);
  } catch (const sqlite_error& damaged) {
    if ((damaged.code() & 0xff) == SQLITE_FULL)
      throw;
  }
  fs::create_directories(backup_dir, error);
  const auto kept = backup_dir + "/" + name;
  for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
    if (fs::exists(path + suffix, error))
      if (fs::copy_file(path + suffix, kept + suffix, error); error)
        fail(kept, "cannot keep the damaged database", error);
  return kept;
}

} // namespace

restore_report restore_database(const std::string& path, const std::string& copy,
                                const std::string& backup_dir,
                                const std::vector<embedded_file>& files, int64_t now_ms) {
  auto error = std::error_code{};
  if (fs::equivalent(path, copy, error))
    throw migrate_error{copy + " is the database itself"};
  auto state = check(copy, files);
  // Copied and verified beside its place, so that the last step is a rename.
  const auto folder = fs::path{path}.parent_path().string();
  const auto beside = fs::path{path}.filename().string() + ".restored";
  const auto fresh = copy_database(copy, folder, beside);
  auto report = restore_report{{}, state.number, std::move(state.missing)};
  try {
    report.kept = set_aside(path, backup_dir, now_ms);
  } catch (...) {
    fs::remove(fresh, error);
    throw;
  }
  struct stat owner {};
  if (::geteuid() == 0 && ::stat(folder.c_str(), &owner) == 0 && owner.st_uid != 0)
    if (::chown(fresh.c_str(), owner.st_uid, owner.st_gid) != 0)
      fail(fresh, "cannot be given to its owner", {errno, std::generic_category()});
  // A journal of the old database must not be applied to the new one. A crash in between leaves
  // the old database without its last commits, and its whole copy in `backup_dir`.
  for (const auto* suffix : journals)
    if (fs::remove(path + suffix, error); error)
      fail(path, "cannot remove its journal", error);
  if (fs::rename(fresh, path, error); error)
    fail(path, "cannot be replaced", error);
  return report;
}

} // namespace hearth
