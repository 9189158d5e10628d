// What is read of all guilds' settings at once.
#include "config/embedded.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "infra/store/migrate_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

using namespace hearth;

TEST_CASE("guild settings: features that some guild has switched on", "[settings]") {
  const auto folder = test::temp_folder{};
  auto db = sqlite_db{folder.file("hearth.db")};
  migrate(db, embedded_migrations(), folder.file("backup"), 0);
  const auto set = [&](uint64_t guild, const char* key, const char* value) {
    auto asked = set_guild_option{};
    asked.guild = guild_id{guild};
    asked.key = key;
    asked.value = value;
    store_option(db, asked);
  };
  CHECK(features_switched_on(db).empty());
  set(1, "feature.schedule", "on");
  set(2, "feature.schedule", "on");
  set(3, "feature.digest", "off");
  set(3, "language", "on");
  set(4, "feature.bank", "on");
  CHECK(features_switched_on(db) == std::vector<std::string>{"bank", "schedule"});
}
