#include "actors/root/guild.hpp"
#include "infra/settings/guild_options.hpp"
#include <algorithm>
#include <caf/send.hpp>
#include <chrono>
#include <spdlog/spdlog.h>
#include <utility>

namespace hearth {

guild::guild(caf::actor_config& config, guild_id id, guild_env_ptr env)
    : on_asio(config, env->io), id_(id), env_(std::move(env)) {
  for (const auto& entry : env_->features) {
    features_.emplace_back();
    features_.back().entry = &entry;
  }
}

guild_self_actor::behavior_type guild::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  if (id_)
    load_settings();
  else
    apply(std::make_shared<guild_settings>());
  return {
      [this](guild_batch& batch) { on_batch(batch); },
      [this](const job_due& due) { return on_job(due); },
      [this](const woken& wake) { on_woken(wake); },
      [this](stop_guild) { return on_stop(); },
      [this](get_guild_view) { return view(); },
      [this](const switch_feature& asked) { return on_switch(asked); },
      [this](const restart_feature& asked) { return on_restart_asked(asked); },
      [this](drain_guild drain) {
        draining_ = drain.on;
        return draining{open_.size()};
      },
      [this](interaction_tick tick) { on_tick(tick.due_ms); },
      [this](const feature_restart& restart) { on_restart(restart.feature); },
      [this](const feature_catch_up& late) { on_catch_up(late.feature); },
      [this](settings_retry) { load_settings(); },
      [this](stop_deadline) {
        spdlog::warn("guild {}: {} answers were still under way at the stop", id_.value,
                     open_.size());
        quit();
      },
  };
}

void guild::on_exit() {
  for (auto& child : features_)
    if (child.actor)
      caf::anon_send_exit(child.actor, caf::exit_reason::kill);
  for (auto& promise : stop_promises_)
    promise.deliver(stopped{});
  features_.clear(); // handles kept by a dead actor keep others alive
  open_.clear();
  env_ = nullptr;
}

// -- events ---------------------------------------------------------------------------------------

void guild::on_batch(guild_batch& batch) {
  auto moves = voice_changes{};
  // Features see voice and everything else in the order in which it happened.
  const auto flush = [&] {
    if (!moves.changes.empty())
      tell_features(std::exchange(moves, {}));
  };
  for (const auto& event : batch.events) {
    if (const auto* change = std::get_if<voice_changed>(&event)) {
      on_voice(*change);
      moves.changes.push_back(*change);
      continue;
    }
    flush();
    if (const auto* asked = std::get_if<interaction_ptr>(&event))
      on_interaction(*asked);
    else if (const auto* available = std::get_if<guild_available>(&event))
      on_available(*available);
    else if (const auto* changed = std::get_if<guild_changed>(&event))
      set_snapshot(changed->snapshot);
    else if (std::holds_alternative<guild_removed>(event))
      on_removed();
    else if (const auto* own = std::get_if<own_voice>(&event))
      tell_voice({id_, *own});
    else if (const auto* server = std::get_if<voice_server>(&event))
      tell_voice({id_, *server});
    else if (std::holds_alternative<guild_unavailable>(event))
      spdlog::info("guild {} is unavailable at Discord", id_.value);
    else
      on_other(event);
  }
  flush();
  if (!batch.news.empty())
    tell_news(std::move(batch.news));
}

void guild::tell_voice(guild_voice_news news) {
  if (env_->voice)
    send(env_->voice, std::move(news));
}

void guild::on_other(const guild_event& event) {
  if (!settings_) {
    if (waiting_.size() >= env_->limits().waiting_max) {
      if (lost_waiting_++ == 0)
        spdlog::warn("guild {}: too much happens before its settings are read; events are lost",
                     id_.value);
      waiting_.pop_front();
    }
    waiting_.push_back(event);
    return;
  }
  if (const auto* deleted = std::get_if<message_deleted>(&event))
    tell_features(*deleted);
  else if (const auto* command = std::get_if<legacy_command>(&event))
    on_legacy(*command);
}

void guild::on_available(const guild_available& event) {
  if (removed_ || event.joined) {
    removed_ = false;
    request(env_->settings, std::chrono::milliseconds(env_->limits().store_ms),
            mark_guild_removed{id_, false})
        .then([](const guild_settings_ptr&) {},
              [id = id_](const caf::error& error) {
                spdlog::error("guild {}: its return was not noted: {}", id.value, describe(error));
              });
  }
  set_snapshot(event.snapshot);
  declare_wants(); // the shard may be a new one
}

void guild::on_removed() {
  if (removed_ || !id_)
    return;
  spdlog::info("guild {} has removed the bot", id_.value);
  removed_ = true;
  snapshot_ = nullptr;
  voice_.clear();
  declared_ = false; // Discord forgets the commands of a guild that we leave
  run_features();
  send(env_->clock, drop_guild_jobs{id_});
  // From its mark on, the store counts the operator's delay; then every row of the guild goes.
  request(env_->settings, std::chrono::milliseconds(env_->limits().store_ms),
          mark_guild_removed{id_, true})
      .then([](const guild_settings_ptr&) {},
            [id = id_](const caf::error& error) {
              spdlog::error("guild {}: its removal was not noted: {}", id.value, describe(error));
            });
}

void guild::on_voice(const voice_changed& change) {
  const auto here = std::find_if(voice_.begin(), voice_.end(), [&](const voice_member& known) {
    return known.member.user == change.member.user;
  });
  if (!change.to) {
    if (here != voice_.end())
      voice_.erase(here);
    return;
  }
  if (here != voice_.end())
    *here = {change.member, change.to};
  else
    voice_.push_back({change.member, change.to});
  keep_name(change.member);
}

void guild::set_snapshot(guild_snapshot_ptr snapshot) {
  if (!snapshot)
    return;
  const auto first = !snapshot_;
  snapshot_ = std::move(snapshot);
  voice_ = snapshot_->voice;
  if (!settings_)
    return;
  tell_facts(); // those that start now are told by their start
  run_features();
  if (first) {
    plan();
    declare_commands();
  }
  welcome();
}

guild_snapshot_ptr guild::current_snapshot() const {
  const auto same = [](const voice_member& left, const voice_member& right) {
    return left.member.user == right.member.user && left.channel == right.channel;
  };
  if (std::equal(voice_.begin(), voice_.end(), snapshot_->voice.begin(), snapshot_->voice.end(),
                 same))
    return snapshot_;
  auto copy = std::make_shared<guild_snapshot>(*snapshot_);
  copy->voice = voice_;
  return copy;
}

// -- settings -------------------------------------------------------------------------------------

void guild::load_settings() {
  if (stopping_)
    return;
  request(env_->settings, std::chrono::milliseconds(env_->limits().store_ms),
          load_guild_settings{id_})
      .then(
          [this](const guild_settings_ptr& settings) {
            settings_failures_ = 0;
            apply(settings);
          },
          [this](const caf::error& error) { on_settings_trouble(error); });
}

void guild::on_settings_trouble(const caf::error& error) {
  const auto wait_s = 1 << std::min(settings_failures_++, 5U); // at most 32 s
  spdlog::error("guild {}: its settings cannot be read ({}); trying again in {} s", id_.value,
                describe(error), wait_s);
  for (const auto& asked : std::exchange(undispatched_, {}))
    fail(asked->id);
  delayed_send(this, std::chrono::seconds(wait_s), settings_retry{});
}

void guild::apply(guild_settings_ptr settings) {
  settings_ = std::move(settings);
  if (snapshot_)
    tell_facts();
  run_features();
  plan();
  declare_commands();
  declare_wants();
  for (const auto& asked : std::exchange(undispatched_, {})) // interactions first: somebody waits
    dispatch(asked);
  for (const auto& event : std::exchange(waiting_, {}))
    on_other(event);
  welcome();
}

void guild::refresh_settings() {
  if (!id_ || stopping_)
    return;
  request(env_->settings, std::chrono::milliseconds(env_->limits().store_ms),
          load_guild_settings{id_})
      .then(
          [this](const guild_settings_ptr& fresh) {
            const auto& known = *settings_;
            if (fresh->options != known.options || fresh->channels != known.channels ||
                fresh->voice_channels != known.voice_channels)
              apply(fresh);
          },
          [id = id_](const caf::error& error) {
            spdlog::error("guild {}: its settings could not be read again: {}", id.value,
                          describe(error));
          });
}

const std::string* guild::option(std::string_view key) const {
  return settings_ ? option_of(*settings_, key) : nullptr;
}

std::string guild::language() const {
  static const auto nothing_set = guild_settings{};
  const auto own =
      language_of(settings_ ? *settings_ : nothing_set,
                  snapshot_ ? snapshot_->preferred_locale : std::string{}, *env_->texts);
  return own ? *own : env_->limits().language;
}

std::string guild::zone() const {
  const auto* set = option("zone");
  return set ? *set : env_->limits().zone;
}

guild_actor spawn_guild(caf::actor_system& system, guild_id id, guild_env_ptr env) {
  return system.spawn<guild>(id, std::move(env));
}

} // namespace hearth
