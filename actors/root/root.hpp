#pragma once
// The supervisor of the process: makes guild actors, restarts what dies, stops everything in order.
#include "infra/inspect/instrumented_context.hpp"
#include "infra/root/restart_rules.hpp"
#include "messages/root.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// How root makes its children, and whom it stops. Everything spawned by these functions is
/// monitored by root.
struct root_parts {
  std::function<guild_actor(guild_id)> spawn_guild;
  /// Spawns the shard for this supervisor. May be called again after the shard died.
  std::function<gateway_shard_actor(guild_supervisor_actor)> spawn_shard;
  /// What brings work in beside the shard, stopped before it. One of them dying ends the daemon, as
  /// for sinks.
  std::vector<std::pair<std::string, caf::strong_actor_ptr>> sources;
  /// Notes what a guild wants; true when the shard has to ask Discord for more than it did: it is
  /// started anew. Empty: never.
  std::function<bool(const guild_wants&)> note_wants;
  /// Sinks, in the order in which they are stopped: nobody above them is left when their turn
  /// comes. One of them dying ends the daemon (exit 70): their handles are everywhere, so the
  /// service restarts us.
  std::vector<std::pair<std::string, caf::strong_actor_ptr>> sinks;
  std::function<reload_report()> reload; ///< Reads the settings again; must not throw.
  std::function<void(const bot_identity&)> identified; ///< READY arrived (again).
  std::function<void(int exit_code)> ended;            ///< Everything is stopped.
  restart_limits limits;
  int64_t stop_timeout_ms = 8'000; ///< For each stage of an orderly stop; then it is killed.
};

/// Spawned once by main; lives until stop_daemon. What survives it: everything in the stores.
class root final : public instrumented<root_actor::base> {
public:
  root(caf::actor_config& config, root_parts parts);
  const char* name() const override { return "root"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct guild_child {
    guild_actor actor; ///< Null while it waits for its restart.
    restart_history history;
    std::vector<caf::typed_response_promise<guild_actor>> waiting;
  };

  caf::result<guild_actor> on_want_guild(guild_id guild);
  void on_down(const caf::down_msg& down);
  void on_guild_down(guild_id guild, guild_child& child, const caf::error& reason);
  void on_shard_down(const caf::error& reason);
  void on_restart_due(guild_id guild);
  children list_children() const;
  caf::result<stopped> on_restart_asked(guild_id guild);
  void drain(bool on);
  void start_guild(guild_id guild, guild_child& child);
  void start_shard();
  void on_wants(const guild_wants& said);
  void stop(int exit_code);
  void stop_guilds();
  void stop_sinks();

  root_parts parts_;
  std::map<guild_id, guild_child> guilds_;
  gateway_shard_actor shard_;
  restart_history shard_history_;
  bool shard_renewed_ = false; ///< Its end is ours, and its successor starts at once.
  bool stopping_ = false;
  bool draining_ = false;
  int exit_code_ = 0;
  size_t guilds_left_ = 0;
};

} // namespace hearth
