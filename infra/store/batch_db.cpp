#include "infra/store/batch_db.hpp"
#include <algorithm>
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <utility>

namespace hearth {

store_health health_of(int code) noexcept {
  switch (code & 0xff) {
  case SQLITE_FULL:
    return store_health::full;
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return store_health::read_only;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return store_health::damaged;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return store_health::busy;
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_NOMEM:
  case SQLITE_PROTOCOL:
    return store_health::failing;
  default:
    return store_health::fine;
  }
}

std::string advice(store_health health, const std::string& path) {
  switch (health) {
  case store_health::fine:
    return path + ": writes work";
  case store_health::full:
    return path + ": no room on the disk. Votes and settings are refused until there is; nothing "
                  "that was acknowledged is lost. Free some space there (df -h)";
  case store_health::read_only:
    return path + ": cannot be written. Check owner and rights of file and folder, and that the "
                  "file system is mounted read-write";
  case store_health::damaged:
    return path + ": the database is damaged. Stop hearthd, keep the file, and put the newest "
                  "copy of the backup folder beside it in its place";
  case store_health::busy:
    return path + ": another program holds the database locked. Close it (an open sqlite3 shell?)";
  case store_health::failing:
    return path + ": the disk does not do what it is asked. Look at dmesg; copy the newest backup "
                  "elsewhere";
  }
  return path;
}

batch_db::batch_db(const std::string& path)
    : writer_(path), reader_(path, sqlite_db::access::read_only) {}

batch_db::~batch_db() { commit(); }

std::string batch_db::note(const sqlite_error& error) {
  if (const auto seen = health_of(error.code()); seen != store_health::fine)
    health_ = seen;
  return error.what();
}

void batch_db::begin() {
  if (writes_ > 0)
    return;
  writer_.exec("BEGIN IMMEDIATE");
  opened_at_ = std::chrono::steady_clock::now();
  writes_ = 1; // from here on a commit has something to do
  run_lazy();
}

void batch_db::run_lazy() {
  auto waiting = std::exchange(lazy_, {});
  for (const auto& fn : waiting) {
    try {
      if (const auto why = in_savepoint(fn); why && health_ == store_health::fine)
        spdlog::error("store: {}", *why);
    } catch (const std::exception& error) { // must not hit whoever writes next
      spdlog::error("store: a lazy write failed: {}", error.what());
    }
  }
}

void batch_db::undo() {
  if (!writer_.in_transaction())
    return;
  writer_.exec("ROLLBACK TO w");
  writer_.exec("RELEASE w");
}

std::optional<std::string> batch_db::in_savepoint(const work& fn) {
  ++writes_;
  try {
    writer_.exec("SAVEPOINT w");
    if (fn(writer_))
      writer_.exec("RELEASE w");
    else
      undo();
    return std::nullopt;
  } catch (const sqlite_error& error) {
    auto why = note(error);
    try {
      undo();
    } catch (const sqlite_error& second) {
      note(second);
      sqlite3_exec(writer_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    if (!writer_.in_transaction())
      fail_all(why); // SQLite gave the whole batch up (disk full, I/O error)
    return why;
  } catch (...) {
    undo();
    throw;
  }
}

/// To undo it is to undo all that the batch holds: that spares it the savepoint, for which SQLite
/// copies each page that the write changes.
std::optional<std::string> batch_db::as_first(const work& fn) {
  ++writes_;
  const auto give_up = [this] {
    if (writer_.in_transaction())
      sqlite3_exec(writer_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    writes_ = 0;
  };
  try {
    if (!fn(writer_))
      give_up();
    return std::nullopt;
  } catch (const sqlite_error& error) {
    auto why = note(error);
    give_up();
    return why;
  } catch (...) {
    give_up();
    throw;
  }
}

std::optional<std::string> batch_db::write(const work& fn) {
  try {
    begin();
  } catch (const sqlite_error& error) {
    return note(error);
  }
  if (!writer_.in_transaction()) { // a waiting lazy write took the batch down with it
    try {
      begin();
    } catch (const sqlite_error& error) {
      return note(error);
    }
  }
  return writes_ == 1 ? as_first(fn) : in_savepoint(fn);
}

std::optional<std::string> batch_db::read(const work& fn) {
  auto& db = open() ? writer_ : reader_;
  struct guard {
    sqlite_db& db;
    ~guard() { db.forbid_writes(false); }
  } const back{db};
  db.forbid_writes(true);
  try {
    fn(db);
    return std::nullopt;
  } catch (const sqlite_error& error) {
    return note(error);
  }
}

size_t batch_db::write_lazily(work fn, size_t waiting_max) {
  auto dropped = size_t{0};
  for (; lazy_.size() >= std::max<size_t>(waiting_max, 1); ++dropped)
    lazy_.pop_front();
  lazy_.push_back(std::move(fn));
  return dropped;
}

void batch_db::then(store_answer_ptr answer) {
  if (open())
    answers_.push_back(std::move(answer));
  else
    answer->committed();
}

void batch_db::fail_all(const std::string& why) {
  writes_ = 0;
  for (auto& answer : std::exchange(answers_, {}))
    answer->failed(why);
}

bool batch_db::commit() {
  try {
    if (!lazy_.empty())
      begin();
    if (!open())
      return true;
    writer_.exec("COMMIT");
  } catch (const sqlite_error& error) {
    const auto why = note(error);
    if (writer_.in_transaction())
      sqlite3_exec(writer_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    fail_all(why);
    return false;
  }
  writes_ = 0;
  health_ = store_health::fine;
  for (auto& answer : std::exchange(answers_, {}))
    answer->committed();
  return true;
}

} // namespace hearth
