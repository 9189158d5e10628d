// One connection: what is bound comes back, errors say what and where.
#include "infra/store/sqlite_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <sqlite3.h>

using namespace hearth;

namespace {

int code_of(const std::function<void()>& fn) {
  try {
    fn();
  } catch (const sqlite_error& error) {
    return error.primary();
  }
  return SQLITE_OK;
}

} // namespace

TEST_CASE("sqlite: each type comes back as it was bound", "[store]") {
  auto folder = test::temp_folder{};
  auto db = sqlite_db{folder.file("a.db")};
  db.exec("CREATE TABLE t(i INTEGER, r REAL, s TEXT, o TEXT, id INTEGER)");
  const auto text = std::string{"nul\0 and é", 10};
  db.exec("INSERT INTO t VALUES(?, ?, ?, ?, ?)", int64_t{-5}, 1.5, text,
          std::optional<std::string>{}, user_id{1234567890123456789});
  const auto row =
      db.row<int64_t, double, std::string, std::optional<std::string>, user_id>("SELECT * FROM t");
  REQUIRE(row);
  CHECK(*row == std::tuple{int64_t{-5}, 1.5, text, std::optional<std::string>{},
                           user_id{1234567890123456789}});
  CHECK(db.value<bool>("SELECT o IS NULL FROM t") == true);
  CHECK(db.value<std::string>("SELECT s FROM t WHERE i=?", 7) == std::nullopt);
  CHECK(db.value<std::string>("SELECT ?", "literal") == "literal");
  CHECK(db.value<std::string>("SELECT ?", std::string_view{}) == "");
  CHECK(db.value<int>("SELECT typeof(?)='null'", std::optional<int64_t>{}) == 1);
}

TEST_CASE("sqlite: a statement may run inside its own rows", "[store]") {
  auto folder = test::temp_folder{};
  auto db = sqlite_db{folder.file("a.db")};
  db.exec("CREATE TABLE t(i INTEGER)");
  for (auto i = 0; i < 3; ++i)
    db.exec("INSERT INTO t VALUES(?)", i);
  auto pairs = 0;
  db.each<int>("SELECT i FROM t",
               [&](int) { db.each<int>("SELECT i FROM t", [&](int) { ++pairs; }); });
  CHECK(pairs == 9);
}

TEST_CASE("sqlite: misuse and broken constraints are told", "[store]") {
  auto folder = test::temp_folder{};
  auto db = sqlite_db{folder.file("a.db")};
  db.exec("CREATE TABLE t(i INTEGER PRIMARY KEY, of INTEGER REFERENCES t(i))");
  db.exec("INSERT INTO t VALUES(1, NULL)");
  CHECK(code_of([&] { db.exec("INSERT INTO t VALUES(1, NULL)"); }) == SQLITE_CONSTRAINT);
  CHECK(code_of([&] { db.exec("INSERT INTO t VALUES(2, 99)"); }) == SQLITE_CONSTRAINT);
  CHECK(code_of([&] { db.exec("INSERT INTO t VALUES(?, ?)", 3); }) == SQLITE_RANGE);
  CHECK(code_of([&] { db.row<int, int>("SELECT i FROM t"); }) == SQLITE_RANGE);
  CHECK(code_of([&] { db.exec("SELEC"); }) == SQLITE_ERROR);
  CHECK(code_of([&] { db.exec(""); }) == SQLITE_MISUSE);
  CHECK(db.value<int>("SELECT count(*) FROM t") == 1);
}

TEST_CASE("sqlite: reads may be kept from writing", "[store]") {
  auto folder = test::temp_folder{};
  auto db = sqlite_db{folder.file("a.db")};
  db.exec("CREATE TABLE t(i INTEGER)");
  db.forbid_writes(true);
  CHECK(code_of([&] { db.exec("INSERT INTO t VALUES(1)"); }) == SQLITE_READONLY);
  CHECK(db.value<int>("SELECT count(*) FROM t") == 0);
  db.forbid_writes(false);
  db.exec("INSERT INTO t VALUES(1)");
  auto reader = sqlite_db{folder.file("a.db"), sqlite_db::access::read_only};
  CHECK(reader.value<int>("SELECT count(*) FROM t") == 1);
  CHECK(code_of([&] { reader.exec("INSERT INTO t VALUES(2)"); }) == SQLITE_READONLY);
}

TEST_CASE("sqlite: a file that cannot be opened is named", "[store]") {
  CHECK_THROWS_WITH((sqlite_db{"/nonexistent/a.db"}), Catch::Contains("/nonexistent/a.db"));
}

TEST_CASE("sqlite: acknowledged means synced", "[store]") {
  auto folder = test::temp_folder{};
  auto db = sqlite_db{folder.file("a.db")};
  CHECK(db.value<std::string>("PRAGMA journal_mode") == "wal");
  CHECK(db.value<int>("PRAGMA synchronous") == 2); // FULL
  CHECK(db.value<int>("PRAGMA foreign_keys") == 1);
}
