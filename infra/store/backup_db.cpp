#include "infra/store/backup_db.hpp"
#include "infra/store/sqlite_db.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, const std::string& doing, int error) {
  const auto code = error == ENOSPC ? SQLITE_FULL : SQLITE_IOERR;
  throw sqlite_error{code, path + ": " + doing + ": " + std::strerror(error)};
}

void make_private_folder(const std::string& dir) {
  auto error = std::error_code{};
  const auto made = fs::create_directories(dir, error);
  if (error)
    fail(dir, "cannot make the folder", error.value());
  if (made) // the copy holds members' data; a folder that was there has its owner's rights
    fs::permissions(dir, fs::perms::owner_all, error);
}

/// Ours alone from its first byte on, whatever the folder.
void make_private_file(const std::string& path) {
  const auto flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  const auto file = ::open(path.c_str(), flags, S_IRUSR | S_IWUSR);
  if (file < 0)
    fail(path, "cannot create", errno);
  ::close(file);
}

void sync(const std::string& path, int flags) {
  const auto file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (file < 0)
    fail(path, "cannot open", errno);
  const auto result = ::fsync(file);
  const auto error = errno;
  ::close(file);
  if (result != 0)
    fail(path, "cannot sync", error);
}

/// Copying until the disk is full would fail the store as well.
void check_room(const std::string& from, const std::string& dir) {
  auto error = std::error_code{};
  const auto space = fs::space(dir, error);
  if (error)
    return;
  const auto needed = 2 * (fs::file_size(from, error) + (1U << 20));
  if (!error && space.available < needed)
    throw sqlite_error{SQLITE_FULL, fmt::format("{}: {} MB free, {} MB wanted for a copy", dir,
                                                space.available >> 20, needed >> 20)};
}

void run_backup(const std::string& from, const std::string& to) {
  auto source = sqlite_db{from, sqlite_db::access::read_only};
  auto target = sqlite_db{to};
  auto* backup = sqlite3_backup_init(target.handle(), "main", source.handle(), "main");
  if (!backup)
    throw sqlite_error{sqlite3_extended_errcode(target.handle()),
                       to + ": backup: " + sqlite3_errmsg(target.handle())};
  // All pages in one step: a read transaction, which in WAL mode does not hold writers up.
  const auto code = sqlite3_backup_step(backup, -1);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE)
    throw sqlite_error{code, to + ": backup: " + sqlite3_errstr(code)};
  target.exec("PRAGMA journal_mode=DELETE"); // a copy is one file, looked at without a -wal
}

void verify(const std::string& path) {
  auto copy = sqlite_db{path, sqlite_db::access::read_only};
  const auto sound = copy.value<std::string>("PRAGMA integrity_check(1)").value_or("no answer");
  if (sound != "ok")
    throw sqlite_error{SQLITE_CORRUPT, path + ": the copy is damaged: " + sound};
  if (copy.row<std::string>("PRAGMA foreign_key_check"))
    throw sqlite_error{SQLITE_CORRUPT, path + ": the copy breaks a foreign key"};
}

void remove_with_journals(const std::string& path) {
  auto ignored = std::error_code{};
  for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
    fs::remove(path + suffix, ignored);
}

} // namespace

std::string copy_database(const std::string& path, const std::string& dir,
                          const std::string& name) {
  make_private_folder(dir);
  check_room(path, dir);
  const auto part = dir + "/." + name + ".part";
  const auto whole = dir + "/" + name;
  remove_with_journals(part); // of an interrupted run
  try {
    make_private_file(part);
    run_backup(path, part);
    verify(part);
    sync(part, 0);
    if (::rename(part.c_str(), whole.c_str()) != 0)
      fail(whole, "cannot rename", errno);
    sync(dir, O_DIRECTORY);
  } catch (...) {
    remove_with_journals(part);
    throw;
  }
  remove_with_journals(part);
  return whole;
}

std::vector<std::string> keep_newest(const std::string& dir, const std::string& prefix,
                                     size_t count) {
  auto found = std::vector<std::pair<fs::file_time_type, std::string>>{};
  auto error = std::error_code{};
  for (const auto& entry : fs::directory_iterator{dir, error}) {
    const auto name = entry.path().filename().string();
    if (name.rfind(prefix, 0) == 0 && entry.path().extension() == ".db")
      found.emplace_back(entry.last_write_time(error), entry.path().string());
  }
  std::sort(found.rbegin(), found.rend());
  auto removed = std::vector<std::string>{};
  for (auto at = count; at < found.size(); ++at)
    if (fs::remove(found[at].second, error))
      removed.push_back(found[at].second);
  return removed;
}

std::vector<std::string> quick_check(const std::string& path) {
  auto db = sqlite_db{path, sqlite_db::access::read_only};
  auto problems = std::vector<std::string>{};
  db.each<std::string>("PRAGMA quick_check(20)", [&](std::string line) {
    if (line != "ok")
      problems.push_back(std::move(line));
  });
  return problems;
}

} // namespace hearth
