#pragma once
// A session of the gateway: what survives a lost connection (discord-api 1.7).
#include "discord-sim/clock.hpp"
#include "discord-sim/event_loop.hpp"
#include "discord-sim/world.hpp"
#include <deque>

namespace sim {

class gateway_connection;

/// A dispatch as all its receivers share it.
struct outgoing {
  std::string type;
  std::shared_ptr<const std::string> data; ///< d as JSON text
};

/// The text `{"t":..,"s":..,"op":0,"d":..}` (15.7).
std::string dispatch_text(const outgoing& what, std::int64_t seq);

class gateway_session {
public:
  std::string id;
  snowflake application = 0;
  snowflake bot = 0;
  std::uint64_t intents = 0;
  int shard = 0;
  int shard_count = 1;
  bool sharded = false; ///< IDENTIFY had a shard: READY has it too
  std::size_t large_threshold = 50;
  /// Guilds whose GUILD_CREATE is still to come: their events are in it already.
  std::set<snowflake> pending;
  bool drop_acks = false;
  /// The d of the last heartbeat: all up to it was received.
  std::int64_t beaten_seq = 0;
  /// Where dispatches go; nullptr while disconnected. The connection clears it.
  gateway_connection* link = nullptr;
  /// Ends the session when nobody resumed in time.
  std::unique_ptr<timer_handle> expiry;
  /// Steady time of the last presence updates (op 3: 5 in 20 s, 1.1).
  std::deque<steady::time_point> presence_times;

  /// Dispatches held back by the reorder fault, and how many it waits for.
  std::vector<outgoing> held;
  int reorder = 0;
  int duplicate = 0;

  /// Last sequence number given.
  std::int64_t seq() const { return seq_; }
  /// Gives the next number, remembers the dispatch for a resume and returns its text. `events_max`
  /// and `age_max` bound the memory.
  std::string number(outgoing what, std::size_t events_max, steady::duration age_max,
                     steady::time_point now);
  /// True when everything after `seq` can still be replayed.
  bool can_replay(std::int64_t seq) const;
  /// Texts of everything after `seq`, in order.
  std::vector<std::string> replay(std::int64_t seq) const;
  /// Whether a guild (0: none) belongs to this shard (1.9).
  bool covers(snowflake guild) const {
    return guild == 0
               ? shard == 0
               : static_cast<int>((guild >> 22) % static_cast<snowflake>(shard_count)) == shard;
  }

private:
  struct sent {
    steady::time_point at;
    outgoing what;
  };
  std::int64_t seq_ = 0;
  std::deque<sent> memory_; // memory_.back() has number seq_
};

} // namespace sim
