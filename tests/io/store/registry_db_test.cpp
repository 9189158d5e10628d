// The registry against the real schema: nothing of a member is kept undeclared, for ever, or after
// they are forgotten.
#include "infra/store/migrate_db.hpp"
#include "infra/store/registry_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <nlohmann/json.hpp>
#include <set>

using namespace hearth;

namespace {

constexpr auto me = user_id{1234567890123456789};
constexpr int64_t day_ms = 86'400'000;

struct column {
  std::string name, type;
  bool key = false;
};

struct fixture {
  test::temp_folder folder;
  sqlite_db db{folder.file("a.db")};

  fixture() { migrate(db, embedded_migrations(), folder.file("backup"), 0); }

  std::vector<std::string> tables() {
    auto names = std::vector<std::string>{};
    db.each<std::string>("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE "
                         "'sqlite_%'",
                         [&](std::string name) { names.push_back(std::move(name)); });
    return names;
  }
  std::vector<column> columns(std::string_view table) {
    auto found = std::vector<column>{};
    db.each<std::string, std::string, bool>(
        "SELECT name, type, pk>0 FROM pragma_table_info(?)",
        [&](std::string name, std::string type, bool key) {
          found.push_back({std::move(name), std::move(type), key});
        },
        table);
    return found;
  }
  static const table_rule* rule(std::string_view table) {
    for (const auto& one : data_registry())
      if (one.table == table)
        return &one;
    return nullptr;
  }
  /// Puts in one row about `who`, aged `at_ms`; numbers where nothing better is known.
  void fill(const table_rule& rule, user_id who, int64_t at_ms) {
    auto names = std::string{}, values = std::string{};
    for (const auto& one : columns(rule.table)) {
      const auto is_member = std::count(rule.members.begin(), rule.members.end(), one.name) > 0;
      names += (names.empty() ? "\"" : ", \"") + one.name + "\"";
      values += values.empty() ? "" : ", ";
      values += is_member                  ? to_string(who)
                : one.name == rule.aged_by ? std::to_string(at_ms)
                : one.type == "TEXT"       ? "'x'"
                                           : "1";
    }
    db.exec("INSERT INTO \"" + std::string{rule.table} + "\"(" + names + ") VALUES(" + values +
            ")");
  }
  int rows(std::string_view table) {
    return db.value<int>("SELECT count(*) FROM \"" + std::string{table} + "\"").value_or(-1);
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "data registry: every table is declared, and only real ones are",
                 "[store]") {
  const auto names = tables();
  for (const auto& name : names)
    if (!rule(name))
      FAIL_CHECK("table " << name << " is not in infra/store/data_registry.cpp");
  auto seen = std::set<std::string_view>{};
  for (const auto& one : data_registry()) {
    CAPTURE(one.table);
    CHECK(seen.insert(one.table).second);
    CHECK(std::count(names.begin(), names.end(), one.table) == 1);
    CHECK_FALSE(one.what.empty());
    CHECK(one.aged_by.empty() == (one.keep_days == 0));
  }
}

TEST_CASE_METHOD(fixture, "data registry: every column with a member's id is declared", "[store]") {
  for (const auto& one : data_registry()) {
    auto left = std::set<std::string_view>(one.members.begin(), one.members.end());
    auto aged = one.aged_by.empty();
    for (const auto& column : columns(one.table)) {
      CAPTURE(one.table, column.name);
      if (names_member(column.name))
        CHECK(left.count(column.name) == 1);
      left.erase(column.name);
      aged = aged || column.name == one.aged_by;
      CHECK(column.name != "guild_id"); // a purge looks for `guild`
    }
    CAPTURE(one.table);
    CHECK(left.empty());
    CHECK(aged);
  }
}

TEST_CASE("data registry: names that give a member away", "[store]") {
  for (const auto* name : {"user", "user_id", "member", "owner_id", "from_user", "created_author"})
    CHECK(names_member(name));
  for (const auto* name : {"guild", "users_max", "message_id", "username", "id", "_id", ""})
    CHECK_FALSE(names_member(name));
}

TEST_CASE_METHOD(fixture, "data registry: a forgotten member is nowhere", "[store]") {
  const auto other = user_id{7};
  for (const auto& one : data_registry())
    if (!one.members.empty())
      fill(one, me, 1);
  const auto before = nlohmann::json::parse(export_member(db, me));
  CHECK(nlohmann::json::parse(export_member(db, other)).empty());
  auto with_members = size_t{0};
  for (const auto& one : data_registry())
    if (!one.members.empty()) {
      ++with_members;
      CAPTURE(one.table);
      CHECK(before[std::string{one.table}].size() == 1);
      CHECK(before[std::string{one.table}][0][std::string{one.members[0]}] == to_string(me));
    }
  CHECK(with_members >= 6);
  CHECK(erase_member(db, other) == 0);
  CHECK(erase_member(db, me) == static_cast<int64_t>(with_members));
  CHECK(nlohmann::json::parse(export_member(db, me)).empty());
  // Not in any column of any table, whatever it is called.
  for (const auto& table : tables())
    for (const auto& one : columns(table)) {
      CAPTURE(table, one.name);
      CHECK(db.value<int>("SELECT count(*) FROM \"" + table + "\" WHERE CAST(\"" + one.name +
                              "\" AS TEXT)=?",
                          to_string(me)) == 0);
    }
  CHECK(rows("audit_log") == 1); // what was changed stays known, who did it does not
}

TEST_CASE_METHOD(fixture, "data registry: old rows go, younger ones stay", "[store]") {
  const auto now = int64_t{4'000} * day_ms;
  for (const auto& one : data_registry()) {
    if (one.aged_by.empty())
      continue;
    CAPTURE(one.table);
    const auto table = std::string{one.table};
    fill(one, me, now - one.keep_days * day_ms);
    apply_retention(db, now, {});
    CHECK(rows(table) == 1);
    CHECK(apply_retention(db, now + 1, {}) == 1);
    CHECK(rows(table) == 0);
    fill(one, me, now - 2 * day_ms);
    CHECK(apply_retention(db, now, {{one.table, 3}}) == 0);
    CHECK(apply_retention(db, now, {{one.table, 1}}) == 1);
  }
}
