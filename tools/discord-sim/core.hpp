#pragma once
// What every part of the simulator shares. One thread (the server's) touches it: no locks anywhere.
#include "discord-sim/clock.hpp"
#include "discord-sim/dispatch.hpp"
#include "discord-sim/router.hpp"
#include "discord-sim/violations.hpp"
#include <random>

namespace sim {

class gateway_server;
class rate_limiter;
class voice_server;

/// Called around every REST request; empty functions cost nothing.
struct core_hooks {
  /// Before anything else is looked at. A returned response is sent instead (fault).
  std::function<std::optional<http_response>(const http_request&)> before_all;
  /// After the rate limit, before the handler. A returned response is sent instead (fault).
  std::function<std::optional<http_response>(rest_call&)> before_route;
  /// The answer on its way out; may change it (delay, reset). `call` is nullptr when no route was
  /// found or authentication failed.
  std::function<void(const http_request&, rest_call* call, http_response&)> after_route;
  /// A gateway payload that a session sent (`in`) or got.
  std::function<void(std::string_view session, bool in, std::string_view payload)> on_gateway;
  /// The same of the voice gateway, without tokens and keys; `user` 0: not known yet. Binary
  /// messages come as JSON that describes them.
  std::function<void(snowflake user, bool in, std::string_view message)> on_voice;
};

/// Result of moving time: how many sessions asked for sim_time, how many acknowledged in time.
struct time_moved {
  unix_ms now = 0;
  std::size_t asked = 0;
  std::size_t acknowledged = 0;
};

class core {
public:
  virtual ~core() = default;

  sim::world world;
  domain_clock clock;
  sim::violations violations;
  core_hooks hooks;
  router api;   ///< below /api, /api/v9, /api/v10
  router plain; ///< everything else: /sim/..., attachments; no limit, no auth

  /// "http://127.0.0.1:PORT", "ws://127.0.0.1:PORT".
  virtual std::string http_base() const = 0;
  virtual std::string ws_base() const = 0;

  /// A new id of the present domain time.
  snowflake new_id() { return ids_.next(clock.now()); }
  /// Pseudo-random, reproducible by the seed: `bytes` bytes as lower-case hex.
  std::string random_hex(std::size_t bytes);
  std::uint64_t random();

  virtual dispatcher& events() = 0;
  virtual gateway_server& gateway() = 0;
  virtual rate_limiter& limits() = 0;
  virtual voice_server& voice() = 0;

  /// Sends a POST to an address on this machine, "http://127.0.0.1:PORT/path", and calls `then`
  /// with the answer, or with nothing when none came within `limit` (real time).
  virtual void post(const std::string& url, header_list headers, std::string body,
                    std::chrono::milliseconds limit,
                    std::function<void(std::optional<http_response>)> then) = 0;

  /// What befalls connections from now on; of the control interface none. `cut` also ends those
  /// that are open. `count` 0: until it is changed.
  virtual void set_network(network_mode mode, int count, bool cut) = 0;

  /// Runs `then` on the simulator's thread after a real (steady) delay.
  virtual void after(std::chrono::milliseconds delay, std::function<void()> then) = 0;

  /// Registers who takes websocket upgrades on an exact path; `request` holds the query.
  using websocket_acceptor =
      std::function<void(std::shared_ptr<websocket>, const http_request& request)>;
  virtual void on_websocket(std::string path, websocket_acceptor accept) = 0;

  /// Moves domain time (the caller changed `clock` just before): tells the sessions that asked
  /// for it and calls `done` when all acknowledged or 5 s passed.
  virtual void announce_time(std::function<void(time_moved)> done) = 0;

  void seed(std::uint64_t value) {
    random_.seed(value);
    ids_ = id_source(value);
  }

private:
  std::mt19937_64 random_{1};
  id_source ids_;
};

/// The parts that add their routes; each in its own .cpp.
void add_core_routes(core& c);     ///< users, applications, guilds, channels, roles, members
void add_activity_routes(core& c); ///< messages, reactions, DMs, commands, interactions, /sim

} // namespace sim
