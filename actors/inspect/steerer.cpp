#include "actors/inspect/steerer.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <spdlog/spdlog.h>
#include <utility>

namespace hearth {
namespace {

constexpr size_t name_bytes_max = 80;

/// Who, for the log: what is proven, then what is said.
std::string who(const std::string& by) {
  return fmt::format("the holder of the steering certificate, who says to be {}",
                     by.empty() ? "nobody" : by.substr(0, name_bytes_max));
}

template <class... Ts>
void note(const std::string& by, fmt::format_string<Ts...> what, Ts&&... args) {
  spdlog::info("steer: {}: {}", fmt::format(what, std::forward<Ts>(args)...), who(by));
}

} // namespace

steerer::steerer(caf::actor_config& config, steerer_parts parts)
    : at_home(config), parts_(std::move(parts)) {}

steerer_actor::behavior_type steerer::make_behavior() {
  return {
      [this](const order_reload& order) { return on_reload(order); },
      [this](const order_job& order) { return on_job(order); },
      [this](const order_restart& order) { return on_restart(order); },
      [this](const order_feature& order) { return on_feature(order); },
      [this](const order_log_level& order) { return on_log_level(order); },
      [this](const order_backup& order) { return on_backup(order); },
      [this](const order_drain& order) { return on_drain(order); },
      [this](const order_stop& order) { return on_stop(order); },
      [this](const order_renew& order) { return on_renew(order); },
      [this](drain_look look) { on_drain_look(look.generation); },
  };
}

void steerer::on_exit() {
  if (draining_.pending())
    draining_.deliver(make_error(errc::stopping));
  parts_ = {};
}

template <class Fn> void steerer::with_guild(promise_type promise, guild_id guild, Fn fn) {
  request(parts_.root, parts_.answer_max, get_children{})
      .then(
          [promise, guild, fn = std::move(fn)](const children& all) mutable {
            for (const auto& [id, actor] : all.guilds)
              if (id == guild)
                return fn(actor);
            promise.deliver(make_error(errc::not_found, "guild " + to_string(guild)));
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
}

caf::result<order_done> steerer::on_reload(const order_reload& order) {
  note(order.by, "reload");
  auto promise = make_response_promise<order_done>();
  request(parts_.root, parts_.answer_max, reload_daemon{})
      .then(
          [promise](const reload_report& report) mutable {
            if (report.good) {
              promise.deliver(order_done{
                  fmt::format("configuration read again, {} changes", report.details.size()),
                  report.details});
              return;
            }
            auto text = std::string{"nothing was changed; the configuration has mistakes:"};
            for (const auto& line : report.details)
              text += "\n" + line;
            promise.deliver(make_error(errc::invalid, std::move(text)));
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

// -- jobs -----------------------------------------------------------------------------------------

caf::result<order_done> steerer::on_job(const order_job& order) {
  note(order.by, "job run {} {}", order.job,
       order.everywhere ? std::string{"everywhere"} : std::to_string(order.guild));
  auto promise = make_response_promise<order_done>();
  request(parts_.clock, parts_.answer_max, get_jobs{})
      .then(
          [this, promise, order](const job_list_ptr& jobs) mutable {
            auto guilds = std::vector<guild_id>{};
            auto names = std::string{};
            for (const auto& line : jobs->jobs) {
              if (names.find("\"" + line.job + "\"") == std::string::npos)
                names += (names.empty() ? "\"" : ", \"") + line.job + "\"";
              if (line.job == order.job && (order.everywhere || line.guild == order.guild))
                guilds.push_back(guild_id{line.guild});
            }
            if (!guilds.empty())
              return run_job(promise, order.job, std::move(guilds));
            const auto where = order.everywhere ? std::string{"anywhere"}
                               : order.guild    ? fmt::format("in guild {}", order.guild)
                                                : std::string{"of the daemon itself"};
            promise.deliver(
                make_error(errc::not_found, fmt::format("there is no job {} {}; there are {}",
                                                        order.job, where, names)));
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

void steerer::run_job(promise_type promise, const std::string& job, std::vector<guild_id> guilds) {
  struct outcome {
    promise_type promise;
    std::string job;
    size_t left = 0, failed = 0;
    std::vector<std::string> lines;
    void landed(std::string line, bool good) {
      lines.push_back(std::move(line));
      failed += good ? 0 : 1;
      if (--left > 0)
        return;
      if (failed == lines.size() && lines.size() == 1) {
        promise.deliver(make_error(errc::invalid, lines.front()));
        return;
      }
      promise.deliver(
          order_done{fmt::format("{} was run in {} places, {} failed", job, lines.size(), failed),
                     std::move(lines)});
    }
  };
  auto all = std::make_shared<outcome>();
  all->promise = std::move(promise);
  all->job = job;
  all->left = guilds.size();
  for (const auto guild : guilds) {
    auto due = job_due{};
    due.guild = guild;
    due.job = job;
    due.forced = true;
    const auto where = guild ? "guild " + to_string(guild) : std::string{"daemon"};
    request(parts_.clock, parts_.answer_max * 4, std::move(due))
        .then([all, where](job_done) { all->landed(where + ": done", true); },
              [all, where](const caf::error& why) {
                all->landed(where + ": " + describe(why), false);
              });
  }
}

// -- actors and features --------------------------------------------------------------------------

caf::result<order_done> steerer::on_restart(const order_restart& order) {
  note(order.by, "restart {} {}", order.actor, order.guild);
  auto promise = make_response_promise<order_done>();
  const auto guild = guild_id{order.guild};
  const auto& names = parts_.features;
  const auto refused = [promise](const caf::error& why) mutable { promise.deliver(why); };
  const auto done = [promise, text = order.actor](stopped) mutable {
    promise.deliver(order_done{text + " was stopped in order and is started again", {}});
  };
  const auto of_root = order.actor == "gateway_shard" || (order.actor == "guild" && guild);
  if (of_root) {
    request(parts_.root, parts_.answer_max,
            restart_child{order.actor == "guild" ? guild : guild_id{}})
        .then(done, refused);
  } else if (guild && std::find(names.begin(), names.end(), order.actor) != names.end()) {
    with_guild(promise, guild, [this, done, refused, order](const guild_actor& whom) {
      request(whom, parts_.answer_max, restart_feature{order.actor}).then(done, refused);
    });
  } else {
    promise.deliver(make_error(
        errc::invalid,
        fmt::format("{} cannot be restarted alone; what can: gateway_shard, guild ID, and in a "
                    "guild {}. For the others restart the daemon",
                    order.actor, fmt::join(names, ", "))));
  }
  return promise;
}

caf::result<order_done> steerer::on_feature(const order_feature& order) {
  note(order.by, "feature {} {} {}", order.on ? "on" : "off", order.feature, order.guild);
  const auto& names = parts_.features;
  if (std::find(names.begin(), names.end(), order.feature) == names.end())
    return make_error(errc::not_found, fmt::format("there is no feature {}; there are {}",
                                                   order.feature, fmt::join(names, ", ")));
  auto promise = make_response_promise<order_done>();
  with_guild(promise, guild_id{order.guild}, [this, promise, order](const guild_actor& whom) {
    request(whom, parts_.answer_max, switch_feature{order.feature, order.on, order.by})
        .then(
            [promise, order](stopped) mutable {
              promise.deliver(order_done{fmt::format("{} is {} in guild {}", order.feature,
                                                     order.on ? "on" : "off", order.guild),
                                         {}});
            },
            [promise](const caf::error& why) mutable { promise.deliver(why); });
  });
  return promise;
}

// -- the daemon -----------------------------------------------------------------------------------

caf::result<order_done> steerer::on_log_level(const order_log_level& order) {
  note(order.by, "loglevel {}", order.level);
  if (!parts_.set_log_level(order.level))
    return make_error(errc::invalid, order.level + " is no level; there are trace, debug, info, "
                                                   "warn, error, critical");
  return order_done{"the log level is " + order.level +
                        " until the next reload of a changed log.level, or restart",
                    {}};
}

caf::result<order_done> steerer::on_backup(const order_backup& order) {
  note(order.by, "backup {}", order.file);
  auto promise = make_response_promise<order_done>();
  request(parts_.keeper, parts_.answer_max * 4, copy_to{order.file})
      .then(
          [promise](const copied& made) mutable {
            promise.deliver(order_done{
                fmt::format("{} made and verified, {} bytes", made.file, made.bytes), {}});
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

caf::result<order_done> steerer::on_drain(const order_drain& order) {
  note(order.by, "drain {}", order.on ? "on" : "off");
  if (draining_.pending())
    draining_.deliver(make_error(errc::cancelled, "another drain was asked for"));
  caf::anon_send(parts_.clock, pause_jobs{order.on});
  auto promise = make_response_promise<order_done>();
  request(parts_.root, parts_.answer_max, drain_guilds{order.on})
      .then(
          [this, promise, order](stopped) mutable {
            if (!order.on) {
              promise.deliver(order_done{"commands are taken and jobs are started again", {}});
              return;
            }
            draining_ = promise;
            drain_until_ =
                system().clock().now() +
                std::chrono::milliseconds(std::clamp<int64_t>(order.wait_ms_max, 0, 600'000));
            on_drain_look(++drain_);
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

/// Asks everybody what is under way, until it is nothing or the time is over.
void steerer::on_drain_look(uint64_t generation) {
  if (generation != drain_ || !draining_.pending())
    return;
  struct tally {
    steerer* self;
    uint64_t generation;
    size_t open = 0, jobs = 0, requests = 0;
    ~tally() {
      auto& promise = self->draining_;
      if (generation != self->drain_ || !promise.pending())
        return;
      if (open + jobs + requests == 0) {
        promise.deliver(order_done{"drained: nothing is under way, nothing new is taken; "
                                   "`hearthctl drain --off` ends it",
                                   {}});
      } else if (self->system().clock().now() >= self->drain_until_) {
        promise.deliver(make_error(
            errc::deadline, fmt::format("{} commands, {} jobs and {} requests are still under way; "
                                        "nothing new is taken",
                                        open, jobs, requests)));
      } else {
        self->delayed_send(self, self->parts_.look_again, drain_look{generation});
      }
    }
  };
  auto all = std::make_shared<tally>();
  all->self = this;
  all->generation = generation;
  const auto ignore = [all](const caf::error&) {};
  request(parts_.clock, parts_.answer_max, get_jobs{})
      .then(
          [all](const job_list_ptr& jobs) {
            for (const auto& job : jobs->jobs)
              all->jobs += job.running ? 1 : 0;
          },
          ignore);
  request(parts_.rest, parts_.answer_max, get_rest_status{})
      .then([all](const rest_status& rest) { all->requests += rest.waiting; }, ignore);
  request(parts_.root, parts_.answer_max, get_children{})
      .then(
          [this, all, ignore](const children& found) {
            for (const auto& [guild, actor] : found.guilds)
              request(actor, parts_.answer_max, drain_guild{true})
                  .then([all](draining left) { all->open += left.open; }, ignore);
          },
          ignore);
}

caf::result<order_done> steerer::on_stop(const order_stop& order) {
  note(order.by, "stop");
  parts_.stop();
  return order_done{"stopping in order", {}};
}

caf::result<order_done> steerer::on_renew(const order_renew& order) {
  note(order.by, "renew{}", order.authorities ? " with the authorities" : "");
  try {
    return parts_.renew(order.authorities);
  } catch (const std::exception& error) {
    return make_error(errc::invalid, error.what());
  }
}

} // namespace hearth
