#include "infra/people/people_db.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "infra/store/interaction_log_db.hpp"

namespace hearth {
namespace {

person person_in(sqlite_db& db, user_id user) {
  auto found = person{user, {}, {}};
  if (auto row =
          db.row<std::string, std::string>("SELECT name, zone FROM user_info WHERE user = ?", user))
    std::tie(found.name, found.zone) = std::move(*row);
  return found;
}

/// An empty name (the event had none) replaces nothing.
constexpr auto keep_name =
    "INSERT INTO user_info(user, name, zone, seen_ms) VALUES(?1, ?2, '', ?3) "
    "ON CONFLICT(user) DO UPDATE SET name = iif(excluded.name = '', name, excluded.name), "
    "seen_ms = max(seen_ms, excluded.seen_ms) WHERE excluded.seen_ms >= seen_ms";

} // namespace

people_found people_in(sqlite_db& db, const find_people& asked) {
  auto found = people_found{};
  found.people.reserve(asked.users.size());
  for (const auto user : asked.users)
    found.people.push_back(person_in(db, user));
  return found;
}

person set_zone_in(sqlite_db& db, const set_zone& asked) {
  once(db, asked.interaction, [&] {
    db.exec(keep_name, asked.user, asked.name, asked.now.ms);
    db.exec("UPDATE user_info SET zone = ? WHERE user = ?", asked.zone, asked.user);
    if (asked.by.user)
      audit(db, asked.guild, asked.by, asked.now.ms);
    return std::string{};
  });
  return person_in(db, asked.user);
}

void keep_people(sqlite_db& db, const people_seen& seen) {
  for (const auto& each : seen.people)
    if (each.user)
      db.exec(keep_name, each.user, each.name, seen.now.ms);
}

} // namespace hearth
