#pragma once
// A migrated database in a folder of its own, with a store that commits each write by itself: for
// actor tests with a hand-driven scheduler.
#include "infra/store/migrate_db.hpp"
#include "infra/store/store_context.hpp"
#include "tests/support/temp_folder.hpp"

namespace test {

/// Declare it after the actor system and before the actors that use it.
struct test_store {
  explicit test_store(caf::actor_system& system, bool own_thread = false)
      : context(system, migrated(folder.file("hearth.db")), options(own_thread)) {}

  /// A second connection, to look at what was stored or to put rows in.
  hearth::sqlite_db db() const { return hearth::sqlite_db{folder.file("hearth.db")}; }

  static std::string migrated(const std::string& path) {
    auto db = hearth::sqlite_db{path};
    hearth::migrate(db, hearth::embedded_migrations(), path + ".backup", 0);
    return path;
  }
  static hearth::store_options options(bool own_thread) {
    auto given = hearth::store_options{};
    given.own_thread = own_thread;
    return given;
  }

  temp_folder folder;
  hearth::store_context context;
};

} // namespace test
