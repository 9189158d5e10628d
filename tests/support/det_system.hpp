#pragma once
// An actor system whose scheduling and clock the test drives by hand: nothing runs, and no time
// passes, but when the test says so.
#include "actors/root/system_config.hpp"
#include "messages/actors.hpp"
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <utility>
#include <vector>

namespace test {

struct det_config : hearth::system_config {
  det_config() { set("scheduler.policy", caf::atom("testing")); }
};

/// Base of test cases (TEST_CASE_METHOD) or a member of their fixtures. Stop every actor that you
/// spawn: the system's destructor waits for them.
struct det_system {
  det_config config;
  caf::actor_system sys{config};
  caf::scheduler::test_coordinator& sched =
      dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  caf::scoped_actor self{sys, true};
  std::vector<caf::actor> callers;

  ~det_system() {
    for (auto& caller : callers)
      self->send_exit(caller, caf::exit_reason::kill);
    run();
  }

  /// Handles every message there is. Time stands still.
  void run() { sched.run(); }
  /// Lets time pass and handles what came due.
  void advance(std::chrono::milliseconds by) {
    sched.advance_time(by);
    run();
  }
  /// The virtual steady clock, milliseconds: what actors' timers and timeouts count.
  int64_t steady_ms() {
    const auto now = sys.clock().now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }

  /// Sends and lets it be handled, so that a later advance() counts from here.
  template <class Handle, class... Ts> void tell(const Handle& to, Ts... what) {
    self->send(to, std::move(what)...);
    run();
  }
  /// Asks from a caller of its own; `ok` or `fail(caf::error)` runs when the answer comes.
  /// Function-based actors get an argument: without one CAF binds a null reference (UBSan).
  template <class Handle, class T, class Ok, class Fail>
  void ask(Handle to, T what, Ok ok, Fail fail) {
    callers.push_back(sys.spawn(
        [=](caf::event_based_actor* caller, const Handle& asked) {
          caller->request(asked, caf::infinite, what).then(ok, fail);
        },
        to));
    run();
  }
  /// Ends an actor as root would, and lets it be handled.
  template <class Handle> void stop(const Handle& which) {
    if (!which)
      return;
    caf::anon_send_exit(which, caf::exit_reason::user_shutdown);
    run();
  }
};

} // namespace test
