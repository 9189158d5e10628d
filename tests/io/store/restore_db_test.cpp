// A restore puts a checked copy in the place of the database, keeps what was there, and changes
// nothing when anything is wrong.
#include "infra/store/backup_db.hpp"
#include "infra/store/migrate_db.hpp"
#include "infra/store/restore_db.hpp"
#include "infra/store/sqlite_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <filesystem>
#include <fstream>

using namespace hearth;
namespace fs = std::filesystem;

namespace {

struct fixture {
  test::temp_folder folder;
  std::string path = folder.file("hearth.db");
  std::string backups = folder.file("backups");
  std::string copy;

  fixture() {
    write("old");
    copy = copy_database(path, backups, "copy.db");
    write("new");
  }
  void write(const std::string& value) {
    auto db = sqlite_db{path};
    migrate(db, embedded_migrations(), backups, 0);
    db.exec("INSERT INTO guild_option(guild, key, value) VALUES(1, 'k', ?) "
            "ON CONFLICT DO UPDATE SET value=excluded.value",
            value);
  }
  static std::string value(const std::string& path) {
    auto db = sqlite_db{path, sqlite_db::access::read_only};
    return db.value<std::string>("SELECT value FROM guild_option").value_or("none");
  }
  restore_report restore(const std::string& from) {
    return restore_database(path, from, backups, embedded_migrations(), 42);
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "restore: the copy takes its place, what was there is kept", "[store]") {
  const auto report = restore(copy);
  CHECK(value(path) == "old");
  CHECK(report.kept == backups + "/before-restore-42.db");
  CHECK(value(report.kept) == "new");
  CHECK(report.missing.empty());
  CHECK(report.number > 0);
  CHECK(fs::exists(copy));
  CHECK_FALSE(fs::exists(path + ".restored"));
}

TEST_CASE_METHOD(fixture, "restore: a journal of the old database is not applied", "[store]") {
  auto open = sqlite_db{path}; // leaves -wal behind, as a killed daemon does
  open.exec("UPDATE guild_option SET value='newest'");
  REQUIRE(fs::exists(path + "-wal"));
  const auto report = restore(copy);
  CHECK(value(path) == "old");
  CHECK(value(report.kept) == "newest");
}

TEST_CASE_METHOD(fixture, "restore: with nothing there, it is put there", "[store]") {
  for (const auto* suffix : {"", "-wal", "-shm"})
    fs::remove(path + suffix);
  CHECK(restore(copy).kept.empty());
  CHECK(value(path) == "old");
}

TEST_CASE_METHOD(fixture, "restore: a damaged database is kept as it is", "[store]") {
  for (const auto* suffix : {"-wal", "-shm"})
    fs::remove(path + suffix);
  std::ofstream{path} << "this is no database any more";
  const auto report = restore(copy);
  CHECK(value(path) == "old");
  CHECK(fs::file_size(report.kept) == 28);
}

TEST_CASE_METHOD(fixture, "restore: what is no sound copy of ours changes nothing", "[store]") {
  const auto odd = folder.file("odd.db");
  SECTION("no file") {}
  SECTION("no database") { std::ofstream{odd} << "hello"; }
  SECTION("another program's") { sqlite_db{odd}.exec("CREATE TABLE x(y)"); }
  SECTION("newer") {
    fs::copy_file(copy, odd);
    sqlite_db{odd}.exec("INSERT INTO schema_migration VALUES(9999, '9999_later.sql', 0)");
  }
  SECTION("damaged") {
    fs::copy_file(copy, odd);
    auto file = std::fstream{odd, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(fs::file_size(odd)) / 2);
    file << std::string(3'000, 'x');
  }
  SECTION("the database itself") { fs::create_hard_link(path, odd); }
  CHECK_THROWS_AS(restore(odd), std::runtime_error);
  CHECK(value(path) == "new");
  CHECK_FALSE(fs::exists(backups + "/before-restore-42.db"));
}
