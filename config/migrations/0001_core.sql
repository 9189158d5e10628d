-- What belongs to no feature: a guild's settings, jobs done, interactions answered, who changed what.

CREATE TABLE guild(
  guild INTEGER PRIMARY KEY,
  seen_ms INTEGER NOT NULL,
  removed_ms INTEGER           -- set while the bot is not a member; purged after the operator's delay
) STRICT;

CREATE TABLE guild_option(
  guild INTEGER NOT NULL,
  key TEXT NOT NULL,           -- "language", "zone", "feature.schedule" ...
  value TEXT NOT NULL,
  PRIMARY KEY(guild, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE guild_channel(
  guild INTEGER NOT NULL,
  kind TEXT NOT NULL,          -- declared by features: "schedule", "main" ...
  channel INTEGER NOT NULL,
  PRIMARY KEY(guild, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE tracked_voice_channel(
  guild INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  PRIMARY KEY(guild, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_run(
  guild INTEGER NOT NULL,      -- 0: a job of the daemon itself
  job TEXT NOT NULL,
  since_ms INTEGER NOT NULL,   -- planned since then: periods due before were never missed
  period TEXT NOT NULL,        -- newest period done, "2026-11-20"; empty: none yet
  done_ms INTEGER NOT NULL,
  PRIMARY KEY(guild, job)
) STRICT, WITHOUT ROWID;

CREATE TABLE interaction_log(  -- an interaction delivered twice counts once; kept an hour
  interaction INTEGER PRIMARY KEY,
  outcome TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX interaction_log_at ON interaction_log(at_ms);

CREATE TABLE audit_log(
  id INTEGER PRIMARY KEY,
  guild INTEGER NOT NULL,
  user INTEGER NOT NULL,       -- the moderator; 0 once erased
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_at ON audit_log(at_ms);
CREATE INDEX audit_log_guild ON audit_log(guild, at_ms);
