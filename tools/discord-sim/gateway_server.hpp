#pragma once
// The gateway: sessions of bots, fan-out of events, faults for tests (discord-api 1, 15.7).
#include "discord-sim/core.hpp"

namespace sim {

/// What tests and the control interface may see of a session.
struct session_info {
  std::string id;
  snowflake application = 0;
  std::uint64_t intents = 0;
  bool connected = false;
  std::string compression;     ///< "", "zlib-stream", "zstd-stream"
  std::int64_t seq = 0;        ///< last one sent
  std::int64_t beaten_seq = 0; ///< d of the last heartbeat: received by the client
  std::size_t queued = 0;      ///< bytes not yet taken by the connection
  std::size_t pending = 0;     ///< guilds whose GUILD_CREATE is still to be sent
  int shard = 0;
  int shard_count = 1;
};

struct gateway_options {
  std::chrono::milliseconds heartbeat{41250};
  std::chrono::milliseconds resume_window{120000};
  std::size_t resume_events_max = 10000;
  int session_starts = 1000; ///< session_start_limit.total per 24 h and application
  int max_concurrency = 1;
  int shards = 1;                  ///< recommended by GET /gateway/bot
  int guilds_per_shard_max = 2500; ///< more: 4011 (discord-api 1.9)
  bool exact_shards = false;       ///< shard counts must be a multiple of `shards`, else 4010 (1.5)
  std::chrono::milliseconds identify_interval{5000};
};

/// Faults of a session or, with `session` "", of all present and future ones.
class gateway_server {
public:
  virtual ~gateway_server() = default;

  virtual std::vector<session_info> sessions() const = 0;
  virtual gateway_options& options() = 0;

  /// Stops or restarts answering heartbeats (op 11).
  virtual void drop_acks(std::string_view session, bool on) = 0;
  /// Closes the connection: `code` 0 = without a close frame.
  virtual void close(std::string_view session, std::uint16_t code) = 0;
  /// Ends every connection without a word, also those that have no session yet.
  virtual void drop_connections() = 0;
  /// Ends all sessions, as an outage longer than the resume window does; connections stay.
  virtual void expire_sessions() = 0;
  /// Ends an application's sessions, closing with `code` (revoked token: 4004).
  virtual void end_sessions(snowflake application, std::uint16_t code) = 0;
  /// op 7.
  virtual void reconnect(std::string_view session) = 0;
  /// op 9; `resumable` false ends the session.
  virtual void invalidate(std::string_view session, bool resumable) = 0;
  /// The next `count` RESUMEs are answered by op 9 false.
  virtual void refuse_resumes(int count) = 0;
  /// op 1: asks for a heartbeat at once.
  virtual void ask_beat(std::string_view session) = 0;
  /// The next `count` connections get op 7 instead of Hello (1.3).
  virtual void reconnect_before_hello(int count) = 0;
  /// The next `count` websocket upgrades at resume_gateway_url are refused (1.7).
  virtual void refuse_resume_connections(int count) = 0;
  /// The next `count` messages of each zlib-stream connection come as two websocket messages, of
  /// which only the second ends with the flush suffix (1.2, 7 "22").
  virtual void split_next(int count) = 0;
  /// A websocket message that nobody can decode.
  virtual void send_garbage(std::string_view session) = 0;
  /// The next `count` dispatches of each session are sent twice (same s).
  virtual void duplicate_next(int count) = 0;
  /// The next `count` dispatches of each session are held back and sent in reverse order; s stays
  /// increasing, so that the order of facts differs, not the protocol.
  virtual void reorder_next(int count) = 0;
  /// Dispatches are held back that long (0 = none), in order.
  virtual void delay_dispatches(std::chrono::milliseconds by) = 0;
  /// Sends GUILD_DELETE unavailable, or GUILD_CREATE when it is back, and marks the guild.
  virtual void set_unavailable(snowflake guild, bool on) = 0;
  /// After the world changed: GUILD_CREATE for a bot that became a member.
  virtual void announce_guild(snowflake guild, snowflake application) = 0;
  /// GUILD_DELETE without `unavailable`, for a bot that is no member any more (1.10).
  virtual void forget_guild(snowflake guild, snowflake application) = 0;
  /// Starts left today (1000 at first); the counter of GET /gateway/bot.
  virtual int starts_left(snowflake application) = 0;
  /// Milliseconds until it is full again.
  virtual std::int64_t starts_reset_after_ms(snowflake application) = 0;
  /// Sets it, for tests of exhaustion.
  virtual void set_starts_left(snowflake application, int left) = 0;
  /// Sends bytes that are no event (a pre-built dispatch's d) to all sessions of an application:
  /// for floods. One shared text, no filter.
  virtual void flood(snowflake application, std::string_view type,
                     std::shared_ptr<const std::string> data) = 0;
  /// op 1 to all sessions of an application: the client beats at once (1.3).
  virtual void ask_heartbeat(snowflake application) = 0;
};

} // namespace sim
