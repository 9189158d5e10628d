// hearthd as a process: what its signals mean, and how its end becomes an exit code.
#include "actors/root/daemon.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/root/notify_socket.hpp"
#include "infra/store/migrate_db.hpp"
#include <algorithm>
#include <csignal>
#include <exception>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace hearth {
namespace {

/// Main's own wake-up: root has stopped everything.
constexpr auto ended_signal = SIGUSR1;
/// Likewise: the ports for operators want something.
constexpr auto inspect_signal = SIGUSR2;

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
