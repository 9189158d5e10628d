#pragma once
// Looks after the database: verified daily copies, retention, and a check after a crash.
#include "infra/clock/time_source.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "messages/store.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <string>

namespace hearth {

/// One, detached (copies take as long as the disk does); spawned by main, stopped before the clock
/// and the stores. What survives: the copies, and in job_run which day has one.
class store_keeper final : public instrumented<store_keeper_actor::base> {
public:
  /// `path`: the database. Copies go to `backup_dir` as "hearth-<date>.db".
  store_keeper(caf::actor_config& config, std::string path, std::string backup_dir,
               const time_source& time, clock_actor clock, retention_store_actor retention);
  const char* name() const override { return "store_keeper"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  void replan();
  caf::result<job_done> back_up(const job_due& due);
  caf::result<job_done> remove_old();
  caf::result<copied> copy(const copy_to& where);
  void check();

  std::string path_;
  std::string backup_dir_;
  const time_source& time_;
  clock_actor clock_;
  retention_store_actor retention_;
  keeper_plan plan_;
};

} // namespace hearth
