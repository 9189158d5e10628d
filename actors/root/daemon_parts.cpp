// How the daemon's actors are made and told of each other.
#include "actors/clock/clock_store.hpp"
#include "actors/clock/domain_clock.hpp"
#include "actors/gateway/gateway_shard.hpp"
#include "actors/interactions/command_registrar.hpp"
#include "actors/interactions/interaction_endpoint.hpp"
#include "actors/people/people_store.hpp"
#include "actors/rest/rest_client.hpp"
#include "actors/root/daemon_impl.hpp"
#include "actors/root/features.hpp"
#include "actors/root/guild.hpp"
#include "actors/schedule/schedule_store.hpp"
#include "actors/settings/settings_store.hpp"
#include "actors/store/retention_store.hpp"
#include "actors/store/store_keeper.hpp"
#include <spdlog/spdlog.h>

namespace hearth {

daemon::impl::neighbours daemon::impl::spawn_neighbours() {
  auto made = neighbours{};
  made.rest = system_.spawn<rest_client>(std::ref(io_), rest_options_of(start_),
                                         [this](fatal what) { to_root_.tell(std::move(what)); });
  made.settings = system_.spawn<settings_store>(std::ref(store_), std::cref(time()));
  made.clock_kept = system_.spawn<clock_store>(std::ref(store_));
  made.people = spawn_people_store(system_, store_);
  made.evenings = spawn_schedule_store(system_, store_);
  made.clock = system_.spawn<domain_clock>(std::cref(time()), follow_sim_ ? &driven_ : nullptr,
                                           made.clock_kept);
  made.retention = system_.spawn<retention_store>(std::ref(store_));
  return made;
}

void daemon::impl::spawn_keeper(const neighbours& with) {
  keeper_ = system_.spawn<store_keeper, caf::detached>(
      database_.path(), database_.backups(), std::cref(time()), with.clock, with.retention);
  caf::anon_send(keeper_, keeper_plan_of(*settings_.get()));
  if (!database_.unclean())
    return;
  spdlog::warn("the last run did not end in order; the database is being checked");
  caf::anon_send(keeper_, check_database{});
}

std::vector<feature_entry> daemon::impl::make_features(const neighbours& with) {
  auto common = guild_feature_parts{};
  common.rest = with.rest;
  common.settings = with.settings;
  common.clock = with.clock;
  common.texts = &texts_;
  common.time = &time();
  common.default_zone = [this] { return settings_.get()->guild.zone; };
  common.default_language = [this] { return settings_.get()->guild.language; };

  auto cosy = ambience_parts{};
  static_cast<guild_feature_parts&>(cosy) = common;
  cosy.evenings = with.evenings;
  cosy.hub = voice_hub_;
  cosy.own = [this] { return voice_.own_sounds(); };
  voice_.own_sounds(); // the first message that is drawn has them
  const auto ambience =
      ambience_.spawn(system_, store_, std::move(cosy), [this] { return settings_.get(); });
  const auto schedule =
      std::make_shared<const schedule_parts>(schedule_parts{common, with.evenings});
  auto made = all_features({schedule, ambience}, *settings_.get());
  if (hooks_.features)
    hooks_.features(made);
  return made;
}

guild_env_ptr daemon::impl::make_guild_env(const neighbours& with) {
  auto env = std::make_shared<guild_env>();
  env->io = &io_;
  env->voice = voice_hub_;
  env->rest = with.rest;
  env->settings = with.settings;
  env->clock = with.clock;
  env->people = with.people;
  env->features = make_features(with);
  env->texts = &texts_;
  env->time = &time();
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
  return env;
}

interaction_endpoint_actor daemon::impl::spawn_endpoint(const rest_actor& rest) {
  const auto says = settings_.get();
  if (says->interactions.http_port == 0)
    return {};
  auto options = endpoint_options(says->interactions);
  options.now_ms = [this] { return time().now().ms; };
  return system_.spawn<interaction_endpoint>(
      std::ref(io_), std::move(options), rest,
      [this](fatal what) { to_root_.tell(std::move(what)); });
}

gateway_shard_actor daemon::impl::spawn_shard(const neighbours& with,
                                              const guild_supervisor_actor& supervisor,
                                              const interaction_endpoint_actor& endpoint) {
  auto options = shard_options_of(start_, *settings_.get());
  options.routing.wants = asked_;
  options.presence = ambience_.presence(*settings_.get());
  options.now_ms = [this] { return time().now().ms; };
  options.busy_text = [this](std::string_view locale) {
    return texts_.text(locale, "core.refused.busy");
  };
  options.follow_sim_time = follow_sim_;
  if (hooks_.shard)
    hooks_.shard(options);
  const auto shard =
      spawn_gateway_shard(system_, io_, std::move(options),
                          {with.rest, supervisor, follow_sim_ ? with.clock : clock_actor{}});
  if (endpoint)
    caf::anon_send(endpoint, use_shard{shard});
  shard_ = shard;
  voice_.lead_to(shard);
  ambience_.lead_to(shard);
  return shard_;
}

std::vector<std::pair<std::string, caf::strong_actor_ptr>>
daemon::impl::sinks(const neighbours& with) {
  auto made = monitoring_.spawn(system_, io_, with.rest);
  const auto add = [&](const char* name, const auto& actor) {
    made.emplace_back(name, caf::actor_cast<caf::strong_actor_ptr>(actor));
  };
  add("voice", voice_hub_);
  add("ambience board", ambience_.board());
  add("store keeper", keeper_);
  add("clock", with.clock);
  add("command registrar", registrar_);
  add("REST client", with.rest);
  add("clock store", with.clock_kept);
  add("settings store", with.settings);
  add("people store", with.people);
  add("schedule store", with.evenings);
  add("ambience store", ambience_.store());
  add("retention store", with.retention);
  return made;
}

/// The last ones that are not inside an actor.
void daemon::impl::drop_handles() {
  shard_ = nullptr;
  registrar_ = nullptr;
  keeper_ = nullptr;
  settings_store_ = nullptr;
  voice_hub_ = nullptr;
  voice_.lead_to(gateway_shard_actor{});
  ambience_.end();
}

root_parts daemon::impl::parts() {
  const auto with = spawn_neighbours();
  settings_store_ = with.settings;
  spawn_keeper(with);
  registrar_ = system_.spawn<command_registrar>(with.rest, std::cref(texts_), ids_);
  voice_hub_ = voice_.spawn(with.rest, time());
  if (hooks_.voice_hub)
    hooks_.voice_hub(voice_hub_);
  const auto env = make_guild_env(with);
  asked_ = wants_of(env->features, database_.switched_on());
  asked_.messages_legacy = !settings_.get()->guild.legacy_prefix.empty();

  auto names = std::vector<std::string>{};
  for (const auto& feature : env->features)
    names.push_back(feature.name);
  inspect_ = [this, with, names] { make_inspection(with, names); };

  auto made = root_parts{};
  made.spawn_guild = [this, env](guild_id id) {
    return guild_actor{system_.spawn<guild>(id, env)};
  };
  const auto endpoint = spawn_endpoint(with.rest);
  if (endpoint)
    made.sources.emplace_back("interaction endpoint",
                              caf::actor_cast<caf::strong_actor_ptr>(endpoint));
  made.spawn_shard = [this, with, endpoint](const guild_supervisor_actor& supervisor) {
    return spawn_shard(with, supervisor, endpoint);
  };
  made.note_wants = [this](const guild_wants& said) {
    const auto more = asked_ | unprivileged(said.wants);
    return intents_for(std::exchange(asked_, more)) != intents_for(more);
  };
  made.sinks = sinks(with);
  made.reload = [this] { return reload(); };
  made.identified = [this](const bot_identity& identity) { identified(identity); };
  made.ended = [this](int exit_code) {
    exit_code_ = exit_code;
    drop_handles();
    hooks_.ended();
  };
  if (hooks_.stores)
    hooks_.stores(system_, store_);
  return made;
}

} // namespace hearth
