#include "infra/store/daemon_db.hpp"
#include "config/embedded.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "infra/store/migrate_db.hpp"
#include <filesystem>
#include <fstream>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace hearth {

daemon_db::daemon_db(const std::string& folder)
    : path_(folder + "/hearth.db"), backups_(folder + "/backups"), mark_(folder + "/running"),
      unclean_(std::filesystem::exists(mark_)) {
  auto db = sqlite_db{path_};
  const auto report = migrate(db, embedded_migrations(), backups_, system_ms());
  for (const auto& name : report.applied)
    spdlog::info("the database was brought to {}", name);
  if (!report.copy.empty())
    spdlog::info("a copy of the database from before is in {}", report.copy);
  switched_on_ = features_switched_on(db);
  std::ofstream{mark_} << getpid() << '\n';
}

void daemon_db::ended_in_order() {
  auto error = std::error_code{};
  std::filesystem::remove(mark_, error);
}

} // namespace hearth
