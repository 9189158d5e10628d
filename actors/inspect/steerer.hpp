#pragma once
// Carries out what an operator orders from outside, and writes down who did.
#include "actors/inspect/at_home.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "messages/inspect_wire.hpp"
#include "messages/root.hpp"
#include "messages/store.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace hearth {

/// INTERNAL: whether everything under way has ended.
struct drain_look {
  uint64_t generation = 0;
};

/// Whom it tells. Everything must outlive it.
struct steerer_parts {
  root_actor root;
  clock_actor clock;
  rest_actor rest;
  store_keeper_actor keeper;
  std::vector<std::string> features;                          ///< Their names.
  std::function<bool(const std::string&)> set_log_level = {}; ///< False: no such level.
  std::function<void()> stop = {};                            ///< As SIGTERM does.
  /// Makes certificates anew (with true the authorities as well) and has the ports opened again
  /// soon; says what was made. Throws std::runtime_error.
  std::function<order_done(bool)> renew = {};
  std::chrono::milliseconds answer_max{30'000};
  std::chrono::milliseconds look_again{50}; ///< While a drain waits.
};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(drain_look)

namespace hearth {

using steerer_actor = steer_actor::extend<caf::reacts_to<drain_look>>;

/// One, in the pool; spawned and ended by main like the inspector. Every order is logged with who
/// gave it: the holder of the steering certificate, under the name that the client says. What
/// changes a guild is in its audit log as well.
class steerer final : public at_home<instrumented<steerer_actor::base>> {
public:
  steerer(caf::actor_config& config, steerer_parts parts);
  const char* name() const override { return "steerer"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  using promise_type = caf::typed_response_promise<order_done>;

  caf::result<order_done> on_reload(const order_reload& order);
  caf::result<order_done> on_job(const order_job& order);
  void run_job(promise_type promise, const std::string& job, std::vector<guild_id> guilds);
  caf::result<order_done> on_restart(const order_restart& order);
  caf::result<order_done> on_feature(const order_feature& order);
  caf::result<order_done> on_log_level(const order_log_level& order);
  caf::result<order_done> on_backup(const order_backup& order);
  caf::result<order_done> on_drain(const order_drain& order);
  void on_drain_look(uint64_t generation);
  caf::result<order_done> on_stop(const order_stop& order);
  caf::result<order_done> on_renew(const order_renew& order);
  /// Calls `fn(guild_actor)`, or refuses.
  template <class Fn> void with_guild(promise_type promise, guild_id guild, Fn fn);

  steerer_parts parts_;
  uint64_t drain_ = 0; ///< Generation of the drain that waits.
  promise_type draining_;
  std::chrono::steady_clock::time_point drain_until_; ///< By the system's actor clock.
};

} // namespace hearth
