#include "actors/clock/domain_clock.hpp"
#include "infra/clock/zone_time.hpp"
#include "infra/inspect/job_board_context.hpp"
#include "messages/inspect.hpp"
#include <algorithm>
#include <spdlog/spdlog.h>

namespace hearth {

domain_clock::domain_clock(caf::actor_config& config, const time_source& time, driven_time* driven,
                           clock_store_actor store, clock_limits limits)
    : instrumented(config), time_(time), driven_(driven), store_(std::move(store)),
      limits_(limits) {}

domain_clock::behavior_type domain_clock::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) {
    watched_.erase(down.source.id());
    const auto first = waits_.lower_bound({down.source.id(), ""});
    waits_.erase(first, waits_.lower_bound({down.source.id() + 1, ""}));
  });
  last_now_ = time_.now();
  return {
      [this](const wakeable_actor& listener, const wake_at& asked) { on_wake_at(listener, asked); },
      [this](const job_runner_actor& runner, const plan_jobs& plan) { on_plan(runner, plan); },
      [this](const drop_guild_jobs& q) {
        agenda_.drop(q.guild);
        if (auto* by = counted_by())
          by->jobs().drop(q.guild);
        guilds_.erase(q.guild);
        arm();
      },
      [this](const job_due& due) { return on_forced(due); },
      [this](get_jobs) { return jobs(); },
      [this](pause_jobs pause) {
        paused_ = pause.on;
        if (!paused_)
          tick();
      },
      [this](const time_moved& moved) { return on_time_moved(moved.now); },
      [this](const clock_tick& tick_now) {
        if (tick_now.generation != generation_)
          return;
        armed_.reset();
        tick();
      },
      [this](const settle_timeout& late) {
        if (!target_ || late.generation != settle_generation_)
          return;
        spdlog::warn("clock: {} answers still missing after time was moved", in_flight_);
        settled();
      },
      [this](const load_again& q) {
        if (guilds_.count(q.guild))
          load(q.guild);
      },
  };
}

void domain_clock::on_exit() {
  for (auto& mover : movers_)
    mover.deliver(make_error(errc::stopping));
  movers_.clear();
  guilds_.clear(); // guilds hold us, we must not hold them
  waits_.clear();
  store_ = nullptr;
}

// -- waits ---------------------------------------------------------------------------------------

void domain_clock::on_wake_at(const wakeable_actor& listener, const wake_at& asked) {
  const auto id = listener.id();
  if (asked.at.ms == 0) {
    waits_.erase({id, asked.tag});
  } else {
    const auto first = waits_.lower_bound({id, ""});
    const auto own = std::distance(first, waits_.lower_bound({id + 1, ""}));
    if (static_cast<size_t>(own) >= limits_.waits_max && waits_.count({id, asked.tag}) == 0) {
      spdlog::error("clock: a listener has {} waits already; \"{}\" is refused", own, asked.tag);
      return;
    }
    if (watched_.insert(id).second)
      monitor(listener);
    waits_[{id, asked.tag}] = {listener, asked.at};
    look_at(asked.at);
  }
}

/// Something is due at `at`: now, or by the timer. Cheap, for start brings thousands.
void domain_clock::look_at(instant at) {
  if (target_)
    return; // settle_step finds it
  if (time_.known() && at <= time_.now())
    tick();
  else
    arm_for(at);
}

void domain_clock::wake(wait due, const std::string& tag, instant now) {
  if (!target_) {
    send(due.listener, woken{tag, now});
    return;
  }
  ++in_flight_;
  request(due.listener, limits_.wake_timeout, woken{tag, now})
      .then([this] { landed(); }, [this](const caf::error&) { landed(); });
}

// -- plans ---------------------------------------------------------------------------------------

void domain_clock::on_plan(const job_runner_actor& runner, const plan_jobs& plan) {
  auto& guild = guilds_[plan.guild];
  guild.runner = runner;
  guild.plan = plan;
  guild.planned = false;
  if (!guild.loaded)
    load(plan.guild);
  else
    put_on_agenda(plan.guild);
}

void domain_clock::load(guild_id id) {
  auto& guild = guilds_[id];
  if (guild.loading || guild.loaded)
    return;
  guild.loading = true;
  ++in_flight_;
  request(store_, limits_.job_timeout, load_jobs{id})
      .then(
          [this, id](const stored_jobs& stored) {
            if (const auto found = guilds_.find(id); found != guilds_.end()) {
              found->second.loading = false;
              found->second.loaded = true;
              for (const auto& job : stored.jobs)
                found->second.kept[job.job] = {job.since, job.period};
              put_on_agenda(id);
            }
            landed();
          },
          [this, id](const caf::error& why) {
            spdlog::error("clock: jobs of guild {} cannot be read: {}", id.value, describe(why));
            if (const auto found = guilds_.find(id); found != guilds_.end()) {
              found->second.loading = false;
              delayed_send(this, limits_.unknown_again, load_again{id});
            }
            landed();
          });
}

/// The plans that came before the time was known.
void domain_clock::plan_waiting() {
  if (!plans_wait_)
    return;
  plans_wait_ = false;
  for (auto& [id, guild] : guilds_)
    if (guild.loaded && !guild.planned)
      put_on_agenda(id);
}

/// Waits until the time is known: what is missed depends on it.
void domain_clock::put_on_agenda(guild_id id) {
  auto& guild = guilds_[id];
  if (!guild.loaded || guild.planned)
    return;
  if (!time_.known()) {
    plans_wait_ = true;
    arm_for(time_.now());
    return;
  }
  guild.planned = true;
  for (const auto& change : agenda_.plan(guild.plan, guild.kept, time_.now()))
    keep(change);
  for (const auto& job : guild.plan.jobs)
    show({id, job.job});
  if (const auto first = agenda_.earliest(id))
    look_at(*first);
}

void domain_clock::show(const job_key& key) {
  auto* by = counted_by();
  const auto found = guilds_.find(key.guild);
  if (!by || found == guilds_.end())
    return;
  const auto kept = found->second.kept.find(key.job);
  by->jobs().planned(key.guild, key.job, agenda_.next(key),
                     kept == found->second.kept.end() ? std::string{} : kept->second.period);
}

/// A change that gets lost costs a catch-up at the next start, no more.
void domain_clock::keep(const agenda_change& change) {
  const auto& [key, record] = change;
  guilds_[key.guild].kept[key.job] = record;
  request(store_, limits_.job_timeout,
          store_job{key.guild, {key.job, record.since, record.period}, time_.now()})
      .then([](job_stored) {},
            [job = key.job](const caf::error& why) {
              spdlog::error("clock: the plan of {} was not kept: {}", job, describe(why));
            });
}

// -- jobs ----------------------------------------------------------------------------------------

caf::result<job_done> domain_clock::on_forced(job_due due) {
  const auto found = guilds_.find(due.guild);
  if (found == guilds_.end())
    return make_error(errc::not_found, "guild " + to_string(due.guild));
  if (paused_)
    return make_error(errc::stopping, "no jobs are started at present");
  due.forced = true;
  if (due.due.ms == 0)
    due.due = time_.now();
  if (due.period.empty())
    due.period = to_string(date_of(found->second.plan.zone, due.due));
  auto promise = make_response_promise<job_done>();
  auto* by = counted_by();
  if (by)
    by->jobs().began(due.guild, due.job, due.due, time_.now());
  request(found->second.runner, limits_.job_timeout, due)
      .then(
          [promise, by, due](job_done done) mutable {
            if (by)
              by->jobs().done(due.guild, due.job, due.period);
            promise.deliver(done);
          },
          [promise, by, due](const caf::error& why) mutable {
            if (by)
              by->jobs().failed(due.guild, due.job, describe(why));
            promise.deliver(why);
          });
  return promise;
}

job_list_ptr domain_clock::jobs() const {
  auto all = std::make_shared<job_list>();
  all->now_ms = time_.now().ms;
  for (const auto& line : agenda_.list())
    all->jobs.push_back({line.key.guild.value, line.key.job, line.zone, line.plan.minute,
                         line.plan.weekdays, line.plan.enabled, line.running,
                         line.next ? line.next->ms : 0, line.period, line.last.ms, line.failures});
  return all;
}

void domain_clock::run(const job_due& due) {
  const auto found = guilds_.find(due.guild);
  if (found == guilds_.end())
    return;
  ++in_flight_;
  if (auto* by = counted_by()) {
    by->jobs().began(due.guild, due.job, due.due, time_.now());
    show({due.guild, due.job});
  }
  request(found->second.runner, limits_.job_timeout, due)
      .then([this, due](job_done) { job_answered(due); },
            [this, due](const caf::error& why) { job_failed(due, why); });
}

/// Done only once it is kept: else a restart would run it again.
void domain_clock::job_answered(const job_due& due) {
  const auto key = job_key{due.guild, due.job};
  const auto change = agenda_.record_of(key, due.period);
  if (!change) {
    if (auto* by = counted_by())
      by->jobs().done(due.guild, due.job, due.period);
    landed();
    return;
  }
  const auto& record = change->record;
  request(store_, limits_.job_timeout,
          store_job{due.guild, {due.job, record.since, record.period}, time_.now()})
      .then(
          [this, key, record = record](job_stored) {
            agenda_.done(key, record.period, time_.now());
            if (const auto found = guilds_.find(key.guild); found != guilds_.end())
              found->second.kept[key.job] = record;
            if (auto* by = counted_by())
              by->jobs().done(key.guild, key.job, record.period);
            show(key);
            landed();
          },
          [this, due](const caf::error& why) { job_failed(due, why); });
}

void domain_clock::job_failed(const job_due& due, const caf::error& why) {
  spdlog::warn("clock: {} of guild {} for {} failed, it is tried again: {}", due.job,
               due.guild.value, due.period, describe(why));
  agenda_.failed({due.guild, due.job}, time_.now());
  if (auto* by = counted_by())
    by->jobs().failed(due.guild, due.job, describe(why));
  show({due.guild, due.job});
  landed();
}

// -- time ----------------------------------------------------------------------------------------

void domain_clock::landed() {
  if (in_flight_ > 0)
    --in_flight_;
  if (target_)
    settle_step();
  else
    tick();
}

void domain_clock::tick() {
  if (target_)
    return;
  if (!time_.known()) {
    arm();
    return;
  }
  plan_waiting();
  const auto now = time_.now();
  if (now < last_now_)
    agenda_.refresh(now);
  last_now_ = now;
  fire(now);
  arm();
}

void domain_clock::fire(instant now) {
  auto due = std::vector<std::pair<wait_key, wait>>{};
  for (const auto& [key, one] : waits_)
    if (one.at <= now)
      due.emplace_back(key, one);
  std::stable_sort(due.begin(), due.end(),
                   [](const auto& a, const auto& b) { return a.second.at < b.second.at; });
  for (auto& [key, one] : due) {
    waits_.erase(key);
    wake(std::move(one), key.second, now);
  }
  if (paused_)
    return;
  for (const auto& job : agenda_.take_due(now))
    run(job);
}

std::optional<instant> domain_clock::earliest() const {
  auto first = paused_ ? std::nullopt : agenda_.earliest(); // else a due one would spin
  for (const auto& [key, one] : waits_)
    if (!first || one.at < *first)
      first = one.at;
  return first;
}

void domain_clock::arm() {
  const auto first = earliest();
  if (first)
    arm_for(*first);
  else if (plans_wait_)
    arm_for(time_.now());
}

/// Nothing to wait for means no timer: whoever asks for something arms it.
void domain_clock::arm_for(instant at) {
  const auto wait = !time_.known() ? limits_.unknown_again
                                   : std::clamp(std::chrono::milliseconds{at.ms - time_.now().ms},
                                                std::chrono::milliseconds{1}, limits_.look_again);
  const auto ends = system().clock().now() + wait;
  if (armed_ && *armed_ <= ends)
    return;
  armed_ = ends;
  delayed_send(this, wait, clock_tick{++generation_});
}

// -- moved time ----------------------------------------------------------------------------------

caf::result<time_settled> domain_clock::on_time_moved(instant target) {
  if (!driven_)
    return make_error(errc::invalid, "this clock is not driven");
  auto promise = make_response_promise<time_settled>();
  movers_.push_back(promise);
  const auto was_settling = target_.has_value();
  const auto jumps = !time_.known() || target < time_.now();
  target_ = target;
  if (jumps) {
    driven_->set(target);
    last_now_ = target;
    plan_waiting();
    agenda_.refresh(target);
  }
  if (!was_settling) {
    steps_ = 0;
    delayed_send(this, limits_.settle_timeout, settle_timeout{++settle_generation_});
    settle_step();
  }
  return promise;
}

/// Visits the next instant at which something is due, and waits for all answers before the one
/// after: whoever asks for another wait on being woken is woken in order.
void domain_clock::settle_step() {
  while (target_ && in_flight_ == 0) {
    const auto first = earliest();
    if (!first || *first > *target_ || ++steps_ > limits_.settle_steps_max) {
      settled();
      return;
    }
    if (*first > time_.now())
      driven_->set(*first);
    fire(std::max(*first, time_.now()));
  }
}

void domain_clock::settled() {
  const auto target = *target_;
  target_.reset();
  if (target > time_.now())
    driven_->set(target);
  for (auto& mover : std::exchange(movers_, {}))
    mover.deliver(time_settled{});
  tick();
}

} // namespace hearth
