#include "infra/voice/ambience_db.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "infra/store/interaction_log_db.hpp"
#include "infra/voice/ambience_player.hpp"
#include <algorithm>
#include <charconv>
#include <tuple>

namespace hearth {

namespace {

void save(sqlite_db& db, guild_id guild, const ambience_player& player) {
  db.exec("INSERT OR REPLACE INTO ambience_player(guild, channel, layers, volume, paused, stay, "
          "since_ms, sleep_ms, focus_work, focus_rest, focus_rounds, focus_ms, message_channel, "
          "message) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
          guild, player.channel, layers_text(player.layers), player.volume, player.paused,
          player.stay, player.since.ms, player.sleep_at.ms, player.focus.work_minutes,
          player.focus.rest_minutes, player.focus.rounds, player.focus.started.ms,
          player.message_channel, player.message);
}

/// Milliseconds of [from, to) after `counted_until`.
int64_t fresh_ms(instant from, instant to, int64_t counted_until) {
  return std::max<int64_t>(to.ms - std::max(from.ms, counted_until), 0);
}

} // namespace

ambience_player player_in(sqlite_db& db, guild_id guild) {
  auto player = ambience_player{};
  db.each<channel_id, std::string, int, bool, bool, int64_t, int64_t, int, int, int, int64_t,
          channel_id, message_id>(
      "SELECT channel, layers, volume, paused, stay, since_ms, sleep_ms, focus_work, focus_rest, "
      "focus_rounds, focus_ms, message_channel, message FROM ambience_player WHERE guild=?",
      [&](channel_id channel, const std::string& layers, int volume, bool paused, bool stay,
          int64_t since, int64_t sleep, int work, int rest, int rounds, int64_t started,
          channel_id message_channel, message_id message) {
        player = {channel,
                  layers_in(layers),
                  volume,
                  paused,
                  stay,
                  {since},
                  {sleep},
                  {work, rest, rounds, {started}},
                  message_channel,
                  message};
      },
      guild);
  return player;
}

player_changed change_player_in(sqlite_db& db, const change_player& asked) {
  const auto outcome = once(db, asked.interaction, [&] {
    const auto after = apply(player_in(db, asked.guild), asked.change, asked.now);
    if (after.refusal == ambience_refusal::none) {
      save(db, asked.guild, after.player);
      if (asked.by.user)
        audit(db, asked.guild, asked.by, asked.now.ms);
    }
    return std::to_string(static_cast<int>(after.refusal));
  });
  auto refusal = 0;
  std::from_chars(outcome.data(), outcome.data() + outcome.size(), refusal);
  return {player_in(db, asked.guild), static_cast<ambience_refusal>(refusal)};
}

void commit_listening_in(sqlite_db& db, const commit_listening& asked) {
  auto heard = std::vector<std::pair<int64_t, int64_t>>{}; // when at least one listened
  for (const auto& slice : asked.slices) {
    heard.emplace_back(slice.from.ms, slice.to.ms);
    const auto until = db.value<int64_t>(
        "SELECT until_ms FROM ambience_time WHERE guild=? AND user=?", asked.guild, slice.user);
    const auto more = fresh_ms(slice.from, slice.to, until.value_or(0));
    if (more > 0)
      db.exec("INSERT INTO ambience_time(guild, user, total_ms, until_ms) VALUES(?,?,?,?) "
              "ON CONFLICT DO UPDATE SET total_ms=total_ms+excluded.total_ms, "
              "until_ms=excluded.until_ms",
              asked.guild, slice.user, more, slice.to.ms);
  }
  std::sort(heard.begin(), heard.end());
  auto until = db.value<int64_t>("SELECT until_ms FROM ambience_guild WHERE guild=?", asked.guild)
                   .value_or(0);
  auto more = int64_t{0};
  for (const auto& [from, to] : heard) {
    more += fresh_ms({from}, {to}, until);
    until = std::max(until, to);
  }
  db.exec("INSERT INTO ambience_guild(guild, name, listed, total_ms, until_ms) VALUES(?,?,?,?,?) "
          "ON CONFLICT DO UPDATE SET name=excluded.name, listed=excluded.listed, "
          "total_ms=total_ms+excluded.total_ms, until_ms=excluded.until_ms",
          asked.guild, asked.guild_name, asked.listed, more, until);
}

listening_top top_in(sqlite_db& db, const load_top& asked) {
  auto top = listening_top{};
  if (asked.guild) {
    db.each<user_id, int64_t>(
        "SELECT user, total_ms FROM ambience_time WHERE guild=? AND total_ms>0 "
        "ORDER BY total_ms DESC, user LIMIT ?",
        [&](user_id user, int64_t ms) {
          top.totals.push_back({user.value, {}, ms});
        },
        asked.guild, asked.count);
    return top;
  }
  db.each<guild_id, std::string, bool, int64_t>(
      "SELECT guild, name, listed, total_ms FROM ambience_guild a WHERE total_ms>0 AND NOT "
      "EXISTS(SELECT 1 FROM guild g WHERE g.guild=a.guild AND g.removed_ms IS NOT NULL) "
      "ORDER BY total_ms DESC, guild LIMIT ?",
      [&](guild_id guild, std::string name, bool listed, int64_t ms) {
        top.totals.push_back({guild.value, listed ? std::move(name) : std::string{}, ms});
      },
      asked.count);
  return top;
}

claimed claim_welcome_in(sqlite_db& db, const claim_welcome& asked) {
  // A time in the future is from before the clock went back: it forbids nothing.
  const auto recent =
      db.value<int>("SELECT 1 FROM voice_welcome WHERE guild=?1 AND at_ms<=?4 AND "
                    "((channel=?2 AND at_ms>?4-?5) OR (user=?3 AND at_ms>?4-?6)) LIMIT 1",
                    asked.guild, asked.channel, asked.user, asked.now.ms, asked.channel_gap_ms,
                    asked.member_gap_ms);
  if (recent)
    return {false};
  db.exec("INSERT OR REPLACE INTO voice_welcome(guild, channel, user, at_ms) VALUES(?,?,?,?)",
          asked.guild, asked.channel, asked.user, asked.now.ms);
  return {true};
}

spoken_names_found spoken_names_in(sqlite_db& db, const find_spoken_names& asked) {
  auto found = spoken_names_found{};
  for (const auto user : asked.users)
    db.each<std::string, bool>(
        "SELECT name, named FROM spoken_name WHERE guild=? AND user=?",
        [&](std::string name, bool named) {
          found.names.push_back({user, std::move(name), named});
        },
        asked.guild, user);
  return found;
}

void set_spoken_name_in(sqlite_db& db, const set_spoken_name& asked) {
  once(db, asked.interaction, [&] {
    if (asked.name.name.empty() && asked.name.named)
      db.exec("DELETE FROM spoken_name WHERE guild=? AND user=?", asked.guild, asked.name.user);
    else
      db.exec("INSERT OR REPLACE INTO spoken_name(guild, user, name, named) VALUES(?,?,?,?)",
              asked.guild, asked.name.user, asked.name.name, asked.name.named);
    return std::string{};
  });
}

} // namespace hearth
