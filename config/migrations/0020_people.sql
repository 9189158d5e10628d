-- What is kept of people in every guild. Retention and erasure: infra/store/data_registry.cpp.

CREATE TABLE user_info(
  user INTEGER PRIMARY KEY,
  name TEXT NOT NULL,          -- display name as last seen
  zone TEXT NOT NULL,          -- IANA name; empty until they have said
  seen_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX user_info_seen ON user_info(seen_ms);
