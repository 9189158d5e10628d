#include "infra/clock/clock_store_db.hpp"

namespace hearth {

stored_jobs load_stored_jobs(sqlite_db& db, guild_id guild) {
  auto found = stored_jobs{};
  db.each<std::string, int64_t, std::string>(
      "SELECT job, since_ms, period FROM job_run WHERE guild=?",
      [&](std::string job, int64_t since_ms, std::string period) {
        found.jobs.push_back({std::move(job), {since_ms}, std::move(period)});
      },
      guild);
  return found;
}

void keep_job(sqlite_db& db, const store_job& asked) {
  db.exec("INSERT INTO job_run(guild, job, since_ms, period, done_ms) VALUES(?, ?, ?, ?, ?) "
          "ON CONFLICT DO UPDATE SET since_ms=excluded.since_ms, period=excluded.period, "
          "done_ms=excluded.done_ms",
          asked.guild, asked.job.job, asked.job.since.ms, asked.job.period, asked.now.ms);
}

} // namespace hearth
