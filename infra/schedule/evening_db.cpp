#include "infra/schedule/evening_db.hpp"
#include "infra/schedule/evening.hpp"
#include "infra/store/interaction_log_db.hpp"
#include <charconv>

namespace hearth {

namespace {

constexpr int declined_bit(vote_source source) noexcept { return 1 << static_cast<int>(source); }
/// What filled in a vote by itself may not do so again once the member took it back.
constexpr bool by_itself(vote_source source) noexcept {
  return source == vote_source::recurrent || source == vote_source::voice;
}

/// One row of daily_vote before a change.
struct stored_vote {
  bool active = false;
  vote_source source = vote_source::button;
  int declined = 0;
};
std::optional<stored_vote> find_vote(sqlite_db& db, guild_id guild, const std::string& evening,
                                     int hour, user_id user) {
  const auto row = db.row<bool, vote_source, int>(
      "SELECT active, source, declined FROM daily_vote WHERE guild=? AND evening=? AND hour=? AND "
      "user=?",
      guild, evening, hour, user);
  if (!row)
    return std::nullopt;
  return stored_vote{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)};
}

/// Where and when a vote is put in.
struct vote_place {
  guild_id guild;
  std::string evening;
  int hour = 0;
  instant now;
};

/// Puts one member in. False when they are in already or have declined this source.
bool put_in(sqlite_db& db, const vote_place& at, user_id user, vote_source source,
            std::optional<interaction_id> applied_by = std::nullopt) {
  if (const auto old = find_vote(db, at.guild, at.evening, at.hour, user))
    if (old->active || (by_itself(source) && (old->declined & declined_bit(source)) != 0))
      return false;
  db.exec("INSERT INTO daily_vote(guild, evening, hour, user, active, source, applied_by, at_ms) "
          "VALUES(?,?,?,?,1,?,?,?) ON CONFLICT DO UPDATE SET active=1, source=excluded.source, "
          "applied_by=excluded.applied_by, at_ms=excluded.at_ms",
          at.guild, at.evening, at.hour, user, source, applied_by, at.now.ms);
  return true;
}

void take_out(sqlite_db& db, const vote_place& at, user_id user, const stored_vote& old) {
  const auto declined = old.declined | (by_itself(old.source) ? declined_bit(old.source) : 0);
  db.exec("UPDATE daily_vote SET active=0, declined=?, applied_by=NULL, at_ms=? "
          "WHERE guild=? AND evening=? AND hour=? AND user=?",
          declined, at.now.ms, at.guild, at.evening, at.hour, user);
}

/// Puts in everybody who planned one of these hours for the weekday of the evening.
uint32_t fill_in(sqlite_db& db, guild_id guild, evening_day evening, int first_hour, int last_hour,
                 instant now, std::optional<interaction_id> applied_by) {
  auto planned = std::vector<std::pair<user_id, int>>{};
  db.each<user_id, int>(
      "SELECT user, hour FROM user_schedule WHERE guild=? AND weekday=? AND hour BETWEEN ? AND ? "
      "ORDER BY user, hour",
      [&](user_id user, int hour) { planned.emplace_back(user, hour); }, guild, weekday_of(evening),
      first_hour, last_hour);
  auto count = uint32_t{0};
  for (const auto& [user, hour] : planned)
    if (put_in(db, {guild, to_text(evening), hour, now}, user, vote_source::recurrent, applied_by))
      ++count;
  return count;
}

uint32_t number_of(const std::string& text) {
  auto number = uint32_t{0};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

vote_result result_of(sqlite_db& db, guild_id guild, evening_day evening, uint32_t count) {
  return {evening_in(db, guild, evening), count > 0, count};
}

/// The intent of that nonce as the caller must treat it.
post_plan plan_of(sqlite_db& db, const begin_post& asked, const std::string& nonce) {
  auto plan = post_plan{evening_in(db, asked.guild, asked.evening), {}, asked.channel, false};
  const auto row = db.row<channel_id, std::optional<int64_t>>(
      "SELECT channel, message FROM daily_message WHERE guild=? AND evening=? AND nonce=?",
      asked.guild, to_text(asked.evening), nonce);
  if (!row || std::get<1>(*row))
    return plan; // posted, or posted and deleted since
  plan.nonce = nonce;
  plan.channel = std::get<0>(*row);
  plan.resumed = true;
  return plan;
}

} // namespace

void keep_member(sqlite_db& db, guild_id guild, const known_member& member, instant now) {
  db.exec("INSERT INTO schedule_member(guild, user, name, badge, seen_ms) VALUES(?,?,?,?,?) "
          "ON CONFLICT DO UPDATE SET name=excluded.name, badge=excluded.badge, "
          "seen_ms=excluded.seen_ms",
          guild, member.user, member.name, member.badge, now.ms);
}

void keep_audit(sqlite_db& db, guild_id guild, const moderator_action& by, instant now) {
  if (by.user)
    db.exec("INSERT INTO audit_log(guild, user, at_ms, what) VALUES(?,?,?,?)", guild, by.user,
            now.ms, by.what);
}

evening_record_ptr evening_in(sqlite_db& db, guild_id guild, evening_day evening) {
  auto record = std::make_shared<evening_record>();
  record->guild = guild;
  record->evening = evening;
  const auto day = to_text(evening);
  db.each<int, user_id, vote_source, std::optional<std::string>, std::optional<std::string>>(
      "SELECT v.hour, v.user, v.source, m.name, m.badge FROM daily_vote v LEFT JOIN "
      "schedule_member m ON m.guild=v.guild AND m.user=v.user WHERE v.guild=? AND v.evening=? AND "
      "v.active=1 ORDER BY v.hour, v.at_ms, v.user",
      [&](int hour, user_id user, vote_source source, std::optional<std::string> name,
          std::optional<std::string> badge) {
        record->votes.push_back({hour, user, source});
        record->members.try_emplace(
            user, known_member{user, std::move(name).value_or(""), std::move(badge).value_or("")});
      },
      guild, day);
  db.each<channel_id, message_id>(
      "SELECT channel, message FROM daily_message WHERE guild=? AND evening=? AND message IS NOT "
      "NULL ORDER BY at_ms DESC, message DESC LIMIT ?",
      [&](channel_id channel, message_id message) {
        record->messages.push_back({channel, message});
      },
      guild, day, shown_messages_max);
  return record;
}

vote_result toggle_in(sqlite_db& db, const toggle_vote& asked) {
  const auto outcome = once(db, asked.interaction, [&] {
    keep_member(db, asked.guild, asked.member, asked.now);
    const auto at = vote_place{asked.guild, to_text(asked.evening), asked.hour, asked.now};
    const auto old = find_vote(db, at.guild, at.evening, at.hour, asked.member.user);
    if (old && old->active)
      take_out(db, at, asked.member.user, *old);
    else
      put_in(db, at, asked.member.user, vote_source::button);
    return std::string{old && old->active ? "out" : "in"};
  });
  return {evening_in(db, asked.guild, asked.evening), outcome == "in", 1};
}

vote_result add_in(sqlite_db& db, const add_votes& asked) {
  const auto outcome = once(db, asked.by.interaction, [&] {
    auto count = uint32_t{0};
    const auto at = vote_place{asked.guild, to_text(asked.evening), asked.hour, asked.now};
    for (const auto& member : asked.members) {
      if (!put_in(db, at, member.user, asked.source))
        continue;
      keep_member(db, asked.guild, member, asked.now);
      ++count;
    }
    if (count > 0)
      keep_audit(db, asked.guild, asked.by, asked.now);
    return std::to_string(count);
  });
  return result_of(db, asked.guild, asked.evening, number_of(outcome));
}

post_plan begin_post_in(sqlite_db& db, const begin_post& asked) {
  const auto day = to_text(asked.evening);
  if (!db.row<int64_t>("SELECT filled_ms FROM daily_evening WHERE guild=? AND evening=?",
                       asked.guild, day)) {
    db.exec("INSERT INTO daily_evening(guild, evening, filled_ms) VALUES(?,?,?)", asked.guild, day,
            asked.now.ms);
    fill_in(db, asked.guild, asked.evening, asked.first_hour, asked.last_hour, asked.now, {});
  }
  auto fresh = false;
  const auto nonce = once(db, asked.by.interaction, [&] {
    if (auto waiting = db.value<std::string>(
            "SELECT nonce FROM daily_message WHERE guild=? AND evening=? AND message IS NULL "
            "ORDER BY at_ms DESC LIMIT 1",
            asked.guild, day))
      return *waiting;
    if (!asked.again)
      if (auto posted = db.value<std::string>(
              "SELECT nonce FROM daily_message WHERE guild=? AND evening=? LIMIT 1", asked.guild,
              day))
        return *posted;
    db.exec("INSERT INTO daily_message(guild, evening, nonce, channel, at_ms) VALUES(?,?,?,?,?)",
            asked.guild, day, asked.nonce, asked.channel, asked.now.ms);
    keep_audit(db, asked.guild, asked.by, asked.now);
    fresh = true;
    return asked.nonce;
  });
  auto plan = plan_of(db, asked, nonce);
  plan.resumed = plan.resumed && !fresh;
  return plan;
}

evening_record_ptr finish_post_in(sqlite_db& db, const finish_post& asked) {
  db.exec("UPDATE daily_message SET message=?, channel=? WHERE guild=? AND evening=? AND nonce=?",
          asked.shown.message, asked.shown.channel, asked.guild, to_text(asked.evening),
          asked.nonce);
  return evening_in(db, asked.guild, asked.evening);
}

noted abandon_post_in(sqlite_db& db, const abandon_post& asked) {
  db.exec("DELETE FROM daily_message WHERE guild=? AND evening=? AND nonce=? AND message IS NULL",
          asked.guild, to_text(asked.evening), asked.nonce);
  return {};
}

noted forget_message_in(sqlite_db& db, const forget_message& asked) {
  db.exec("DELETE FROM daily_message WHERE guild=? AND message=?", asked.guild, asked.message);
  return {};
}

vote_result apply_plans_in(sqlite_db& db, const apply_plans& asked) {
  const auto outcome = once(db, asked.interaction, [&] {
    keep_audit(db, asked.guild, asked.by, asked.now);
    return std::to_string(fill_in(db, asked.guild, asked.evening, asked.first_hour, asked.last_hour,
                                  asked.now, asked.interaction));
  });
  return result_of(db, asked.guild, asked.evening, number_of(outcome));
}

std::optional<vote_result> undo_apply_in(sqlite_db& db, const undo_apply& asked) {
  const auto outcome = once(db, asked.by.interaction, [&] {
    // Not declined: the moderator took it back, the member said nothing.
    db.exec("UPDATE daily_vote SET active=0, applied_by=NULL WHERE guild=? AND evening=? AND "
            "applied_by=? AND active=1",
            asked.guild, to_text(asked.evening), asked.applied);
    const auto count = db.changes();
    if (count > 0)
      keep_audit(db, asked.guild, asked.by, {asked.by.interaction.created_ms()});
    return std::to_string(count);
  });
  const auto count = number_of(outcome);
  if (count == 0)
    return std::nullopt;
  return result_of(db, asked.guild, asked.evening, count);
}

} // namespace hearth
