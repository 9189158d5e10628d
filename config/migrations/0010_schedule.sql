-- "Who plays tonight". Evenings are local dates ("2026-11-20"); hours count from midnight of that
-- date, so 25 is 1 am of the day after. Retention and erasure: infra/store/data_registry.cpp.

CREATE TABLE user_schedule(    -- weekly plans
  guild INTEGER NOT NULL,
  user INTEGER NOT NULL,
  weekday INTEGER NOT NULL CHECK(weekday BETWEEN 0 AND 6),  -- of the evening, 0 = Monday
  hour INTEGER NOT NULL CHECK(hour BETWEEN 0 AND 47),
  PRIMARY KEY(guild, user, weekday, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_schedule_weekday ON user_schedule(guild, weekday, hour);

CREATE TABLE daily_evening(    -- evenings whose weekly plans were filled in
  guild INTEGER NOT NULL,
  evening TEXT NOT NULL,
  filled_ms INTEGER NOT NULL,
  PRIMARY KEY(guild, evening)
) STRICT, WITHOUT ROWID;

CREATE TABLE daily_message(    -- our messages that show an evening
  guild INTEGER NOT NULL,
  evening TEXT NOT NULL,
  nonce TEXT NOT NULL,
  channel INTEGER NOT NULL,
  message INTEGER,             -- NULL: about to be posted; after a crash it is looked for first
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(guild, evening, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX daily_message_message ON daily_message(guild, message);

CREATE TABLE daily_vote(
  guild INTEGER NOT NULL,
  evening TEXT NOT NULL,
  hour INTEGER NOT NULL CHECK(hour BETWEEN -1 AND 47),      -- -1: maybe tonight
  user INTEGER NOT NULL,
  active INTEGER NOT NULL,     -- 0: taken back; the row remembers what may not fill it in again
  source INTEGER NOT NULL,     -- vote_source
  declined INTEGER NOT NULL DEFAULT 0,  -- bit 1 << vote_source: taken back from it this evening
  applied_by INTEGER,          -- the interaction of the /modapplyschedule that added it
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(guild, evening, hour, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX daily_vote_user ON daily_vote(user);

CREATE TABLE schedule_member(  -- names as the messages show them; no member list is needed for them
  guild INTEGER NOT NULL,
  user INTEGER NOT NULL,
  name TEXT NOT NULL,
  badge TEXT NOT NULL,         -- the role whose emoji goes before the name
  seen_ms INTEGER NOT NULL,
  PRIMARY KEY(guild, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedule_reminder(  -- who wants a word before their hours
  guild INTEGER NOT NULL,
  user INTEGER NOT NULL,
  dm INTEGER NOT NULL DEFAULT 0,        -- their channel of direct messages once known
  dm_closed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(guild, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedule_mark(    -- said once: reminders, and with user 0 "enough are ready"
  guild INTEGER NOT NULL,
  evening TEXT NOT NULL,
  hour INTEGER NOT NULL,
  user INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(guild, evening, hour, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_mark_at ON schedule_mark(at_ms);
