#pragma once
// hearthd as one object: builds all actors in stages, stops in order. run_daemon adds the signals.
#include "actors/gateway/gateway_shard.hpp"
#include "actors/root/guild_env.hpp"
#include "infra/root/log_ring_session.hpp"
#include "infra/settings/startup_session.hpp"
#include "messages/voice.hpp"
#include <caf/actor_system.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

class store_context;
struct voice_engine_options;

/// What whoever runs the daemon may add or change; tests run it in their own process. All but
/// `ended` may be empty.
struct daemon_hooks {
  std::function<void()> ended; ///< Everything is stopped: finish() will not wait long. Any thread.
  std::function<void(std::vector<feature_entry>&)> features;      ///< Before the first guild.
  std::function<void(guild_limits&)> limits;                      ///< At each use; any thread.
  std::function<void(gateway_shard_options&)> shard;              ///< At each start of a shard.
  std::function<void(caf::actor_system&, store_context&)> stores; ///< Once, when they run.
  std::function<void(voice_engine_options&)> voice;               ///< Once.
  std::function<void(const voice_hub_actor&)> voice_hub;          ///< Once: the way into voice.
  /// The log's newest lines; null: the daemon cannot be looked into, and opens no port for it.
  std::shared_ptr<log_ring> log;
  std::function<void()> wake;     ///< Calls attend() soon. Any thread.
  std::function<void()> ask_stop; ///< An operator wants stop(). Any thread.
};

/// One bot's whole life: construct, start, finish. Signals are the caller's business.
class daemon {
public:
  /// Opens and migrates the database. Throws migrate_error, sqlite_error.
  daemon(startup start, std::string config_path, daemon_hooks hooks);
  /// Only after finish(), or without start().
  ~daemon();
  daemon(const daemon&) = delete;
  daemon& operator=(const daemon&) = delete;

  void start();
  /// Reads the configuration file again.
  void reload();
  /// Looks after the ports for operators: when attend_at_ms() (steady) has come, or hooks.wake was
  /// called.
  void attend();
  int64_t attend_at_ms() const;
  /// Closes those ports and begins an orderly stop; hooks.ended tells its end.
  void stop();
  /// After hooks.ended was called. Returns the exit code: 0 orderly, 70 a defect, 78 do not
  /// restart.
  int finish();

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

/// Runs until SIGTERM or SIGINT (exit code 0) or until something fatal (70 a defect: the service
/// starts us again; 78 a mistake in the configuration: it does not). `config_path` is read again on
/// SIGHUP. Blocks the signals it waits for, so no other thread may exist yet. `log`: its newest
/// lines, for operators.
int run_daemon(startup start, const std::string& config_path, std::shared_ptr<log_ring> log);

} // namespace hearth
