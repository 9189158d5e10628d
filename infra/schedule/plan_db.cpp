#include "infra/schedule/plan_db.hpp"
#include "infra/schedule/evening.hpp"
#include "infra/schedule/evening_db.hpp"
#include "infra/store/interaction_log_db.hpp"
#include <charconv>

namespace hearth {

namespace {

/// True for the first to mark it.
bool mark(sqlite_db& db, guild_id guild, evening_day evening, int hour, user_id user, instant now) {
  db.exec("INSERT OR IGNORE INTO schedule_mark(guild, evening, hour, user, at_ms) "
          "VALUES(?,?,?,?,?)",
          guild, to_text(evening), hour, user, now.ms);
  return db.changes() == 1;
}

int64_t replace_days(sqlite_db& db, const edit_plan& asked) {
  auto removed = int64_t{0};
  for (const auto day : asked.weekdays) {
    db.exec("DELETE FROM user_schedule WHERE guild=? AND user=? AND weekday=?", asked.guild,
            asked.member.user, day);
    removed += db.changes();
    for (const auto hour : asked.hours)
      db.exec("INSERT OR IGNORE INTO user_schedule(guild, user, weekday, hour) VALUES(?,?,?,?)",
              asked.guild, asked.member.user, day, hour);
  }
  return removed;
}

} // namespace

member_plan plan_in(sqlite_db& db, const load_plan& asked) {
  auto plan = member_plan{};
  plan.user = asked.user;
  db.each<int, int>(
      "SELECT weekday, hour FROM user_schedule WHERE guild=? AND user=? ORDER BY weekday, hour",
      [&](int weekday, int hour) {
        plan.entries.push_back({weekday, hour});
      },
      asked.guild, asked.user);
  plan.remind = db.value<int>("SELECT 1 FROM schedule_reminder WHERE guild=? AND user=?",
                              asked.guild, asked.user)
                    .has_value();
  return plan;
}

member_plan edit_plan_in(sqlite_db& db, const edit_plan& asked) {
  const auto outcome = once(db, asked.interaction, [&] {
    keep_member(db, asked.guild, asked.member, asked.now);
    if (asked.remind && *asked.remind)
      // Also forgets that their direct messages were closed: they may have opened them.
      db.exec("INSERT INTO schedule_reminder(guild, user) VALUES(?,?) "
              "ON CONFLICT DO UPDATE SET dm_closed=0",
              asked.guild, asked.member.user);
    else if (asked.remind)
      db.exec("DELETE FROM schedule_reminder WHERE guild=? AND user=?", asked.guild,
              asked.member.user);
    return std::to_string(replace_days(db, asked));
  });
  auto plan = plan_in(db, {asked.guild, asked.member.user});
  std::from_chars(outcome.data(), outcome.data() + outcome.size(), plan.removed);
  return plan;
}

reminders_due claim_reminders_in(sqlite_db& db, const claim_reminders& asked) {
  auto wanted = std::vector<reminder>{};
  const auto day = to_text(asked.evening);
  db.each<user_id, channel_id, bool>(
      "SELECT r.user, r.dm, r.dm_closed FROM schedule_reminder r JOIN daily_vote v ON "
      "v.guild=r.guild AND v.user=r.user WHERE v.guild=? AND v.evening=? AND v.hour=? AND "
      "v.active=1 AND NOT EXISTS(SELECT 1 FROM daily_vote b WHERE b.guild=v.guild AND "
      "b.evening=v.evening AND b.hour=v.hour-1 AND b.hour>=0 AND b.user=v.user AND b.active=1) "
      "ORDER BY r.user",
      [&](user_id user, channel_id dm, bool closed) {
        wanted.push_back({user, dm, closed});
      },
      asked.guild, day, asked.hour);
  auto due = reminders_due{};
  for (const auto& one : wanted)
    if (mark(db, asked.guild, asked.evening, asked.hour, one.user, asked.now))
      due.reminders.push_back(one);
  return due;
}

noted note_dm_in(sqlite_db& db, const note_dm& asked) {
  db.exec("UPDATE schedule_reminder SET dm=?, dm_closed=? WHERE guild=? AND user=?", asked.dm,
          asked.closed, asked.guild, asked.user);
  return {};
}

claimed claim_ready_in(sqlite_db& db, const claim_ready& asked) {
  return {mark(db, asked.guild, asked.evening, asked.hour, user_id{}, asked.now)};
}

} // namespace hearth
