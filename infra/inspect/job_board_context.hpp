#pragma once
// Which jobs there are, when they run next and what became of them: written by the clock, read by
// status pages from any thread.
#include "messages/clock.hpp"
#include "messages/ids.hpp"
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// One job of one guild (0: the daemon's own).
struct job_figures {
  guild_id guild;
  std::string job;
  std::optional<instant> next; ///< Absent while it is off or its plan is not known.
  instant last_run;            ///< When it last began; 0: not since the start.
  std::string last_period;     ///< Newest period done, a local date; empty: none known.
  bool running = false;
  uint64_t runs = 0, failures = 0; ///< Since the start.
  std::string last_failure;        ///< Of the last run; empty: it went well.
};
/// All guilds' jobs of one name.
struct job_totals {
  uint64_t runs = 0, failures = 0;
  double late_seconds = 0; ///< Of the last run.
  uint32_t failing = 0;    ///< Guilds where the last run failed.
};

class job_board {
public:
  void planned(guild_id guild, const std::string& job, std::optional<instant> next,
               const std::string& last_period);
  void began(guild_id guild, const std::string& job, instant due, instant now);
  void done(guild_id guild, const std::string& job, const std::string& period);
  void failed(guild_id guild, const std::string& job, std::string why);
  void drop(guild_id guild);

  /// By guild, then by name.
  std::vector<job_figures> all() const;
  std::map<std::string, job_totals> totals() const;

private:
  using key = std::pair<guild_id, std::string>;
  job_figures& at(guild_id guild, const std::string& job);
  mutable std::mutex mutex_;
  std::map<key, job_figures> jobs_;
  std::map<std::string, job_totals> totals_; ///< Runs, failures, lateness; of dropped guilds too.
};

} // namespace hearth
