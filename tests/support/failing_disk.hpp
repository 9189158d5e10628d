#pragma once
// SQLite's default file system, whose writes fail while the test says so: a disk without room, or
// one that was remounted read-only. Files opened while it lives are under its rule.
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sqlite3.h>

namespace test {

class failing_disk {
public:
  enum class state { works, full, read_only };

  failing_disk() {
    if (current_ != nullptr)
      std::abort(); // one at a time
    current_ = this;
    original_ = sqlite3_vfs_find(nullptr);
    vfs_ = *original_;
    vfs_.zName = "failing-disk";
    vfs_.xOpen = open;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~failing_disk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(original_, 1);
    current_ = nullptr;
  }
  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;

  std::atomic<state> is{state::works};
  std::atomic<int> refused{0}; ///< Writes.

private:
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* self = current_;
    const auto code = self->original_->xOpen(self->original_, name, file, flags, out);
    if (code != SQLITE_OK || file->pMethods == nullptr)
      return code;
    const auto lock = std::lock_guard{self->mutex_};
    const auto* before = file->pMethods;
    auto& after = self->methods_.try_emplace(before, patched{*before, before}).first->second;
    after.methods.xWrite = write;
    file->pMethods = &after.methods;
    return SQLITE_OK;
  }
  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    auto* self = current_;
    const auto now = self->is.load();
    if (now != state::works) {
      ++self->refused;
      return now == state::full ? SQLITE_FULL : SQLITE_READONLY;
    }
    // The patched methods are the first member of what knows the original ones.
    const auto* whole = reinterpret_cast<const patched*>(file->pMethods);
    return whole->original->xWrite(file, bytes, count, at);
  }

  struct patched {
    sqlite3_io_methods methods;
    const sqlite3_io_methods* original;
  };
  static inline failing_disk* current_ = nullptr;
  sqlite3_vfs* original_ = nullptr;
  sqlite3_vfs vfs_ = {};
  std::mutex mutex_;
  std::map<const sqlite3_io_methods*, patched> methods_;
};

} // namespace test
