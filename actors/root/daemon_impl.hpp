#pragma once
// What hearthd consists of while it runs, for the files of daemon.
#include "actors/inspect/inspection.hpp"
#include "actors/inspect/monitoring.hpp"
#include "actors/interactions/command_ids.hpp"
#include "actors/root/daemon.hpp"
#include "actors/root/part_options.hpp"
#include "actors/root/root.hpp"
#include "actors/root/root_line.hpp"
#include "actors/root/system_config.hpp"
#include "actors/voice/ambience_service.hpp"
#include "actors/voice/voice_service.hpp"
#include "config/version.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/clock/system_clock_context.hpp"
#include "infra/root/asio_context.hpp"
#include "infra/root/idle_memory_process.hpp"
#include "infra/settings/current_settings_context.hpp"
#include "infra/store/daemon_db.hpp"
#include "infra/store/store_context.hpp"
#include "messages/clock_store.hpp"
#include "messages/commands.hpp"
#include "messages/interaction_endpoint.hpp"
#include "messages/people_store.hpp"
#include "messages/schedule_store.hpp"
#include <atomic>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hearth {

class daemon::impl {
public:
  impl(startup start, std::string config_path, daemon_hooks hooks);

  void spawn();
  template <class What> void tell_root(What what) { caf::anon_send(root_, std::move(what)); }
  /// After hooks.ended: waits for the last actors and returns the exit code.
  int finish();

  std::unique_ptr<inspection> inspection_; ///< Null when nobody may look in.
  idle_memory memory_;

private:
  /// The actors that guilds and the shard share.
  struct neighbours {
    rest_actor rest;
    settings_store_actor settings;
    clock_store_actor clock_kept;
    clock_actor clock;
    people_store_actor people;
    schedule_store_actor evenings;
    retention_store_actor retention;
  };

  // -- daemon.cpp: its life
  const time_source& time() const {
    return follow_sim_ ? static_cast<const time_source&>(driven_) : system_time_;
  }
  reload_report reload();
  void make_inspection(const neighbours& with, std::vector<std::string> features);
  void identified(const bot_identity& identity);

  // -- daemon_parts.cpp: what it is made of
  root_parts parts();
  neighbours spawn_neighbours();
  void spawn_keeper(const neighbours& with);
  std::vector<feature_entry> make_features(const neighbours& with);
  guild_env_ptr make_guild_env(const neighbours& with);
  /// Null when none is configured.
  interaction_endpoint_actor spawn_endpoint(const rest_actor& rest);
  gateway_shard_actor spawn_shard(const neighbours& with, const guild_supervisor_actor& supervisor,
                                  const interaction_endpoint_actor& endpoint);
  /// In the order in which they are stopped.
  std::vector<std::pair<std::string, caf::strong_actor_ptr>> sinks(const neighbours& with);
  void drop_handles();

  startup start_;
  std::string config_path_;
  daemon_hooks hooks_;
  current_settings settings_;
  daemon_db database_;
  catalog texts_;
  system_time system_time_;
  driven_time driven_;
  bool follow_sim_;
  std::shared_ptr<command_ids> ids_ = std::make_shared<command_ids>();
  telemetry telemetry_;
  system_config config_{&telemetry_};
  caf::actor_system system_;
  store_context store_;
  asio_context io_; // after the system: destroyed before it, when no actor is left
  monitoring monitoring_{{&telemetry_, &store_.counters(), start_.data_folder, HEARTH_VERSION,
                          [this] { return settings_.get(); }, start_.alert_webhook,
                          start_.uptime_push}};

  voice_service voice_{system_, telemetry_.counters().voice,
                       voice_options_of(start_, hooks_.voice)};
  ambience_service ambience_;

  root_line to_root_;
  gateway_wants asked_;       ///< What the shard asks Discord for; root's.
  root_actor root_;           ///< Main's own.
  gateway_shard_actor shard_; ///< Touched by root's functions only, until root has ended.
  command_registrar_actor registrar_;
  store_keeper_actor keeper_;
  settings_store_actor settings_store_;
  voice_switch_actor voice_hub_;
  std::function<void()> inspect_; ///< Makes inspection_, once root is there.
  int64_t started_ms_ = steady_ms();
  std::atomic<bool> ready_{false};
  std::atomic<int> exit_code_{70};
};

} // namespace hearth
