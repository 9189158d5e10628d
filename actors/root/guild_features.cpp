// The guild's features: which run, their restarts, their jobs, and the guild's own end.
#include "actors/root/features.hpp"
#include "actors/root/guild.hpp"
#include <algorithm>
#include <caf/send.hpp>
#include <chrono>
#include <exception>
#include <spdlog/spdlog.h>

namespace hearth {
bool guild::feature_on(const feature_entry& entry) const {
  const auto* set = option("feature." + entry.name);
  return set ? *set == "on" : entry.default_on;
}

guild::feature_child* guild::find_feature(std::string_view name) {
  for (auto& child : features_)
    if (child.entry->name == name)
      return &child;
  return nullptr;
}

namespace {

constexpr auto catch_up_wait = std::chrono::milliseconds{100};

} // namespace

/// A feature that is behind is told nothing more; once it has room it hears how things are, which
/// is what the events would have said. Deletions it misses show at its next edit.
template <class Message> void guild::tell(feature_child& child, Message message) {
  if (child.behind || child.told->room() == 0) {
    child.shed += 1;
    if (!std::exchange(child.behind, true)) {
      spdlog::warn("guild {}: {} is behind; what it misses it is told at once later", id_.value,
                   child.entry->name);
      delayed_send(this, catch_up_wait, feature_catch_up{child.entry->name});
    }
    return;
  }
  message.credit = child.told->take(1);
  send(child.actor, std::move(message));
}

template <class Message> void guild::tell_features(const Message& message) {
  for (auto& child : features_)
    if (child.actor && !child.stopping)
      tell(child, message);
}
template void guild::tell_features(const voice_changes&);
template void guild::tell_features(const message_deleted&);

void guild::on_catch_up(const std::string& feature) {
  auto* child = find_feature(feature);
  if (!child || !child->actor || !child->behind)
    return;
  if (child->told->under_way() > env_->limits().feature_events_max / 2) {
    delayed_send(this, catch_up_wait, feature_catch_up{feature});
    return;
  }
  child->behind = false;
  if (snapshot_ && settings_ && !child->stopping)
    tell(*child, guild_facts{settings_, current_snapshot()});
}

/// Facts about members go to those features only that asked for some of them. They give way first:
/// a feature that is behind is spared them.
void guild::tell_news(member_news news) {
  const auto told = std::make_shared<const member_news>(std::move(news));
  for (auto& child : features_) {
    const auto& wants = child.entry->wants;
    if (!child.actor || child.stopping || !(wants.messages || wants.reactions || wants.presences))
      continue;
    if (child.behind || child.told->room() == 0) {
      child.shed += 1;
      continue;
    }
    // All share the facts, each holds a credit of its own.
    auto held = std::make_shared<std::pair<member_news_ptr, flow_window::credit>>(
        told, child.told->take(1));
    const auto* facts = told.get();
    send(child.actor, member_news_ptr{std::move(held), facts});
  }
}

void guild::tell_facts() {
  if (snapshot_ && settings_)
    tell_features(guild_facts{settings_, current_snapshot()});
}

/// Starts what should run and does not, stops what runs and should not.
void guild::run_features() {
  for (auto& child : features_) {
    const auto wanted =
        id_ && settings_ && snapshot_ && !removed_ && !stopping_ && feature_on(*child.entry);
    if (wanted && !child.wanted) {
      child.history = {}; // somebody has switched it on again: it gets all its chances
      child.wanted = true;
      if (!child.actor)
        start_feature(child);
    } else if (!wanted && child.wanted) {
      child.wanted = false;
      stop_one(child);
    }
  }
}

void guild::start_feature(feature_child& child) {
  try {
    child.actor = child.entry->spawn(system(), id_);
  } catch (const std::exception& error) {
    return feature_died(child, error.what());
  }
  monitor(child.actor);
  child.told.emplace(env_->limits().feature_events_max);
  child.asked.emplace(env_->limits().interactions_max);
  child.behind = false;
  tell(child, guild_facts{settings_, current_snapshot()});
}

void guild::stop_one(feature_child& child) {
  if (!child.actor || child.stopping)
    return;
  child.stopping = true; // until its DOWN
  request(child.actor, std::chrono::milliseconds(env_->limits().stop_feature_ms), stop_feature{})
      .then([](stopped) {},
            [id = id_, name = child.entry->name,
             actor = caf::actor_cast<caf::weak_actor_ptr>(child.actor)](const caf::error& error) {
              spdlog::warn("guild {}: {} did not stop in time: {}", id.value, name,
                           describe(error));
              if (const auto strong = actor.lock())
                caf::anon_send_exit(strong, caf::exit_reason::kill);
            });
}

void guild::on_down(const caf::down_msg& down) {
  const auto found = std::find_if(features_.begin(), features_.end(), [&](const auto& child) {
    return child.actor && child.actor.address() == down.source;
  });
  if (found == features_.end())
    return;
  found->actor = nullptr;
  fail_all_at(*found->entry); // what it had promised nobody will keep
  const auto told_to = std::exchange(found->stopping, false);
  if (stopping_)
    return finish_when_done();
  if (!found->wanted)
    return;
  if (told_to) // switched off and on again meanwhile
    return start_feature(*found);
  feature_died(*found, describe(down.reason));
}

void guild::feature_died(feature_child& child, const std::string& why) {
  const auto wait = next_restart(child.history, env_->limits().restarts, env_->steady_ms());
  if (!wait) {
    spdlog::error("guild {}: {} has died too often ({}); it stays down until it is switched off "
                  "and on, or the daemon is restarted",
                  id_.value, child.entry->name, why);
    return;
  }
  spdlog::error("guild {}: {} has died ({}); starting it again in {} ms", id_.value,
                child.entry->name, why, *wait);
  delayed_send(this, std::chrono::milliseconds(*wait), feature_restart{child.entry->name});
}

void guild::on_restart(const std::string& feature) {
  auto* child = find_feature(feature);
  if (child && child->wanted && !child->actor && snapshot_)
    start_feature(*child);
}

// -- jobs and commands ----------------------------------------------------------------------------

void guild::plan() {
  if (!id_ || !settings_ || !snapshot_ || removed_ || stopping_)
    return;
  auto jobs = plan_jobs{id_, zone(), {}};
  for (const auto& child : features_)
    for (const auto& job : child.entry->jobs) {
      const auto minute = job.minute_of ? job.minute_of(*settings_) : job.minute;
      jobs.jobs.push_back({job.name, minute, job.weekdays, feature_on(*child.entry)});
    }
  send(env_->clock, job_runner_actor{this}, std::move(jobs));
}

void guild::declare_commands() {
  if (!id_ || !settings_ || !snapshot_ || removed_ || stopping_ || !env_->register_commands)
    return;
  auto on = std::vector<std::string>{};
  for (const auto& child : features_)
    if (feature_on(*child.entry))
      on.push_back(child.entry->name);
  if (declared_ && on == registered_)
    return;
  declared_ = true;
  registered_ = on;
  env_->register_commands(id_, std::move(on));
}

void guild::declare_wants() {
  if (!id_ || !settings_ || stopping_ || !env_->tell_wants)
    return;
  auto wants = core_wants();
  for (const auto& child : features_)
    if (feature_on(*child.entry))
      wants = wants | child.entry->wants;
  env_->tell_wants({id_, wants});
}

caf::result<job_done> guild::on_job(const job_due& due) {
  for (const auto& child : features_)
    for (const auto& job : child.entry->jobs) {
      if (job.name != due.job)
        continue;
      if (!child.actor || child.stopping)
        return make_error(errc::not_found, child.entry->name + " is not running");
      auto promise = make_response_promise<job_done>();
      request(child.actor, std::chrono::milliseconds(env_->limits().job_ms), due)
          .then([promise](job_done done) mutable { promise.deliver(done); },
                [promise](caf::error& error) mutable { promise.deliver(std::move(error)); });
      return promise;
    }
  return make_error(errc::not_found, "no feature has a job " + due.job);
}

// -- the end --------------------------------------------------------------------------------------

caf::result<stopped> guild::on_stop() {
  auto promise = make_response_promise<stopped>();
  stop_promises_.push_back(promise);
  if (stopping_)
    return promise;
  stopping_ = true;
  for (const auto& asked : std::exchange(undispatched_, {}))
    refuse(asked, text_for(*asked, "core.refused.stopping"));
  run_features();
  delayed_send(this, std::chrono::milliseconds(env_->limits().stop_ms), stop_deadline{});
  finish_when_done();
  return promise;
}

void guild::finish_when_done() {
  const auto quiet = std::all_of(features_.begin(), features_.end(),
                                 [](const auto& child) { return child.actor == nullptr; });
  if (stopping_ && quiet && open_.empty())
    quit();
}

} // namespace hearth
