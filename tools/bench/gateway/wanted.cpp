// hearthd with one more feature, on everywhere, which asks for everything members do and counts it:
// the "wanted" rows of the goals. SIGUSR2 prints what it has handled.
#include "actors/root/daemon.hpp"
#include "actors/root/guild_env.hpp"
#include "infra/root/instance_lock_process.hpp"
#include "infra/root/logging_session.hpp"
#include <atomic>
#include <caf/typed_event_based_actor.hpp>
#include <csignal>
#include <cstdio>
#include <map>
#include <pthread.h>
#include <unistd.h>

namespace {

using namespace hearth;

constexpr auto ended_signal = SIGUSR1;

struct counts {
  std::atomic<uint64_t> presences{0}, messages{0}, reactions{0}, voice{0}, text_bytes{0};
};
counts handled;

/// A feature as others are: an actor of its guild, told in batches, with a little state.
class listener final : public feature_actor::base {
public:
  explicit listener(caf::actor_config& config) : feature_actor::base(config) {}
  const char* name() const override { return "listener"; }

protected:
  behavior_type make_behavior() override {
    return {
        [](const guild_facts&) {},
        [](const interaction_ptr&) -> caf::result<interaction_response> {
          return make_error(errc::invalid, "it has no commands");
        },
        [](const voice_changes& told) { handled.voice += told.changes.size(); },
        [this](const member_news_ptr& told) { on_news(*told); },
        [](const message_deleted&) {},
        [](const job_due&) -> caf::result<job_done> { return job_done{}; },
        [](const woken&) {},
        [this](stop_feature) {
          quit();
          return stopped{};
        },
    };
  }

private:
  void on_news(const member_news& told) {
    for (const auto& presence : told.presences)
      playing_[presence.user] = presence.game.size();
    auto bytes = uint64_t{0};
    for (const auto& message : told.messages)
      bytes += message.text.size();
    handled.presences += told.presences.size();
    handled.messages += told.messages.size();
    handled.reactions += told.reactions.size();
    handled.text_bytes += bytes;
  }

  std::map<user_id, size_t> playing_;
};

feature_entry listening() {
  auto entry = feature_entry{};
  entry.name = "listener";
  entry.spawn = [](caf::actor_system& system, guild_id) {
    return feature_actor{system.spawn<listener>()};
  };
  entry.wants = {
      .voice = true, .messages = true, .message_text = true, .reactions = true, .presences = true};
  return entry;
}

void print_handled() {
  const auto presences = handled.presences.load();
  const auto messages = handled.messages.load();
  const auto reactions = handled.reactions.load();
  const auto voice = handled.voice.load();
  std::printf("handled {\"all\":%llu,\"presence\":%llu,\"message\":%llu,\"reaction\":%llu,"
              "\"voice\":%llu}\n",
              static_cast<unsigned long long>(presences + messages + reactions + voice),
              static_cast<unsigned long long>(presences), static_cast<unsigned long long>(messages),
              static_cast<unsigned long long>(reactions), static_cast<unsigned long long>(voice));
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  const auto config = std::string{argc == 3 ? argv[2] : ""};
  auto start = read_startup(config, read_environment());
  if (!start.settings.problems.empty() || start.token.empty())
    return 78;
  std::signal(SIGPIPE, SIG_IGN);
  auto signals = sigset_t{};
  sigemptyset(&signals);
  for (const auto which : {SIGTERM, SIGINT, SIGUSR2, ended_signal})
    sigaddset(&signals, which);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr); // before any thread: they inherit the mask
  start_logging(start.settings.value.log.level, {start.token});
  if (!prepare_data_folder(start.data_folder).empty())
    return 78;
  auto hooks = daemon_hooks{};
  hooks.ended = [] { kill(getpid(), ended_signal); };
  hooks.features = [](std::vector<feature_entry>& features) { features.push_back(listening()); };
  auto running = hearth::daemon{std::move(start), config, std::move(hooks)};
  running.start();
  for (auto got = 0; got != ended_signal;) {
    const auto patience = timespec{1, 0};
    got = sigtimedwait(&signals, nullptr, &patience);
    if (got == SIGUSR2)
      print_handled();
    else if (got == SIGTERM || got == SIGINT)
      running.stop();
    running.attend();
  }
  return running.finish();
}
