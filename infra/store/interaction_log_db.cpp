#include "infra/store/interaction_log_db.hpp"

namespace hearth {
namespace {

constexpr int64_t kept_ms = 3'600'000;

} // namespace

std::string once(sqlite_db& db, interaction_id id, const std::function<std::string()>& fn) {
  if (!id)
    return fn();
  if (auto known =
          db.value<std::string>("SELECT outcome FROM interaction_log WHERE interaction=?", id))
    return *known;
  // Here rather than in a job: the table stays small, and the id itself tells the time.
  db.exec("DELETE FROM interaction_log WHERE at_ms < ?", id.created_ms() - kept_ms);
  auto outcome = fn();
  db.exec("INSERT INTO interaction_log(interaction, outcome, at_ms) VALUES(?, ?, ?)", id, outcome,
          id.created_ms());
  return outcome;
}

} // namespace hearth
