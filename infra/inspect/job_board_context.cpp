#include "infra/inspect/job_board_context.hpp"
#include <algorithm>

namespace hearth {

job_figures& job_board::at(guild_id guild, const std::string& job) {
  auto& one = jobs_[{guild, job}];
  one.guild = guild;
  one.job = job;
  return one;
}

void job_board::planned(guild_id guild, const std::string& job, std::optional<instant> next,
                        const std::string& last_period) {
  const auto lock = std::lock_guard{mutex_};
  auto& one = at(guild, job);
  one.next = next;
  one.last_period = last_period;
}

void job_board::began(guild_id guild, const std::string& job, instant due, instant now) {
  const auto lock = std::lock_guard{mutex_};
  auto& one = at(guild, job);
  one.running = true;
  one.last_run = now;
  ++one.runs;
  auto& total = totals_[job];
  ++total.runs;
  total.late_seconds = static_cast<double>(std::max<int64_t>(now.ms - due.ms, 0)) / 1'000;
}

void job_board::done(guild_id guild, const std::string& job, const std::string& period) {
  const auto lock = std::lock_guard{mutex_};
  auto& one = at(guild, job);
  one.running = false;
  one.last_period = std::max(one.last_period, period); // dates sort as texts
  one.last_failure.clear();
}

void job_board::failed(guild_id guild, const std::string& job, std::string why) {
  const auto lock = std::lock_guard{mutex_};
  auto& one = at(guild, job);
  one.running = false;
  ++one.failures;
  one.last_failure = std::move(why);
  ++totals_[job].failures;
}

void job_board::drop(guild_id guild) {
  const auto lock = std::lock_guard{mutex_};
  jobs_.erase(jobs_.lower_bound({guild, ""}), jobs_.lower_bound({guild_id{guild.value + 1}, ""}));
}

std::vector<job_figures> job_board::all() const {
  const auto lock = std::lock_guard{mutex_};
  auto every = std::vector<job_figures>{};
  for (const auto& [key, one] : jobs_)
    every.push_back(one);
  return every;
}

std::map<std::string, job_totals> job_board::totals() const {
  const auto lock = std::lock_guard{mutex_};
  auto every = totals_;
  for (const auto& [key, one] : jobs_)
    every[one.job].failing += one.last_failure.empty() ? 0 : 1;
  return every;
}

} // namespace hearth
