// Schema changes: each file once, in order, whole or not at all, with a copy before.
#include "infra/store/backup_db.hpp"
#include "infra/store/migrate_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <filesystem>

using namespace hearth;

namespace {

using files = std::vector<embedded_file>;
const files first = {{"0001_a.sql", "CREATE TABLE a(x INTEGER); INSERT INTO a VALUES(1);"}};
const files both = {first[0], {"0010_b.sql", "CREATE TABLE b(x INTEGER); UPDATE a SET x=2;"}};

struct fixture {
  test::temp_folder folder;
  std::string backups = folder.file("backup");
  sqlite_db db{folder.file("a.db")};

  size_t copies() const {
    auto count = size_t{0};
    if (std::filesystem::exists(backups))
      for (const auto& entry : std::filesystem::directory_iterator{backups})
        count += entry.path().extension() == ".db";
    return count;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "migrations: a new database gets all, then nothing more", "[store]") {
  auto report = migrate(db, both, backups, 5);
  CHECK(report.applied == std::vector<std::string>{"0001_a.sql", "0010_b.sql"});
  CHECK(report.copy.empty()); // there was nothing to lose
  CHECK(db.value<int>("SELECT x FROM a") == 2);
  CHECK(db.value<int>("PRAGMA user_version") == 10);
  CHECK(migrate(db, both, backups, 6).applied.empty());
  CHECK(copies() == 0);
}

TEST_CASE_METHOD(fixture, "migrations: a copy of what was is made before a change", "[store]") {
  migrate(db, first, backups, 1);
  const auto report = migrate(db, both, backups, 2);
  CHECK(report.applied == std::vector<std::string>{"0010_b.sql"});
  REQUIRE_FALSE(report.copy.empty());
  auto copy = sqlite_db{report.copy, sqlite_db::access::read_only};
  CHECK(copy.value<int>("SELECT x FROM a") == 1);
  CHECK(copy.value<int>("PRAGMA user_version") == 1);
}

TEST_CASE_METHOD(fixture, "migrations: one with a lower number may come later", "[store]") {
  migrate(db, {first[0], {"0020_c.sql", "CREATE TABLE c(x INTEGER);"}}, backups, 1);
  const auto all = files{first[0], both[1], {"0020_c.sql", "CREATE TABLE c(x INTEGER);"}};
  CHECK(migrate(db, all, backups, 2).applied == std::vector<std::string>{"0010_b.sql"});
  CHECK(db.value<int>("PRAGMA user_version") == 20);
}

TEST_CASE_METHOD(fixture, "migrations: a failing file is undone, those before it stay", "[store]") {
  const auto bad = files{first[0], {"0002_bad.sql", "CREATE TABLE c(x INTEGER); NONSENSE;"}};
  CHECK_THROWS_WITH(migrate(db, bad, backups, 1), Catch::Contains("0002_bad.sql"));
  CHECK(db.value<int>("PRAGMA user_version") == 1);
  CHECK_FALSE(db.value<int>("SELECT 1 FROM sqlite_schema WHERE name='c'"));
  CHECK_FALSE(db.in_transaction());
  CHECK(migrate(db, both, backups, 2).applied.size() == 1);
}

TEST_CASE_METHOD(fixture, "migrations: newer and foreign databases are refused untouched",
                 "[store]") {
  migrate(db, both, backups, 1);
  CHECK_THROWS_WITH(migrate(db, first, backups, 2), Catch::Contains("newer hearthd"));
  CHECK(schema_of(db, first).newer);
  CHECK_FALSE(schema_of(db, both).newer);
  auto other = sqlite_db{folder.file("other.db")};
  other.exec("CREATE TABLE photos(x INTEGER)");
  CHECK_THROWS_WITH(migrate(other, both, backups, 1), Catch::Contains("another program"));
  CHECK(other.value<int>("PRAGMA user_version") == 0);
}

TEST_CASE_METHOD(fixture, "migrations: no copy, no change", "[store]") {
  migrate(db, first, backups, 1);
  const auto blocked = folder.file("a.db") + "/backup"; // below a file: no folder can be made
  CHECK_THROWS_WITH(migrate(db, both, blocked, 2), Catch::Contains("no copy"));
  CHECK(db.value<int>("PRAGMA user_version") == 1);
}

TEST_CASE_METHOD(fixture, "migrations: copies are rotated", "[store]") {
  auto grown = first;
  migrate(db, grown, backups, 0);
  auto names = std::vector<std::string>{};
  for (auto n = 2; n < 8; ++n)
    names.push_back("000" + std::to_string(n) + "_n.sql");
  for (auto n = size_t{0}; n < names.size(); ++n) {
    grown.push_back({names[n], "UPDATE a SET x=x+1;"});
    migrate(db, grown, backups, static_cast<int64_t>(n));
  }
  CHECK(copies() == 3);
}

TEST_CASE_METHOD(fixture, "migrations: the program's own build a sound database", "[store]") {
  const auto report = migrate(db, embedded_migrations(), backups, 1);
  CHECK(report.applied.size() == embedded_migrations().size());
  CHECK(db.value<std::string>("PRAGMA integrity_check") == "ok");
  CHECK(quick_check(db.path()).empty());
  // STRICT everywhere: a text in a number's column is a bug found at once.
  db.each<std::string>(
      "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' AND "
      "strict=0 AND name NOT LIKE 'sqlite_%'",
      [](const std::string& name) { FAIL_CHECK(name << " is not STRICT"); });
}
