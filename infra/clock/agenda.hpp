#pragma once
// All jobs of all guilds: which to run now, which later, which again after a failure. Pure: told
// the time, it says what to run and what to keep.
#include "infra/clock/due.hpp"
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hearth {

/// One job of one guild. Guild 0: the daemon's own jobs.
struct job_key {
  guild_id guild;
  std::string job;
  auto operator<=>(const job_key&) const = default;
};

/// What must be kept for the job to be exactly once.
struct agenda_change {
  job_key key;
  job_record record;
};

/// A job as operators see it.
struct agenda_line {
  job_key key;
  job_plan plan;
  std::string zone;
  std::optional<instant> next; ///< None while it runs or is switched off.
  bool running = false;
  uint32_t failures = 0; ///< In a row.
  std::string period;    ///< The newest done.
  instant last;          ///< When that was; 0: before we were started.
};

class agenda {
public:
  /// Records of a guild's jobs by name, as kept.
  using records = std::map<std::string, job_record>;

  /// Replaces a guild's plan. A job new to the guild, or enabled again, has missed nothing yet: it
  /// begins now. `kept` is used for jobs not planned before since start. Returns what to keep.
  std::vector<agenda_change> plan(const plan_jobs& plan, const records& kept, instant now);
  /// Forgets a guild's plan (its records stay kept).
  void drop(guild_id guild);

  /// The jobs to run at `now`, oldest first. Each is running until done() or failed().
  std::vector<job_due> take_due(instant now);
  /// The runner did it and it was kept.
  void done(const job_key& key, const std::string& period, instant now);
  /// It did not work: again after 5 s, then twice the wait each time, at most 5 minutes; a newer
  /// period takes its place.
  void failed(const job_key& key, instant now);
  /// The record to keep before done() is told; nothing when the job is not known any more.
  std::optional<agenda_change> record_of(const job_key& key, const std::string& period) const;

  /// All jobs, by guild and name.
  std::vector<agenda_line> list() const;

  /// When to look again; nothing while nothing is planned or all is running.
  std::optional<instant> earliest() const;
  /// The same for one guild.
  std::optional<instant> earliest(guild_id guild) const;
  /// When a job runs next; nothing while it runs, is off or not known.
  std::optional<instant> next(const job_key& key) const;
  /// Computes all due times anew (the clock went back).
  void refresh(instant now);

private:
  struct entry {
    job_plan plan;
    std::string zone;
    job_record record;
    std::optional<instant> next; ///< None while running, disabled or never due.
    bool running = false;
    uint32_t failures = 0;
    instant last; ///< When it was done last, as far as we saw.
  };
  static void set_next(entry& entry, instant now);

  std::map<job_key, entry> entries_;
};

} // namespace hearth
