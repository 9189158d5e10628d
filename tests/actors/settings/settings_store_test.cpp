// Settings are kept, once per interaction, with a line in the audit log for each change.
#include "actors/settings/settings_store.hpp"
#include "infra/settings/guild_settings_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/test_store.hpp"

using namespace hearth;

namespace {

constexpr auto guild = guild_id{10};
constexpr auto other = guild_id{11};

struct fixture : test::det_system {
  test::test_store store{sys};
  driven_time time;
  settings_store_actor settings;
  std::string refused;

  fixture() {
    time.set({5'000});
    settings = sys.spawn<settings_store>(store.context, time);
  }
  ~fixture() { stop(settings); }

  template <class T> guild_settings_ptr ask_for(T what) {
    auto got = guild_settings_ptr{};
    refused.clear();
    ask(
        settings, what, [&](guild_settings_ptr whole) { got = std::move(whole); },
        [&](const caf::error& error) { refused = describe(error); });
    return got;
  }
  static moderator_action by(uint64_t interaction) {
    return {interaction_id{interaction}, user_id{7}, "test"};
  }
  int64_t lines() {
    auto db = store.db();
    return db.value<int64_t>("SELECT count(*) FROM audit_log").value_or(-1);
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "settings store: a guild starts with nothing", "[settings]") {
  const auto whole = ask_for(load_guild_settings{guild});
  REQUIRE(whole);
  CHECK(whole->guild == guild);
  CHECK(whole->options.empty());
  CHECK(whole->channels.empty());
  CHECK(whole->voice_channels.empty());
}

TEST_CASE_METHOD(fixture, "settings store: changes are answered with the new whole", "[settings]") {
  auto whole = ask_for(set_guild_option{guild, "language", "fr", by(1)});
  REQUIRE(whole);
  CHECK(whole->options.at("language") == "fr");
  whole = ask_for(set_guild_channel{guild, "schedule", channel_id{5}, by(2)});
  CHECK(whole->channels.at("schedule") == channel_id{5});
  ask_for(track_voice_channel{guild, channel_id{9}, true, by(3)});
  ask_for(track_voice_channel{guild, channel_id{9}, true, by(4)}); // twice is once
  whole = ask_for(track_voice_channel{guild, channel_id{8}, true, by(5)});
  CHECK(whole->voice_channels == std::vector{channel_id{8}, channel_id{9}});
  CHECK(ask_for(load_guild_settings{other})->options.empty());

  whole = ask_for(set_guild_option{guild, "language", "en", by(6)});
  CHECK(whole->options.at("language") == "en");
  CHECK(ask_for(set_guild_option{guild, "language", "", by(7)})->options.empty());
  CHECK(ask_for(set_guild_channel{guild, "schedule", channel_id{}, by(8)})->channels.empty());
  CHECK(ask_for(track_voice_channel{guild, channel_id{9}, false, by(9)})->voice_channels.size() ==
        1);
  CHECK(ask_for(track_voice_channel{guild, {}, false, by(10)})->voice_channels.empty());
  CHECK(lines() == 10);
}

TEST_CASE_METHOD(fixture, "settings store: an interaction delivered twice changes once",
                 "[settings]") {
  ask_for(set_guild_option{guild, "zone", "Europe/Paris", by(1)});
  ask_for(set_guild_option{guild, "zone", "Asia/Tokyo", by(2)});
  const auto whole = ask_for(set_guild_option{guild, "zone", "Europe/Paris", by(1)});
  REQUIRE(whole);
  CHECK(whole->options.at("zone") == "Asia/Tokyo");
  CHECK(lines() == 2);
}

TEST_CASE_METHOD(fixture, "settings store: the audit log says who, when and what", "[settings]") {
  ask_for(set_guild_option{
      guild, "zone", "Europe/Paris", {interaction_id{1}, user_id{7}, "modset zone"}});
  auto db = store.db();
  const auto row = db.row<guild_id, user_id, int64_t, std::string>(
      "SELECT guild, user, at_ms, what FROM audit_log");
  CHECK(row == std::tuple{guild, user_id{7}, int64_t{5'000}, std::string{"modset zone"}});
}

TEST_CASE_METHOD(fixture, "settings store: nonsense is refused and changes nothing", "[settings]") {
  CHECK_FALSE(ask_for(set_guild_option{guild, "", "x", by(1)}));
  CHECK(refused.find("invalid") == 0);
  CHECK_FALSE(ask_for(set_guild_option{guild, std::string(65, 'k'), "x", by(1)}));
  CHECK(ask_for(set_guild_option{guild, std::string(64, 'k'), "x", by(2)}));
  CHECK_FALSE(ask_for(set_guild_option{guild, "k", std::string(4'001, 'v'), by(3)}));
  CHECK_FALSE(ask_for(set_guild_channel{guild, "", channel_id{5}, by(3)}));
  CHECK_FALSE(ask_for(track_voice_channel{guild, {}, true, by(3)}));
  CHECK(lines() == 1);
}

TEST_CASE_METHOD(fixture, "settings store: a failing disk is an error, not a half change",
                 "[settings]") {
  auto db = store.db();
  db.exec("CREATE TRIGGER no BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no'); END");
  CHECK_FALSE(ask_for(set_guild_option{guild, "zone", "Europe/Paris", by(1)}));
  CHECK(refused.find("store failed") == 0);
  db.exec("DROP TRIGGER no");
  CHECK(ask_for(load_guild_settings{guild})->options.empty());
  CHECK(ask_for(set_guild_option{guild, "zone", "Europe/Paris", by(1)})); // not "known"
}

TEST_CASE_METHOD(fixture, "settings store: who removed the bot is known since when", "[settings]") {
  auto db = store.db();
  const auto removed = [&](int64_t until) { return removed_guilds(db, until); };
  tell(settings, note_guilds{{guild, other}});
  CHECK(removed(1'000'000).empty());
  time.set({6'000});
  tell(settings, note_guilds{{other}});
  CHECK(removed(5'999).empty());
  CHECK(removed(6'000) == std::vector{guild});
  time.set({7'000});
  tell(settings, note_guilds{{other}}); // still away: since 6'000
  ask_for(mark_guild_removed{guild, true});
  CHECK(removed(6'000) == std::vector{guild});
  ask_for(mark_guild_removed{guild, false}); // came back
  CHECK(removed(1'000'000).empty());
}

TEST_CASE_METHOD(fixture, "settings store: a purge leaves no row of the guild in any table",
                 "[settings]") {
  auto db = store.db();
  for (const auto which : {guild, other}) {
    ask_for(set_guild_option{which, "zone", "Europe/Paris", by(which.value * 10)});
    ask_for(set_guild_channel{which, "main", channel_id{1}, by(which.value * 10 + 1)});
    ask_for(track_voice_channel{which, channel_id{2}, true, by(which.value * 10 + 2)});
    ask_for(mark_guild_removed{which, true});
    db.exec("INSERT INTO job_run VALUES(?, 'daily', 0, '2026-11-20', 0)", which);
  }
  tell(settings, purge_guild{guild});
  auto tables = 0;
  db.each<std::string>(
      "SELECT t.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c "
      "WHERE t.schema='main' AND c.name='guild'",
      [&](const std::string& table) {
        ++tables;
        CAPTURE(table);
        CHECK(db.value<int>("SELECT count(*) FROM " + table + " WHERE guild=?", guild) == 0);
      });
  CHECK(tables >= 6);
  CHECK(ask_for(load_guild_settings{other})->options.size() == 1);
  CHECK(lines() == 3);
}
