#pragma once
// The owner of domain time: wakes features, runs jobs exactly once per period, follows discord-sim.
#include "infra/clock/agenda.hpp"
#include "infra/clock/time_source.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "messages/actors.hpp"
#include "messages/clock_store.hpp"
#include <caf/actor_clock.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace hearth {

/// INTERNAL: the one real timer; older generations are stale.
struct clock_tick {
  uint64_t generation = 0;
};
/// INTERNAL: time_moved took too long.
struct settle_timeout {
  uint64_t generation = 0;
};
/// INTERNAL: ask the store for a guild's jobs again.
struct load_again {
  guild_id guild;
};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(clock_tick)
HEARTH_LOCAL_MESSAGE(settle_timeout)
HEARTH_LOCAL_MESSAGE(load_again)

namespace hearth {

using domain_clock_actor =
    clock_actor::extend<caf::reacts_to<clock_tick>, caf::reacts_to<settle_timeout>,
                        caf::reacts_to<load_again>>;

struct clock_limits {
  std::chrono::milliseconds job_timeout{120'000}; ///< A runner that says nothing has failed.
  std::chrono::milliseconds wake_timeout{10'000}; ///< While time_moved waits for listeners.
  std::chrono::milliseconds settle_timeout{30'000};
  std::chrono::milliseconds look_again{60'000};   ///< Longest sleep: somebody may set the clock.
  std::chrono::milliseconds unknown_again{5'000}; ///< While the time is not known.
  size_t settle_steps_max = 20'000;               ///< Instants that one time_moved visits.
  size_t waits_max = 256;                         ///< Of one listener; further ones are refused.
};

/// One, in the pool; spawned by main before the guilds, stopped after them. Jobs survive restarts
/// through its store; waits are asked for again by those who want them.
///
/// Nothing happens while the time is not known. Jobs run one at a time per guild and job; guilds do
/// not wait for each other.
class domain_clock final : public instrumented<domain_clock_actor::base> {
public:
  /// `driven` is what time_moved sets (null: time_moved is refused), usually `time` itself.
  domain_clock(caf::actor_config& config, const time_source& time, driven_time* driven,
               clock_store_actor store, clock_limits limits = {});
  const char* name() const override { return "clock"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  using wait_key = std::pair<caf::actor_id, std::string>;
  struct wait {
    wakeable_actor listener;
    instant at;
  };
  struct guild_jobs {
    job_runner_actor runner;
    plan_jobs plan;
    bool loading = false;
    bool planned = false; ///< The agenda has this plan.
    bool loaded = false;
    agenda::records kept;
  };

  void on_wake_at(const wakeable_actor& listener, const wake_at& asked);
  void on_plan(const job_runner_actor& runner, const plan_jobs& plan);
  caf::result<job_done> on_forced(job_due due);
  job_list_ptr jobs() const;
  caf::result<time_settled> on_time_moved(instant target);

  void load(guild_id guild);
  void put_on_agenda(guild_id guild);
  void plan_waiting();
  void keep(const agenda_change& change);
  /// Shows a job on the board: its next run, and what is kept of it.
  void show(const job_key& key);

  void tick();
  void look_at(instant at);
  void fire(instant now);
  void run(const job_due& due);
  void job_answered(const job_due& due);
  void job_failed(const job_due& due, const caf::error& why);
  void wake(wait due, const std::string& tag, instant now);
  std::optional<instant> earliest() const;
  void arm();
  void arm_for(instant at);
  void settle_step();
  void settled();
  /// One of the answers that time_moved waits for is there.
  void landed();

  const time_source& time_;
  driven_time* driven_;
  clock_store_actor store_;
  clock_limits limits_;
  agenda agenda_;
  std::map<guild_id, guild_jobs> guilds_;
  std::map<wait_key, wait> waits_;
  std::set<caf::actor_id> watched_;
  bool paused_ = false;     ///< No job is started.
  bool plans_wait_ = false; ///< Some guild's plan came before the time was known.
  instant last_now_;
  uint64_t generation_ = 0;
  std::optional<caf::actor_clock::time_point> armed_; ///< When the newest timer ends.
  size_t in_flight_ = 0;          ///< Jobs, loads and (while settling) wakes not answered yet.
  std::optional<instant> target_; ///< Set while time_moved is worked off.
  size_t steps_ = 0;
  uint64_t settle_generation_ = 0;
  std::vector<caf::typed_response_promise<time_settled>> movers_;
};

} // namespace hearth
