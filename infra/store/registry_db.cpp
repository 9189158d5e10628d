#include "infra/store/registry_db.hpp"
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <vector>

namespace hearth {
namespace {

constexpr int64_t day_ms = 86'400'000;

/// "user=?1 OR member=?1". Names are from the registry, so they may be pasted.
std::string any_of(const std::vector<std::string_view>& columns) {
  auto text = std::string{};
  for (const auto column : columns)
    text += fmt::format("{}\"{}\"=?1", text.empty() ? "" : " OR ", column);
  return text;
}

/// json_object('guild', "guild", ...) over all columns; ids as text, as JSON's numbers end at 2^53.
std::string json_row(sqlite_db& db, std::string_view table) {
  auto arguments = std::string{};
  db.each<std::string, std::string>(
      "SELECT name, type FROM pragma_table_info(?)",
      [&](const std::string& name, const std::string& type) {
        arguments += fmt::format("{}'{}', ", arguments.empty() ? "" : ", ", name);
        arguments += type == "INTEGER" ? fmt::format("CAST(\"{}\" AS TEXT)", name)
                                       : fmt::format("\"{}\"", name);
      },
      table);
  return fmt::format("json_object({})", arguments);
}

} // namespace

int64_t apply_retention(sqlite_db& db, int64_t now_ms,
                        const std::map<std::string_view, int64_t>& keep_days) {
  auto rows = int64_t{0};
  for (const auto& rule : data_registry()) {
    if (rule.aged_by.empty())
      continue;
    const auto given = keep_days.find(rule.table);
    const auto days = given == keep_days.end() ? rule.keep_days : given->second;
    db.exec(fmt::format("DELETE FROM \"{}\" WHERE \"{}\"<?", rule.table, rule.aged_by),
            now_ms - days * day_ms);
    rows += db.changes();
  }
  return rows;
}

int64_t erase_member(sqlite_db& db, user_id user) {
  auto rows = int64_t{0};
  for (const auto& rule : data_registry()) {
    if (rule.members.empty())
      continue;
    if (rule.how == erasure::row) {
      db.exec(fmt::format("DELETE FROM \"{}\" WHERE {}", rule.table, any_of(rule.members)), user);
      rows += db.changes();
      continue;
    }
    for (const auto column : rule.members) {
      db.exec(fmt::format("UPDATE \"{0}\" SET \"{1}\"=0 WHERE \"{1}\"=?", rule.table, column),
              user);
      rows += db.changes();
    }
  }
  return rows;
}

std::string export_member(sqlite_db& db, user_id user) {
  auto all = nlohmann::json::object();
  for (const auto& rule : data_registry()) {
    if (rule.members.empty())
      continue;
    const auto sql = fmt::format("SELECT {} FROM \"{}\" WHERE {}", json_row(db, rule.table),
                                 rule.table, any_of(rule.members));
    db.each<std::string>(
        sql,
        [&](const std::string& row) {
          all[std::string{rule.table}].push_back(nlohmann::json::parse(row));
        },
        user);
  }
  return all.dump();
}

} // namespace hearth
