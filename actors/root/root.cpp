#include "actors/root/root.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <spdlog/spdlog.h>

namespace hearth {
root::root(caf::actor_config& config, root_parts parts)
    : instrumented(config), parts_(std::move(parts)) {}

root_actor::behavior_type root::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  for (const auto& [name, sink] : parts_.sinks)
    monitor(sink);
  for (const auto& [name, source] : parts_.sources)
    monitor(source);
  start_shard();
  return {
      [this](want_guild want) { return on_want_guild(want.guild); },
      [this](const bot_identity& identity) { parts_.identified(identity); },
      [this](const guild_wants& said) { on_wants(said); },
      [this](const fatal& what) {
        if (!stopping_) // another part that says the same in its own words is not asked again
          spdlog::critical("{}", what.text);
        stop(what.exit_code);
      },
      [this](stop_daemon what) { stop(what.exit_code); },
      [this](reload_daemon) { return parts_.reload(); },
      [this](get_children) { return list_children(); },
      [this](restart_child asked) { return on_restart_asked(asked.guild); },
      [this](drain_guilds asked) {
        drain(asked.on);
        return stopped{};
      },
      [this](restart_due due) { on_restart_due(due.guild); },
  };
}

void root::on_exit() {
  for (auto& [guild, child] : guilds_)
    for (auto& promise : child.waiting)
      promise.deliver(make_error(errc::stopping));
  guilds_.clear();
  shard_ = nullptr;
  parts_.sources.clear();
  parts_.sinks.clear();
  const auto ended = std::move(parts_.ended);
  parts_ = {}; // the functions hold handles; handles in a cycle keep actors alive for ever
  if (ended)
    ended(exit_code_);
}

caf::result<guild_actor> root::on_want_guild(guild_id guild) {
  if (stopping_)
    return make_error(errc::stopping);
  const auto [found, fresh] = guilds_.try_emplace(guild);
  auto& child = found->second;
  if (fresh)
    start_guild(guild, child);
  if (child.actor)
    return child.actor;
  auto promise = make_response_promise<guild_actor>();
  child.waiting.push_back(promise);
  return promise;
}

void root::start_guild(guild_id guild, guild_child& child) {
  child.actor = parts_.spawn_guild(guild);
  monitor(child.actor);
  if (draining_)
    caf::anon_send(child.actor, drain_guild{true});
  for (auto& promise : child.waiting)
    promise.deliver(child.actor);
  child.waiting.clear();
}

void root::start_shard() {
  shard_ = parts_.spawn_shard(guild_supervisor_actor{this});
  monitor(shard_);
}

/// Intents belong to IDENTIFY: what no guild wanted so far takes a new session.
void root::on_wants(const guild_wants& said) {
  if (stopping_ || !shard_)
    return;
  if (!parts_.note_wants || !parts_.note_wants(said) || shard_renewed_) {
    send(shard_, said);
    return;
  }
  spdlog::info("guild {} wants events that were not asked for: a new session begins",
               said.guild.value);
  shard_renewed_ = true;
  request(shard_, std::chrono::milliseconds(parts_.stop_timeout_ms), stop_shard{false})
      .then([](shard_stopped) {},
            [this](const caf::error&) {
              if (shard_)
                send_exit(shard_, caf::exit_reason::kill);
            });
}

void root::on_down(const caf::down_msg& down) {
  for (auto& [guild, child] : guilds_)
    if (child.actor && down.source == child.actor.address())
      return on_guild_down(guild, child, down.reason);
  if (shard_ && down.source == shard_.address())
    return on_shard_down(down.reason);
  for (const auto* actors : {&parts_.sources, &parts_.sinks})
    for (const auto& [name, each] : *actors)
      if (each && down.source == each->address() && !stopping_) {
        spdlog::critical("{} has died ({}): the daemon stops, and its service starts it again",
                         name, describe(down.reason));
        return stop(70);
      }
}

void root::on_guild_down(guild_id guild, guild_child& child, const caf::error& reason) {
  child.actor = nullptr;
  if (stopping_)
    return;
  const auto wait = next_restart(child.history, parts_.limits, steady_ms());
  if (!wait) {
    spdlog::error("guild {} has died too often; it stays down until the daemon is restarted",
                  guild.value);
    return;
  }
  spdlog::error("guild {} has died ({}); starting it again in {} ms", guild.value, describe(reason),
                *wait);
  delayed_send(this, std::chrono::milliseconds(*wait), restart_due{guild});
}

void root::on_shard_down(const caf::error& reason) {
  shard_ = nullptr;
  const auto renewed = std::exchange(shard_renewed_, false);
  if (stopping_)
    return;
  if (renewed)
    return start_shard();
  const auto wait = next_restart(shard_history_, parts_.limits, steady_ms());
  if (!wait) {
    spdlog::critical("the gateway has died too often");
    return stop(70);
  }
  spdlog::error("the gateway has died ({}); starting it again in {} ms", describe(reason), *wait);
  delayed_send(this, std::chrono::milliseconds(*wait), restart_due{});
}

void root::on_restart_due(guild_id guild) {
  if (stopping_)
    return;
  if (!guild)
    return start_shard();
  start_guild(guild, guilds_[guild]);
  if (shard_)
    send(shard_, guild_lost{guild}); // the shard asks anew and tells the guild what it looks like
}

// -- operators ------------------------------------------------------------------------------------

children root::list_children() const {
  auto all = children{shard_, {}, draining_};
  for (const auto& [guild, child] : guilds_)
    if (child.actor)
      all.guilds.emplace_back(guild, child.actor);
  return all;
}

/// Their end starts them again, as a death would; it does not count as one.
caf::result<stopped> root::on_restart_asked(guild_id guild) {
  if (stopping_)
    return make_error(errc::stopping);
  const auto patience = std::chrono::milliseconds(parts_.stop_timeout_ms);
  const auto found = guilds_.find(guild);
  if (!guild && !shard_)
    return make_error(errc::not_found, "the gateway shard is being restarted already");
  if (guild && (found == guilds_.end() || !found->second.actor))
    return make_error(errc::not_found, "guild " + to_string(guild));
  auto promise = make_response_promise<stopped>(); // from here on the answer is the promise's
  const auto refused = [promise](const caf::error& why) mutable { promise.deliver(why); };
  if (!guild) {
    shard_history_ = {};
    request(shard_, patience, stop_shard{true})
        .then([promise](shard_stopped) mutable { promise.deliver(stopped{}); }, refused);
    return promise;
  }
  found->second.history = {};
  request(found->second.actor, patience, stop_guild{})
      .then([promise](stopped done) mutable { promise.deliver(done); }, refused);
  return promise;
}

void root::drain(bool on) {
  draining_ = on;
  for (const auto& [guild, child] : guilds_)
    if (child.actor)
      caf::anon_send(child.actor, drain_guild{on});
}

// -- the end --------------------------------------------------------------------------------------

void root::stop(int exit_code) {
  if (stopping_)
    return;
  stopping_ = true;
  exit_code_ = exit_code;
  for (const auto& [name, source] : parts_.sources)
    caf::anon_send_exit(source, caf::exit_reason::user_shutdown);
  if (!shard_)
    return stop_guilds();
  request(shard_, std::chrono::milliseconds(parts_.stop_timeout_ms), stop_shard{exit_code == 0})
      .then([this](shard_stopped) { stop_guilds(); },
            [this](const caf::error& error) {
              spdlog::warn("the gateway did not stop in time: {}", describe(error));
              if (shard_)
                send_exit(shard_, caf::exit_reason::kill);
              stop_guilds();
            });
}

void root::stop_guilds() {
  guilds_left_ = 1; // ourselves, until all were asked
  const auto done = [this] {
    if (--guilds_left_ == 0)
      stop_sinks();
  };
  for (auto& [guild, child] : guilds_) {
    if (!child.actor)
      continue;
    ++guilds_left_;
    request(child.actor, std::chrono::milliseconds(parts_.stop_timeout_ms), stop_guild{})
        .then([done](stopped) { done(); },
              [this, done, id = guild, actor = child.actor](const caf::error& error) {
                spdlog::warn("guild {} did not stop in time: {}", id.value, describe(error));
                send_exit(actor, caf::exit_reason::kill);
                done();
              });
  }
  done();
}

void root::stop_sinks() {
  for (const auto& [name, sink] : parts_.sinks)
    caf::anon_send_exit(sink, caf::exit_reason::user_shutdown);
  quit(caf::exit_reason::user_shutdown);
}

} // namespace hearth
