#include "infra/settings/guild_settings_db.hpp"
#include <algorithm>

namespace hearth {

guild_settings load_settings(sqlite_db& db, guild_id guild) {
  auto found = guild_settings{};
  found.guild = guild;
  db.each<std::string, std::string>(
      "SELECT key, value FROM guild_option WHERE guild=?",
      [&](std::string key, std::string value) {
        found.options.emplace(std::move(key), std::move(value));
      },
      guild);
  db.each<std::string, channel_id>(
      "SELECT kind, channel FROM guild_channel WHERE guild=?",
      [&](std::string kind, channel_id channel) {
        found.channels.emplace(std::move(kind), channel);
      },
      guild);
  db.each<channel_id>(
      "SELECT channel FROM tracked_voice_channel WHERE guild=? ORDER BY channel",
      [&](channel_id channel) { found.voice_channels.push_back(channel); }, guild);
  return found;
}

std::vector<std::string> features_switched_on(sqlite_db& db) {
  auto names = std::vector<std::string>{};
  db.each<std::string>("SELECT DISTINCT substr(key, 9) FROM guild_option "
                       "WHERE key LIKE 'feature.%' AND value='on' ORDER BY 1",
                       [&](std::string name) { names.push_back(std::move(name)); });
  return names;
}

void store_option(sqlite_db& db, const set_guild_option& asked) {
  if (asked.value.empty())
    db.exec("DELETE FROM guild_option WHERE guild=? AND key=?", asked.guild, asked.key);
  else
    db.exec("INSERT INTO guild_option(guild, key, value) VALUES(?, ?, ?) "
            "ON CONFLICT DO UPDATE SET value=excluded.value",
            asked.guild, asked.key, asked.value);
}

void store_channel(sqlite_db& db, const set_guild_channel& asked) {
  if (!asked.channel)
    db.exec("DELETE FROM guild_channel WHERE guild=? AND kind=?", asked.guild, asked.kind);
  else
    db.exec("INSERT INTO guild_channel(guild, kind, channel) VALUES(?, ?, ?) "
            "ON CONFLICT DO UPDATE SET channel=excluded.channel",
            asked.guild, asked.kind, asked.channel);
}

void store_tracked_voice(sqlite_db& db, const track_voice_channel& asked) {
  if (asked.track)
    db.exec("INSERT INTO tracked_voice_channel(guild, channel) VALUES(?, ?) ON CONFLICT DO NOTHING",
            asked.guild, asked.channel);
  else if (asked.channel)
    db.exec("DELETE FROM tracked_voice_channel WHERE guild=? AND channel=?", asked.guild,
            asked.channel);
  else
    db.exec("DELETE FROM tracked_voice_channel WHERE guild=?", asked.guild);
}

void audit(sqlite_db& db, guild_id guild, const moderator_action& by, int64_t now_ms) {
  db.exec("INSERT INTO audit_log(guild, user, at_ms, what) VALUES(?, ?, ?, ?)", guild, by.user,
          now_ms, by.what);
}

void store_removed(sqlite_db& db, guild_id guild, bool removed, int64_t now_ms) {
  db.exec("INSERT INTO guild(guild, seen_ms, removed_ms) VALUES(?1, ?2, iif(?3, ?2, NULL)) "
          "ON CONFLICT DO UPDATE SET seen_ms=iif(?3, seen_ms, ?2), "
          "removed_ms=iif(?3, coalesce(removed_ms, ?2), NULL)",
          guild, now_ms, removed);
}

void store_present(sqlite_db& db, const std::vector<guild_id>& present, int64_t now_ms) {
  for (const auto guild : present)
    store_removed(db, guild, false, now_ms);
  auto stored = std::vector<guild_id>{};
  db.each<guild_id>("SELECT guild FROM guild WHERE removed_ms IS NULL",
                    [&](guild_id guild) { stored.push_back(guild); });
  auto sorted = present;
  std::sort(sorted.begin(), sorted.end());
  for (const auto guild : stored)
    if (!std::binary_search(sorted.begin(), sorted.end(), guild))
      store_removed(db, guild, true, now_ms);
}

std::vector<guild_id> removed_guilds(sqlite_db& db, int64_t until_ms) {
  auto found = std::vector<guild_id>{};
  db.each<guild_id>(
      "SELECT guild FROM guild WHERE removed_ms<=?",
      [&](guild_id guild) { found.push_back(guild); }, until_ms);
  return found;
}

void erase_guild(sqlite_db& db, guild_id guild) {
  auto tables = std::vector<std::string>{};
  db.each<std::string>("SELECT t.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c "
                       "WHERE t.schema='main' AND t.type='table' AND c.name='guild'",
                       [&](std::string name) { tables.push_back(std::move(name)); });
  db.exec("PRAGMA defer_foreign_keys=ON"); // the order of tables is nobody's business
  for (const auto& table : tables)         // names are from our own schema, so they may be pasted
    db.exec("DELETE FROM \"" + table + "\" WHERE guild=?", guild);
}

} // namespace hearth
