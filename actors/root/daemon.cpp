#include "actors/root/daemon.hpp"
#include "actors/clock/clock_store.hpp"
#include "actors/clock/domain_clock.hpp"
#include "actors/gateway/gateway_shard.hpp"
#include "actors/inspect/inspection.hpp"
#include "actors/inspect/monitoring.hpp"
#include "actors/interactions/command_ids.hpp"
#include "actors/interactions/command_registrar.hpp"
#include "actors/interactions/interaction_endpoint.hpp"
#include "actors/people/people_store.hpp"
#include "actors/rest/rest_client.hpp"
#include "actors/root/features.hpp"
#include "actors/root/guild.hpp"
#include "actors/root/part_options.hpp"
#include "actors/root/root.hpp"
#include "actors/root/root_line.hpp"
#include "actors/root/system_config.hpp"
#include "actors/schedule/schedule_store.hpp"
#include "actors/settings/settings_store.hpp"
#include "actors/store/retention_store.hpp"
#include "actors/store/store_keeper.hpp"
#include "actors/voice/ambience_service.hpp"
#include "actors/voice/voice_service.hpp"
#include "config/embedded.hpp"
#include "config/version.hpp"
#include "infra/clock/system_clock_context.hpp"
#include "infra/root/asio_context.hpp"
#include "infra/root/idle_memory_process.hpp"
#include "infra/root/instance_lock_process.hpp"
#include "infra/root/logging_session.hpp"
#include "infra/root/notify_socket.hpp"
#include "infra/settings/current_settings_context.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "infra/store/migrate_db.hpp"
#include "infra/store/store_context.hpp"
#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace hearth {
namespace {

/// Main's own wake-up: root has stopped everything.
constexpr auto ended_signal = SIGUSR1;
/// Likewise: the ports for operators want something.
constexpr auto inspect_signal = SIGUSR2;

int64_t system_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

int64_t steady_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

/// The database of a run, migrated, and whether the last run ended in order.
class database {
public:
  explicit database(const std::string& folder)
      : path_(folder + "/hearth.db"), backups_(folder + "/backups"), mark_(folder + "/running"),
        unclean_(std::filesystem::exists(mark_)) {
    auto db = sqlite_db{path_};
    const auto report = migrate(db, embedded_migrations(), backups_, system_ms());
    for (const auto& name : report.applied)
      spdlog::info("the database was brought to {}", name);
    if (!report.copy.empty())
      spdlog::info("a copy of the database from before is in {}", report.copy);
    switched_on_ = features_switched_on(db);
    std::ofstream{mark_} << getpid() << '\n';
  }

  const std::string& path() const noexcept { return path_; }
  const std::string& backups() const noexcept { return backups_; }
  bool unclean() const noexcept { return unclean_; }
  /// Features that some guild has switched on, as of the start.
  const std::vector<std::string>& switched_on() const noexcept { return switched_on_; }
  void ended_in_order() {
    auto error = std::error_code{};
    std::filesystem::remove(mark_, error);
  }

private:
  std::string path_, backups_, mark_;
  bool unclean_;
  std::vector<std::string> switched_on_;
};

/// Under discord-sim the simulator may move time: only there, on loopback, and not in production.
bool follows_sim(const settings& s) {
  if (s.clock.follow_sim != "auto")
    return s.clock.follow_sim == "on";
  return s.profile == "sandbox" &&
         s.discord.api.compare(0, 7, "http://") == 0; // plain http is loopback only
}

} // namespace

class daemon::impl {
public:
  impl(startup start, std::string config_path, daemon_hooks hooks)
      : start_(std::move(start)), config_path_(std::move(config_path)), hooks_(std::move(hooks)),
        settings_(start_.settings.value), database_(start_.data_folder), texts_(embedded_locales()),
        system_time_(std::chrono::seconds(start_.settings.value.clock.sync_wait_seconds)),
        driven_(&system_time_), follow_sim_(follows_sim(start_.settings.value)), system_(config_),
        store_(system_, database_.path(), store_options_of(start_.settings.value)),
        io_(system_, "io") {}

  void spawn();
  template <class What> void tell_root(What what) { caf::anon_send(root_, std::move(what)); }
  /// After hooks.ended: waits for the last actors and returns the exit code.
  int finish() {
    to_root_.lead_to(root_actor{});
    root_ = nullptr;
    inspection_.reset(); // its ports hold handles of our actors
    system_.await_all_actors_done();
    if (exit_code_ == 0)
      database_.ended_in_order();
    return exit_code_;
  }

  std::unique_ptr<inspection> inspection_; ///< Null when nobody may look in.
  idle_memory memory_;

private:
  root_parts parts();
  reload_report reload();
  void make_inspection(const rest_actor& rest, const clock_actor& clock, const time_source& time,
                       std::vector<std::string> features);
  void identified(const bot_identity& identity);

  startup start_;
  std::string config_path_;
  daemon_hooks hooks_;
  current_settings settings_;
  database database_;
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

void daemon::impl::spawn() {
  monitoring_.listen(system_);
  auto made = parts();
  root_ = system_.spawn<root>(std::move(made));
  to_root_.lead_to(root_);
  if (hooks_.log)
    inspect_();
  inspect_ = nullptr; // it holds handles
}

root_parts daemon::impl::parts() {
  const auto says = settings_.get();
  const time_source* time = &system_time_;
  if (follow_sim_)
    time = &driven_;
  auto rest = rest_actor{
      system_.spawn<rest_client>(std::ref(io_), rest_options_of(start_),
                                 [this](fatal what) { to_root_.tell(std::move(what)); })};
  auto settings_keeper =
      settings_store_actor{system_.spawn<settings_store>(std::ref(store_), std::cref(*time))};
  settings_store_ = settings_keeper;
  auto clock_keeper = clock_store_actor{system_.spawn<clock_store>(std::ref(store_))};
  auto people = spawn_people_store(system_, store_);
  auto evenings = spawn_schedule_store(system_, store_);
  auto clock = clock_actor{system_.spawn<domain_clock>(
      std::cref(*time), follow_sim_ ? &driven_ : nullptr, clock_keeper)};
  auto retention = retention_store_actor{system_.spawn<retention_store>(std::ref(store_))};
  keeper_ = system_.spawn<store_keeper, caf::detached>(database_.path(), database_.backups(),
                                                       std::cref(*time), clock, retention);
  caf::anon_send(keeper_, keeper_plan_of(*says));
  if (database_.unclean()) {
    spdlog::warn("the last run did not end in order; the database is being checked");
    caf::anon_send(keeper_, check_database{});
  }
  registrar_ = system_.spawn<command_registrar>(rest, std::cref(texts_), ids_);

  auto every_feature = guild_feature_parts{};
  every_feature.rest = rest;
  every_feature.settings = settings_keeper;
  every_feature.clock = clock;
  every_feature.texts = &texts_;
  every_feature.time = time;
  every_feature.default_zone = [this] { return settings_.get()->guild.zone; };
  every_feature.default_language = [this] { return settings_.get()->guild.language; };
  const auto schedule =
      std::make_shared<const schedule_parts>(schedule_parts{every_feature, evenings});

  voice_hub_ = voice_.spawn(rest, *time);
  auto cosy = ambience_parts{};
  static_cast<guild_feature_parts&>(cosy) = every_feature;
  cosy.evenings = evenings;
  cosy.hub = voice_hub_;
  cosy.own = [this] { return voice_.own_sounds(); };
  voice_.own_sounds(); // the first message that is drawn has them
  const auto ambience =
      ambience_.spawn(system_, store_, std::move(cosy), [this] { return settings_.get(); });
  auto env = std::make_shared<guild_env>();
  env->io = &io_;
  env->voice = voice_hub_;
  env->rest = rest;
  env->settings = settings_keeper;
  env->clock = clock;
  env->people = people;
  env->features = all_features({schedule, ambience}, *says);
  if (hooks_.features)
    hooks_.features(env->features);
  env->texts = &texts_;
  env->time = time;
  env->steady_ms = steady_ms;
  env->limits = [this] {
    auto limits = limits_of(*settings_.get());
    if (hooks_.limits)
      hooks_.limits(limits);
    return limits;
  };
  env->register_commands = [registrar = registrar_](guild_id guild,
                                                    std::vector<std::string> features) {
    caf::anon_send(registrar, want_commands{guild, std::move(features)});
  };
  env->command_id_of = [ids = ids_](guild_id guild, std::string_view name) {
    return ids->find(guild, name);
  };
  env->tell_wants = [this](const guild_wants& said) { to_root_.tell(said); };
  env->version = HEARTH_VERSION;
  asked_ = wants_of(env->features, database_.switched_on());
  asked_.messages_legacy = !says->guild.legacy_prefix.empty();

  auto names = std::vector<std::string>{};
  for (const auto& feature : env->features)
    names.push_back(feature.name);
  inspect_ = [this, rest, clock, time, names] { make_inspection(rest, clock, *time, names); };

  auto made = root_parts{};
  made.spawn_guild = [this, env](guild_id id) {
    return guild_actor{system_.spawn<guild>(id, env)};
  };
  auto endpoint = interaction_endpoint_actor{};
  if (says->interactions.http_port != 0) {
    auto options = endpoint_options(says->interactions);
    options.now_ms = [time] { return time->now().ms; };
    endpoint =
        system_.spawn<interaction_endpoint>(std::ref(io_), std::move(options), rest,
                                            [this](fatal what) { to_root_.tell(std::move(what)); });
    made.sources.emplace_back("interaction endpoint",
                              caf::actor_cast<caf::strong_actor_ptr>(endpoint));
  }
  made.spawn_shard = [this, rest, clock, time, endpoint](guild_supervisor_actor supervisor) {
    auto options = shard_options_of(start_, *settings_.get());
    options.routing.wants = asked_;
    options.presence = ambience_.presence(*settings_.get());
    options.now_ms = [time] { return time->now().ms; };
    options.busy_text = [this](std::string_view locale) {
      return texts_.text(locale, "core.refused.busy");
    };
    options.follow_sim_time = follow_sim_;
    if (hooks_.shard)
      hooks_.shard(options);
    const auto shard = spawn_gateway_shard(system_, io_, std::move(options),
                                           {rest, supervisor, follow_sim_ ? clock : clock_actor{}});
    if (endpoint)
      caf::anon_send(endpoint, use_shard{shard});
    shard_ = shard;
    voice_.lead_to(shard);
    ambience_.lead_to(shard);
    return shard_;
  };
  made.note_wants = [this](const guild_wants& said) {
    const auto more = asked_ | unprivileged(said.wants);
    return intents_for(std::exchange(asked_, more)) != intents_for(more);
  };
  const auto sink = [&](const char* name, const auto& actor) {
    made.sinks.emplace_back(name, caf::actor_cast<caf::strong_actor_ptr>(actor));
  };
  made.sinks = monitoring_.spawn(system_, io_, rest);
  sink("voice", voice_hub_);
  sink("ambience board", ambience_.board());
  sink("store keeper", keeper_);
  sink("clock", clock);
  sink("command registrar", registrar_);
  sink("REST client", rest);
  sink("clock store", clock_keeper);
  sink("settings store", settings_keeper);
  sink("people store", people);
  sink("schedule store", evenings);
  sink("ambience store", ambience_.store());
  sink("retention store", retention);
  made.reload = [this] { return reload(); };
  made.identified = [this](const bot_identity& identity) { identified(identity); };
  made.ended = [this](int exit_code) {
    exit_code_ = exit_code;
    // The last handles that are not inside an actor.
    shard_ = nullptr;
    registrar_ = nullptr;
    keeper_ = nullptr;
    settings_store_ = nullptr;
    voice_hub_ = nullptr;
    voice_.lead_to(gateway_shard_actor{});
    ambience_.end();
    hooks_.ended();
  };
  if (hooks_.stores)
    hooks_.stores(system_, store_);
  return made;
}

void daemon::impl::identified(const bot_identity& identity) {
  caf::anon_send(registrar_, identity);
  caf::anon_send(voice_hub_, identity);
  ambience_.follow(*settings_.get());
  caf::anon_send(settings_store_,
                 note_guilds{identity.guilds}); // who removed us while we were down
  spdlog::info("online as {} in {} servers", identity.name, identity.guilds.size());
  if (ready_.exchange(true))
    return;
  notify_ready(fmt::format("online as {}", identity.name));
  memory_.started(steady_ms());
  if (hooks_.wake)
    hooks_.wake();
}

reload_report daemon::impl::reload() {
  notify_reloading();
  auto report = reload_report{};
  auto next = read_startup(config_path_, read_environment());
  if (!next.settings.problems.empty()) {
    spdlog::error("nothing was changed; the configuration has mistakes:\n{}",
                  problems_text(next.settings.problems));
    notify_ready("the new configuration has mistakes");
    for (const auto& problem : next.settings.problems)
      report.details.push_back(problem.where + ": " + problem.what);
    return report;
  }
  const auto before = settings_.get();
  const auto what = changes(*before, next.settings.value);
  for (const auto& change : what) {
    const auto* when = change.reloadable ? "" : " takes effect at the next start";
    auto line = fmt::format("{}: {} -> {}{}", change.key, change.from, change.to, when);
    spdlog::log(change.reloadable ? spdlog::level::info : spdlog::level::warn, "{}", line);
    report.details.push_back(std::move(line));
  }
  settings_.set(apply_reloadable(*before, next.settings.value));
  const auto now = settings_.get();
  set_log_level(now->log.level);
  caf::anon_send(keeper_, keeper_plan_of(*now));
  ambience_.follow(*now);
  spdlog::info("configuration read again, {} changes", what.size());
  notify_ready("configuration read again");
  report.good = true;
  return report;
}

void daemon::impl::make_inspection(const rest_actor& rest, const clock_actor& clock,
                                   const time_source& time, std::vector<std::string> features) {
  auto look = inspector_parts{root_, rest, clock, &time, &store_.counters(), hooks_.log};
  look.online = [this] { return ready_.load(); };
  look.uptime_ms = [this] { return steady_ms() - started_ms_; };
  look.profile = start_.settings.value.profile;
  look.data_folder = start_.data_folder;
  look.database = database_.path();
  auto steer = steerer_parts{root_, clock, rest, keeper_, std::move(features)};
  steer.stop = hooks_.ask_stop;
  inspection_ = std::make_unique<inspection>(system_, std::move(look), std::move(steer),
                                             inspection_of(*settings_.get(), hooks_.wake));
}

daemon::daemon(startup start, std::string config_path, daemon_hooks hooks)
    : impl_(std::make_unique<impl>(std::move(start), std::move(config_path), std::move(hooks))) {}

daemon::~daemon() = default;

void daemon::start() { impl_->spawn(); }
void daemon::reload() { impl_->tell_root(reload_daemon{}); }
void daemon::stop() {
  if (impl_->inspection_)
    impl_->inspection_->stop(); // the way in is closed first
  impl_->tell_root(stop_daemon{});
}
void daemon::attend() {
  if (impl_->inspection_)
    impl_->inspection_->act(steady_ms(), system_ms());
  impl_->memory_.act(steady_ms());
}
int64_t daemon::attend_at_ms() const {
  const auto memory = impl_->memory_.next_ms();
  return impl_->inspection_ ? std::min(memory, impl_->inspection_->next_ms()) : memory;
}
int daemon::finish() { return impl_->finish(); }

namespace {

/// Until everything is stopped; signals say what to do.
void obey_signals(daemon& running, const sigset_t& signals) {
  const auto watchdog = watchdog_interval();
  for (;;) {
    auto info = siginfo_t{};
    auto patience_ms = std::clamp<int64_t>(running.attend_at_ms() - steady_ms(), 0, 86'400'000);
    if (watchdog)
      patience_ms = std::min<int64_t>(patience_ms, watchdog->count() / 2'000);
    const auto patience = timespec{patience_ms / 1'000, patience_ms % 1'000 * 1'000'000};
    const auto got = sigtimedwait(&signals, &info, &patience);
    if (watchdog)
      notify_watchdog();
    if (got == SIGHUP) {
      running.reload();
    } else if (got == SIGTERM || got == SIGINT) {
      spdlog::info("stopping");
      notify_stopping();
      running.stop();
    } else if (got == ended_signal) {
      return;
    }
    running.attend();
  }
}

} // namespace

int run_daemon(startup start, const std::string& config_path, std::shared_ptr<log_ring> log) {
  signal(SIGPIPE, SIG_IGN);
  auto signals = sigset_t{};
  sigemptyset(&signals);
  for (const auto which : {SIGHUP, SIGTERM, SIGINT, ended_signal, inspect_signal})
    sigaddset(&signals, which);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr); // before any thread: they inherit the mask
  try {
    auto hooks = daemon_hooks{};
    hooks.ended = [] { kill(getpid(), ended_signal); };
    hooks.log = std::move(log);
    hooks.wake = [] { kill(getpid(), inspect_signal); };
    hooks.ask_stop = [] { kill(getpid(), SIGTERM); };
    auto running = daemon{std::move(start), config_path, std::move(hooks)};
    running.start();
    obey_signals(running, signals);
    return running.finish();
  } catch (const migrate_error& error) {
    spdlog::critical("{}", error.what());
    return 78;
  } catch (const std::exception& error) {
    spdlog::critical("hearthd cannot start: {}", error.what());
    return 70;
  }
}

} // namespace hearth
