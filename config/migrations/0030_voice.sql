-- Sound in voice channels: what plays, who listened for how long, and how the spoken welcome calls
-- whom. Retention and erasure: infra/store/data_registry.cpp.

CREATE TABLE ambience_player(  -- one a guild: a bot can be in one of its voice channels at a time
  guild INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL,    -- 0: it does not play
  layers TEXT NOT NULL,        -- JSON: [["rain:2", 100], ...], volumes in percent
  volume INTEGER NOT NULL,
  paused INTEGER NOT NULL,
  stay INTEGER NOT NULL,       -- does not leave an empty channel
  since_ms INTEGER NOT NULL,
  sleep_ms INTEGER NOT NULL,   -- stops then; 0: never
  focus_work INTEGER NOT NULL, -- minutes; 0: no focus timer
  focus_rest INTEGER NOT NULL,
  focus_rounds INTEGER NOT NULL,
  focus_ms INTEGER NOT NULL,   -- when it began
  message_channel INTEGER NOT NULL,
  message INTEGER NOT NULL     -- the newest message with its buttons; 0: not known
) STRICT;

CREATE TABLE ambience_time(    -- time listened
  guild INTEGER NOT NULL,
  user INTEGER NOT NULL,
  total_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,   -- counted until then: nothing counts twice
  PRIMARY KEY(guild, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX ambience_time_top ON ambience_time(guild, total_ms);
CREATE INDEX ambience_time_user ON ambience_time(user);

CREATE TABLE ambience_guild(   -- the same of whole guilds: time in which somebody listened
  guild INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  listed INTEGER NOT NULL,     -- other guilds may see the name
  total_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE spoken_name(      -- how the welcome calls a member
  guild INTEGER NOT NULL,
  user INTEGER NOT NULL,
  name TEXT NOT NULL,          -- empty: the display name
  named INTEGER NOT NULL,      -- 0: asked not to be named
  PRIMARY KEY(guild, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE voice_welcome(    -- to whom it spoke last in a channel; claimed before it speaks
  guild INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  user INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(guild, channel, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX voice_welcome_at ON voice_welcome(at_ms);
