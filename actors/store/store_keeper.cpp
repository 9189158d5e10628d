#include "actors/store/store_keeper.hpp"
#include "infra/store/backup_db.hpp"
#include "infra/store/batch_db.hpp"
#include <algorithm>
#include <filesystem>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr auto backup_job = "backup";
constexpr auto retention_job = "retention";
constexpr auto copy_prefix = "hearth-";
constexpr auto store_timeout = std::chrono::seconds{60};

} // namespace

store_keeper::store_keeper(caf::actor_config& config, std::string path, std::string backup_dir,
                           const time_source& time, clock_actor clock,
                           retention_store_actor retention)
    : instrumented(config), path_(std::move(path)), backup_dir_(std::move(backup_dir)), time_(time),
      clock_(std::move(clock)), retention_(std::move(retention)) {}

store_keeper::behavior_type store_keeper::make_behavior() {
  return {
      [this](const job_due& due) -> caf::result<job_done> {
        if (due.job == backup_job)
          return back_up(due);
        if (due.job == retention_job)
          return remove_old();
        return make_error(errc::not_found, "job " + due.job);
      },
      [this](const keeper_plan& plan) {
        plan_ = plan;
        replan();
      },
      [this](const check_database&) { check(); },
      [this](const copy_to& where) { return copy(where); },
  };
}

void store_keeper::on_exit() {
  clock_ = nullptr;
  retention_ = nullptr;
}

/// Old rows go first, so that the copy is without them.
void store_keeper::replan() {
  auto retention = job_plan{}, backup = job_plan{};
  retention.job = retention_job;
  retention.minute = (plan_.minute + 1'440 - 5) % 1'440;
  backup.job = backup_job;
  backup.minute = plan_.minute;
  send(clock_, job_runner_actor{this}, plan_jobs{guild_id{}, plan_.zone, {retention, backup}});
}

caf::result<job_done> store_keeper::back_up(const job_due& due) {
  try {
    const auto copy = copy_database(path_, backup_dir_, copy_prefix + due.period + ".db");
    const auto removed = keep_newest(backup_dir_, copy_prefix,
                                     static_cast<size_t>(std::max<int64_t>(plan_.backup_count, 1)));
    spdlog::info("store: backup {} made and verified; {} older removed", copy, removed.size());
    return job_done{};
  } catch (const sqlite_error& error) {
    spdlog::error("store: no backup could be made: {}", error.what());
    return make_error(errc::store_failed, error.what());
  }
}

caf::result<job_done> store_keeper::remove_old() {
  auto promise = make_response_promise<job_done>();
  request(retention_, store_timeout,
          apply_retention_rules{time_.now(), plan_.audit_keep_days, plan_.purge_delay_days})
      .then(
          [promise](const retention_applied& done) mutable {
            spdlog::info("store: {} old rows removed", done.rows);
            for (const auto guild : done.purged)
              spdlog::info("store: guild {} removed the bot long ago; all it stored is gone",
                           guild.value);
            promise.deliver(job_done{});
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

caf::result<copied> store_keeper::copy(const copy_to& where) {
  const auto file = std::filesystem::path{where.file};
  auto error = std::error_code{};
  if (!file.is_absolute() || !file.has_filename())
    return make_error(errc::invalid, where.file + " is no absolute path of a file");
  if (std::filesystem::exists(file, error))
    return make_error(errc::invalid, where.file + " is there already");
  if (!std::filesystem::is_directory(file.parent_path(), error))
    return make_error(errc::invalid, file.parent_path().string() + " is no folder");
  try {
    const auto made = copy_database(path_, file.parent_path().string(), file.filename().string());
    return copied{made, static_cast<int64_t>(std::filesystem::file_size(made, error))};
  } catch (const sqlite_error& failed) {
    return make_error(errc::store_failed, failed.what());
  }
}

void store_keeper::check() {
  try {
    const auto problems = quick_check(path_);
    for (const auto& problem : problems)
      spdlog::error("store: {}", problem);
    if (problems.empty())
      spdlog::info("store: {} is sound after the last stop, which was not orderly", path_);
    else
      spdlog::critical("store: {}", advice(store_health::damaged, path_));
  } catch (const sqlite_error& error) {
    spdlog::critical("store: {}; {}", error.what(), advice(health_of(error.code()), path_));
  }
}

} // namespace hearth
