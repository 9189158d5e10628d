#include "actors/root/daemon.hpp"
#include "actors/root/daemon_impl.hpp"
#include "infra/root/logging_session.hpp"
#include "infra/root/notify_socket.hpp"
#include <algorithm>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

/// Under discord-sim the simulator may move time: only there, on loopback, and not in production.
bool follows_sim(const settings& s) {
  if (s.clock.follow_sim != "auto")
    return s.clock.follow_sim == "on";
  return s.profile == "sandbox" &&
         s.discord.api.compare(0, 7, "http://") == 0; // plain http is loopback only
}

} // namespace

daemon::impl::impl(startup start, std::string config_path, daemon_hooks hooks)
    : start_(std::move(start)), config_path_(std::move(config_path)), hooks_(std::move(hooks)),
      settings_(start_.settings.value), database_(start_.data_folder), texts_(embedded_locales()),
      system_time_(std::chrono::seconds(start_.settings.value.clock.sync_wait_seconds)),
      driven_(&system_time_), follow_sim_(follows_sim(start_.settings.value)), system_(config_),
      store_(system_, database_.path(), store_options_of(start_.settings.value)),
      io_(system_, "io") {}

void daemon::impl::spawn() {
  monitoring_.listen(system_);
  auto made = parts();
  root_ = system_.spawn<root>(std::move(made));
  to_root_.lead_to(root_);
  if (hooks_.log)
    inspect_();
  inspect_ = nullptr; // it holds handles
}

int daemon::impl::finish() {
  to_root_.lead_to(root_actor{});
  root_ = nullptr;
  inspection_.reset(); // its ports hold handles of our actors
  system_.await_all_actors_done();
  if (exit_code_ == 0)
    database_.ended_in_order();
  return exit_code_;
}

void daemon::impl::identified(const bot_identity& identity) {
  caf::anon_send(registrar_, identity);
  caf::anon_send(voice_hub_, identity);
  ambience_.follow(*settings_.get());
  caf::anon_send(settings_store_,
                 note_guilds{identity.guilds}); // who removed us while we were down
  spdlog::info("online as {} in {} server{}", identity.name, identity.guilds.size(),
               identity.guilds.size() == 1 ? "" : "s");
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

void daemon::impl::make_inspection(const neighbours& with, std::vector<std::string> features) {
  auto look =
      inspector_parts{root_, with.rest, with.clock, &time(), &store_.counters(), hooks_.log};
  look.online = [this] { return ready_.load(); };
  look.uptime_ms = [this] { return steady_ms() - started_ms_; };
  look.voice = voice_hub_;
  look.profile = start_.settings.value.profile;
  look.data_folder = start_.data_folder;
  look.database = database_.path();
  auto steer = steerer_parts{root_, with.clock, with.rest, keeper_, std::move(features)};
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

} // namespace hearth
