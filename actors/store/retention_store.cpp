#include "actors/store/retention_store.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "infra/store/registry_db.hpp"

namespace hearth {
namespace {

constexpr int64_t day_ms = 86'400'000;

} // namespace

retention_store::behavior_type retention_store::make_behavior() {
  return {[this](const apply_retention_rules& q) {
    return write<retention_applied>([&](sqlite_db& db) {
      auto done = retention_applied{};
      done.rows = apply_retention(db, q.now.ms, {{"audit_log", q.audit_keep_days}});
      done.purged = removed_guilds(db, q.now.ms - q.purge_delay_days * day_ms);
      for (const auto guild : done.purged)
        erase_guild(db, guild);
      return done;
    });
  }};
}

} // namespace hearth
