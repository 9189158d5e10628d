#pragma once
// Looks at the daemon's health and tells the operator: once when something is wrong, once when it
// is well again; and tells an uptime monitor that we live.
#include "infra/inspect/alert_rules.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "messages/watch.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <string>

namespace hearth {

class alert_board;

/// What the operator says; asked for at each look, so that a reload shows.
struct watch_plan {
  alert_limits limits;
  channel_id channel; ///< 0: none.
  bool webhook = false;
  bool uptime = false;
  std::chrono::seconds uptime_period{60};
};

struct watcher_parts {
  std::function<health_facts()> look; ///< Called in the pool, every `period`.
  std::function<watch_plan()> plan;
  rest_actor rest;
  outside_actor outside;
  alert_board* board = nullptr; ///< Must outlive the actor.
  std::chrono::milliseconds period{10'000};
};

/// One, in the pool; spawned by main, stopped by an exit message. Its death ends the daemon. What
/// survives: nothing; after a restart whatever is still wrong is told again.
///
/// A way that does not work (no network, most likely) keeps its news, in order, and tries again at
/// each look; an alert that was over before it was ever sent is not told.
class watcher final : public instrumented<watcher_actor::base> {
public:
  watcher(caf::actor_config& config, watcher_parts parts);
  const char* name() const override { return "watcher"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// One way to the operator.
  struct outbox {
    std::deque<alert_news> waiting;
    bool busy = false;
    bool tried = false; ///< The first one was sent; whether it arrived may not be known.
  };

  void look();
  void keep(outbox& way, const alert_news& news);
  void send_channel(const watch_plan& plan);
  void send_webhook(const watch_plan& plan);
  void landed(outbox& way, bool taken);
  void beat(const watch_plan& plan, const health_facts& facts);
  int64_t steady_ms();

  watcher_parts parts_;
  alert_book book_;
  outbox channel_, webhook_;
  uint64_t nonce_ = 0; ///< Of the message in channel_ that is being sent.
  int64_t next_beat_ms_ = 0;
  bool beating_ = false;
};

} // namespace hearth
