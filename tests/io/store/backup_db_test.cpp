// Copies are whole, verified, private and rotated; a failing one leaves what was there.
#include "infra/store/backup_db.hpp"
#include "infra/store/migrate_db.hpp"
#include "infra/store/sqlite_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hearth;
namespace fs = std::filesystem;

namespace {

struct fixture {
  test::temp_folder folder;
  std::string path = folder.file("hearth.db");
  std::string backups = folder.file("backup");

  fixture() {
    auto db = sqlite_db{path};
    migrate(db, embedded_migrations(), backups, 0);
    db.exec("BEGIN"); // one commit: a disk may be slow
    for (auto i = 0; i < 500; ++i)
      db.exec("INSERT INTO audit_log(guild, user, at_ms, what) VALUES(1, 2, ?, ?)", i,
              std::string(200, 'x'));
    db.exec("COMMIT");
  }
  size_t files() const {
    auto count = size_t{0};
    if (fs::exists(backups))
      for (const auto& entry : fs::directory_iterator{backups})
        count += entry.is_regular_file();
    return count;
  }
};

int rows(const std::string& path) {
  auto db = sqlite_db{path, sqlite_db::access::read_only};
  return db.value<int>("SELECT count(*) FROM audit_log").value_or(-1);
}

} // namespace

TEST_CASE_METHOD(fixture, "backup: a copy is one whole private file", "[store]") {
  auto writer = sqlite_db{path};
  writer.exec("BEGIN IMMEDIATE"); // somebody is amid a transaction, and nobody waits
  writer.exec("DELETE FROM audit_log");
  const auto copy = copy_database(path, backups, "hearth-2026-11-20.db");
  CHECK(copy == backups + "/hearth-2026-11-20.db");
  CHECK(rows(copy) == 500);
  CHECK(files() == 1);
  struct stat is = {};
  REQUIRE(::stat(copy.c_str(), &is) == 0);
  CHECK((is.st_mode & 0777) == 0600);
  REQUIRE(::stat(backups.c_str(), &is) == 0);
  CHECK((is.st_mode & 0777) == 0700);
  writer.exec("COMMIT");
  copy_database(path, backups, "hearth-2026-11-20.db"); // the same day again
  CHECK(rows(copy) == 0);
}

TEST_CASE_METHOD(fixture, "backup: a damaged database gives no copy and spoils none", "[store]") {
  const auto good = copy_database(path, backups, "hearth-1.db");
  {
    auto db = sqlite_db{path};
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    auto file = std::fstream{path, std::ios::in | std::ios::out | std::ios::binary};
    const auto root = db.value<int>("SELECT rootpage FROM sqlite_schema WHERE name='audit_log'");
    file.seekp((root.value_or(0) - 1) * 4096 + 8);
    file << std::string(3'000, '\x5a');
  }
  CHECK_THROWS_AS(copy_database(path, backups, "hearth-1.db"), sqlite_error);
  CHECK(rows(good) == 500);
  CHECK(files() == 1);
  CHECK_FALSE(quick_check(path).empty());
}

TEST_CASE_METHOD(fixture, "backup: an interrupted one is swept away by the next", "[store]") {
  fs::create_directories(backups);
  std::ofstream{backups + "/.hearth-1.db.part"} << "half";
  std::ofstream{backups + "/.hearth-1.db.part-journal"} << "half";
  CHECK(rows(copy_database(path, backups, "hearth-1.db")) == 500);
  CHECK(files() == 1);
}

TEST_CASE_METHOD(fixture, "backup: the newest are kept, others are not touched", "[store]") {
  fs::create_directories(backups);
  const auto now = fs::file_time_type::clock::now();
  for (const auto* name : {"hearth-1.db", "hearth-2.db", "hearth-3.db", "before-0001.db",
                           "hearth-notes.txt", "other.db"}) {
    std::ofstream{backups + "/" + name} << "x";
    fs::last_write_time(backups + "/" + name, now - std::chrono::hours{name[7] - '0'});
  }
  const auto removed = keep_newest(backups, "hearth-", 2);
  CHECK(removed == std::vector<std::string>{backups + "/hearth-3.db"});
  CHECK(files() == 5);
  CHECK(keep_newest(folder.file("none"), "hearth-", 2).empty());
}

TEST_CASE_METHOD(fixture, "backup: trouble with the folder is told", "[store]") {
  CHECK_THROWS_WITH(copy_database(path, path + "/backup", "a.db"),
                    Catch::Contains("cannot make the folder"));
  CHECK_THROWS_AS(copy_database(folder.file("none.db"), backups, "a.db"), sqlite_error);
}

TEST_CASE_METHOD(fixture, "backup: a killed writer leaves a sound database", "[store]") {
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto db = sqlite_db{path};
    db.exec("DELETE FROM audit_log WHERE at_ms=1");
    db.exec("BEGIN IMMEDIATE");
    db.exec("DELETE FROM audit_log");
    ::kill(::getpid(), SIGKILL);
  }
  auto status = 0;
  ::waitpid(child, &status, 0);
  CHECK(quick_check(path).empty());
  CHECK(rows(path) == 499);
}
