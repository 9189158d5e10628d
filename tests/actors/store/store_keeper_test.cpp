// The keeper with a real clock, store and disk: one backup a day, old rows and left guilds go.
#include "actors/clock/clock_store.hpp"
#include "actors/clock/domain_clock.hpp"
#include "actors/store/retention_store.hpp"
#include "actors/store/store_keeper.hpp"
#include "infra/clock/zone_time.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/test_store.hpp"
#include <filesystem>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

constexpr int64_t day_ms = 86'400'000;

struct fixture : test::det_system {
  test::test_store store{sys};
  driven_time time;
  std::string path = store.folder.file("hearth.db");
  std::string backups = store.folder.file("backup");
  clock_store_actor jobs = sys.spawn<clock_store>(store.context);
  retention_store_actor retention = sys.spawn<retention_store>(store.context);
  clock_actor clock;
  store_keeper_actor keeper;

  fixture() {
    time.set(from_local("Europe/Paris", {2026, 11, 20}, 0));
    clock = sys.spawn<domain_clock>(time, &time, jobs);
    keeper = sys.spawn<store_keeper>(path, backups, std::cref(time), clock, retention);
    tell(keeper, keeper_plan{"Europe/Paris", 250, 2, 100, 30});
  }
  ~fixture() {
    stop(keeper);
    stop(clock);
    stop(retention);
    stop(jobs);
  }
  void move_to(local_date date, int32_t minute) {
    ask(
        clock, time_moved{from_local("Europe/Paris", date, minute)}, [](time_settled) {},
        [](const caf::error&) {});
  }
  std::vector<std::string> copies() const {
    auto names = std::vector<std::string>{};
    if (std::filesystem::exists(backups))
      for (const auto& entry : std::filesystem::directory_iterator{backups})
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string run(const char* job) {
    auto got = std::string{};
    ask(
        keeper, job_due{{}, job, "2026-11-20", {}, true}, [&](job_done) { got = "done"; },
        [&](const caf::error& error) { got = describe(error); });
    return got;
  }
};

using names = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "store keeper: a verified copy a day, the newest kept", "[store]") {
  move_to({2026, 11, 20}, 249);
  CHECK(copies().empty());
  move_to({2026, 11, 20}, 250);
  CHECK(copies() == names{"hearth-2026-11-20.db"});
  auto copy = sqlite_db{backups + "/hearth-2026-11-20.db", sqlite_db::access::read_only};
  CHECK(copy.value<int>("SELECT count(*) FROM guild_option") == 0);
  move_to({2026, 11, 23}, 0);
  CHECK(copies() == names{"hearth-2026-11-21.db", "hearth-2026-11-22.db"});
}

TEST_CASE_METHOD(fixture, "store keeper: a changed plan counts at once", "[store]") {
  tell(keeper, keeper_plan{"Europe/Paris", 600, 2, 100, 30});
  move_to({2026, 11, 20}, 599);
  CHECK(copies().empty());
  move_to({2026, 11, 20}, 600);
  CHECK(copies().size() == 1);
}

TEST_CASE_METHOD(fixture, "store keeper: a backup that fails is an error, and tried again",
                 "[store]") {
  auto file = sqlite_db{store.folder.file("backup")}; // a file where the folder should be
  file.exec("CREATE TABLE x(y)");
  CHECK(run("backup").find("store failed: ") == 0);
  move_to({2026, 11, 20}, 250);
  std::filesystem::remove(backups);
  time.set({time.now().ms + 5'000});
  advance(60'000ms);
  CHECK(copies() == names{"hearth-2026-11-20.db"});
  CHECK(run("nonsense") == "not found: job nonsense");
}

TEST_CASE_METHOD(fixture, "store keeper: old rows and guilds long left go, others stay",
                 "[store]") {
  auto db = store.db();
  const auto now = time.now().ms;
  const auto add = [&](guild_id guild, int64_t age_days) {
    audit(db, guild, {{}, user_id{5}, "test"}, now - age_days * day_ms);
  };
  add(guild_id{1}, 99);
  add(guild_id{1}, 101);
  add(guild_id{2}, 1);
  add(guild_id{3}, 1);
  store_removed(db, guild_id{2}, true, now - 31 * day_ms);
  store_removed(db, guild_id{3}, true, now - 29 * day_ms);
  CHECK(run("retention") == "done");
  CHECK(db.value<int>("SELECT count(*) FROM audit_log WHERE guild=1") == 1);
  CHECK(db.value<int>("SELECT count(*) FROM audit_log WHERE guild=2") == 0);
  CHECK(db.value<int>("SELECT count(*) FROM audit_log WHERE guild=3") == 1);
  CHECK(db.value<int>("SELECT count(*) FROM guild WHERE guild=2") == 0);
  db.exec("CREATE TRIGGER no BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'no'); END");
  add(guild_id{1}, 101);
  CHECK(run("retention").find("store failed") == 0);
}

TEST_CASE_METHOD(fixture, "store keeper: checking hurts nobody", "[store]") {
  tell(keeper, check_database{});
  CHECK(run("backup") == "done");
}
