#pragma once
// Group commit: many small writes in one transaction, each but the first in a savepoint of its own,
// and their answers given when all of it is on disk. No threads here: store_context calls it from
// one.
#include "infra/store/sqlite_db.hpp"
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// What to tell somebody once the batch of his write is decided.
class store_answer {
public:
  virtual ~store_answer() = default;
  /// The write is on disk.
  virtual void committed() = 0;
  /// Nothing was changed; `why` is for the log.
  virtual void failed(const std::string& why) = 0;
};
using store_answer_ptr = std::unique_ptr<store_answer>;

/// How the database is, as its last commit or failure told.
enum class store_health : uint8_t {
  fine,
  full,      ///< No room: writes are refused until there is.
  read_only, ///< Rights or a read-only file system.
  damaged,   ///< SQLITE_CORRUPT, SQLITE_NOTADB.
  busy,      ///< Another process holds the lock.
  failing,   ///< I/O errors and all else.
};
/// Sorts SQLite's primary result code; what is not the disk's fault (a constraint, bad SQL) is
/// `fine`.
store_health health_of(int code) noexcept;
/// What has happened and what the operator is to do, in one line.
std::string advice(store_health health, const std::string& path);

/// Owner of the writing connection and of a read-only one on the same file. The schema must be
/// there already (migrate_db).
class batch_db {
public:
  explicit batch_db(const std::string& path);
  /// Commits what is open.
  ~batch_db();
  batch_db(const batch_db&) = delete;
  batch_db& operator=(const batch_db&) = delete;

  using work = std::function<bool(sqlite_db&)>;
  /// Runs `fn` in the open batch (opening one when needed). When it returns false or throws, what
  /// it changed is undone and the rest of the batch stays. Returns the text of a sqlite_error, or
  /// nothing; rethrows all others. The caller then adds its answer with `then`.
  std::optional<std::string> write(const work& fn);
  /// Runs `fn` so that it sees every write made before, also those not committed yet: on the
  /// reading connection, or inside the open batch. Returns as `write`.
  std::optional<std::string> read(const work& fn);
  /// Keeps a write that may wait: `fn` must own all that it uses. It runs before the next other
  /// write, or in the next commit(); reads do not see it until then.
  /// @param waiting_max While the database refuses transactions they pile up: beyond this many the
  /// oldest is dropped. Returns how many were.
  size_t write_lazily(work fn, size_t waiting_max = SIZE_MAX);
  /// Gives `answer` at the end of the open batch, or at once when none is open.
  void then(store_answer_ptr answer);

  /// Writes the batch to disk and gives all answers. True unless it failed.
  bool commit();

  bool open() const noexcept { return writes_ > 0; }
  size_t writes() const noexcept { return writes_; }
  size_t lazy_waiting() const noexcept { return lazy_.size(); }
  /// Steady time of the first write of the open batch.
  std::chrono::steady_clock::time_point opened_at() const noexcept { return opened_at_; }
  store_health health() const noexcept { return health_; }
  sqlite_db& writer() noexcept { return writer_; }

private:
  void begin();
  void run_lazy();
  std::optional<std::string> as_first(const work& fn);
  std::optional<std::string> in_savepoint(const work& fn);
  void undo();
  void fail_all(const std::string& why);
  std::string note(const sqlite_error& error);

  sqlite_db writer_;
  sqlite_db reader_;
  std::vector<store_answer_ptr> answers_;
  std::deque<work> lazy_;
  size_t writes_ = 0;
  std::chrono::steady_clock::time_point opened_at_;
  store_health health_ = store_health::fine;
};

} // namespace hearth
