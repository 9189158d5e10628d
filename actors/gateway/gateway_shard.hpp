#pragma once
// One connection to Discord's gateway: keeps the session alive, the guilds' caches true, and tells
// each guild's actor what changed. Runs on the gateway I/O thread, so that an event nobody wants
// never leaves it.
#include "infra/gateway/event_router.hpp"
#include "infra/gateway/session_rules.hpp"
#include "infra/gateway/transport.hpp"
#include "infra/gateway/websocket_client.hpp"
#include "infra/root/asio_context.hpp"
#include "infra/settings/secret.hpp"
#include "messages/interaction_endpoint.hpp"
#include <functional>
#include <string>
#include <string_view>

namespace hearth {

struct gateway_shard_options {
  secret token;
  std::string api; ///< REST base; a session is only resumed where it came from.
  router_options routing;
  compression mode = compression::zstd;
  int32_t shard = 0;
  int32_t shards = 1;
  session_timing timing;
  websocket_options socket;
  std::string presence; ///< Custom status; empty for none.
  std::string folder;   ///< For the session and the count of IDENTIFYs; empty: nothing is kept.
  /// Discord's time now, Unix milliseconds; the system's clock when empty. Called on the I/O
  /// thread.
  std::function<int64_t()> now_ms;
  bool follow_sim_time = false;  ///< Let discord-sim move domain time; only with `api` on loopback.
  size_t guild_events_max = 512; ///< Sent to one guild and not digested yet; others wait here.
  size_t waiting_events_max = 1'000; ///< Of one guild that is behind, or whose actor is not there.
  /// Of all guilds together, sent or waiting; beyond it each keeps only `waiting_events_min`.
  size_t events_max = 20'000;
  size_t waiting_events_min = 16;
  size_t interactions_max = 1'000; ///< Of all guilds, not taken by their guild yet.
  int64_t busy_ms = 1'500;         ///< An interaction its guild has not taken by then is answered.
  /// What that answer says, in a member's language; empty: nothing is answered.
  std::function<std::string(std::string_view locale)> busy_text;
  /// Presences, voice and the like may wait so long for company (0: not at all)...
  int64_t news_wait_ms = 50;
  size_t news_waiting_max = 256; ///< ... as long as there are fewer of them.
  int64_t rest_ms_max = 15'000;  ///< For GET /gateway/bot.
  int64_t guild_ms_max = 60'000; ///< For the supervisor to bring a guild's actor.
  int64_t clock_ms_max = 60'000; ///< For the clock to settle.
  int64_t stop_ms_max = 2'000;   ///< For events still on their way when stopping.
};

struct gateway_shard_handles {
  rest_actor rest;
  guild_supervisor_actor supervisor;
  clock_actor clock; ///< Null unless `follow_sim_time`.
};

/// Spawned by root, once per shard; starts connecting at once. `stop_shard` ends it (answered when
/// the socket is closed and, if resumable, the session written), so does an exit message. When it
/// dies, its successor identifies anew. What survives an orderly restart: the session and the
/// caches, in `folder`.
/// @param io Must outlive the actor.
shard_actor spawn_gateway_shard(caf::actor_system& system, asio_context& io,
                                gateway_shard_options options, gateway_shard_handles handles);

} // namespace hearth
