// Goal: players, time and names are exact on disk, whatever comes twice or late.
// Method: the functions of the store on a real, migrated database file.
#include "infra/store/migrate_db.hpp"
#include "infra/store/registry_db.hpp"
#include "infra/voice/ambience_db.hpp"
#include "infra/voice/ambience_player.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

using namespace hearth;
namespace to = ambience_do;

namespace {

constexpr auto home = guild_id{1}, away = guild_id{2};
constexpr auto lounge = channel_id{600};
constexpr auto ada = user_id{10}, bob = user_id{11};

struct database {
  database() { migrate(db, embedded_migrations(), folder.file("backup"), 0); }

  player_changed change(ambience_change what, uint64_t interaction = 0, moderator_action by = {}) {
    return change_player_in(db, {{interaction}, home, std::move(what), {now_ms}, std::move(by)});
  }
  void listen(std::vector<listening_slice> slices, guild_id guild = home, const char* name = "Home",
              bool listed = true) {
    commit_listening_in(db, {guild, name, listed, std::move(slices)});
  }
  int64_t total(user_id user) {
    return db
        .value<int64_t>("SELECT total_ms FROM ambience_time WHERE guild=? AND user=?", home, user)
        .value_or(-1);
  }
  int64_t guild_total(guild_id guild = home) {
    return *db.value<int64_t>("SELECT total_ms FROM ambience_guild WHERE guild=?", guild);
  }
  bool claim(channel_id channel, user_id user, int64_t at_s) {
    return claim_welcome_in(db, {home, channel, user, {now_ms + at_s * 1'000}, 600'000, 3'600'000})
        .first;
  }

  test::temp_folder folder;
  sqlite_db db{folder.file("hearth.db")};
  int64_t now_ms = 1'795'000'000'000;
};

constexpr instant at(int64_t s) { return {1'795'000'000'000 + s * 1'000}; }

} // namespace

TEST_CASE_METHOD(database, "player store: what was changed is there after reopening",
                 "[voice][store]") {
  CHECK(player_in(db, home) == ambience_player{});
  change(to::play{lounge, {{"rain:2", 100}}, 40});
  change(to::mix{lounge, {"file:sea/été.ogg", 60}});
  change(to::set_focus{25, 5, 4});
  change(to::set_sleep{{now_ms + 5}});
  change(to::set_stay{true});
  const auto player = change(to::show{{7}, {8}}).player;
  CHECK(player.layers.size() == 2);
  CHECK(player.focus == focus_plan{25, 5, 4, {now_ms}});
  auto second = sqlite_db{folder.file("hearth.db")};
  CHECK(player_in(second, home) == player);
  CHECK(player_in(second, away) == ambience_player{});
}

TEST_CASE_METHOD(database, "player store: an interaction delivered twice has its effect once",
                 "[voice][store]") {
  change(to::play{lounge, {{"rain:1", 100}}, -1}, 5 << 22);
  change(to::play{lounge, {{"sea:1", 100}}, -1}, 6 << 22);
  const auto again = change(to::play{lounge, {{"rain:1", 100}}, -1}, 5 << 22);
  CHECK(again.refusal == ambience_refusal::none);
  CHECK(again.player.layers.front().sound == "sea:1"); // what somebody else chose since stays
  change(to::stop{}, 7 << 22);
  CHECK(change(to::set_volume{5}, 8 << 22).refusal == ambience_refusal::silent);
  change(to::play{lounge, {{"rain:1", 100}}, -1}, 9 << 22);
  CHECK(change(to::set_volume{5}, 8 << 22).refusal == ambience_refusal::silent); // as answered then
  CHECK(player_in(db, home).volume == 100);
}

TEST_CASE_METHOD(database, "player store: only what moderators do is audited", "[voice][store]") {
  change(to::play{lounge, {{"rain:1", 100}}, -1});
  change(to::set_stay{true}, 5 << 22, {{5 << 22}, ada, "ambience stay on"});
  change(to::set_stay{true}, 5 << 22, {{5 << 22}, ada, "ambience stay on"});
  CHECK(db.value<int64_t>("SELECT count(*) FROM audit_log") == 1);
  CHECK(db.value<std::string>("SELECT what FROM audit_log") == "ambience stay on");
}

TEST_CASE_METHOD(database, "time listened: the same slices sent again count once",
                 "[voice][store]") {
  const auto slices = std::vector<listening_slice>{{ada, at(0), at(60)}, {bob, at(30), at(60)}};
  listen(slices);
  listen(slices); // the answer was lost, so they were sent again
  CHECK(total(ada) == 60'000);
  CHECK(total(bob) == 30'000);
  CHECK(guild_total() == 60'000);
  listen({{ada, at(30), at(90)}}); // overlaps
  CHECK(total(ada) == 90'000);
  CHECK(guild_total() == 90'000);
  listen({{ada, at(100), at(100)}, {ada, at(100), at(50)}});
  CHECK(total(ada) == 90'000);
}

TEST_CASE_METHOD(database, "time listened: a guild's time is not the sum of its members'",
                 "[voice][store]") {
  listen({{bob, at(100), at(120)}, {ada, at(0), at(60)}, {bob, at(10), at(70)}});
  CHECK(guild_total() == 90'000);
}

TEST_CASE_METHOD(database, "top: members by time, guilds without those that left",
                 "[voice][store]") {
  listen({{ada, at(0), at(60)}, {bob, at(0), at(120)}});
  const auto members = top_in(db, {home, 10}).totals;
  REQUIRE(members.size() == 2);
  CHECK(members[0] == listening_total{bob.value, "", 120'000});
  CHECK(top_in(db, {home, 1}).totals.size() == 1);
  CHECK(top_in(db, {away, 10}).totals.empty());
  for (uint64_t guild = 100; guild < 115; ++guild)
    listen({{ada, at(0), at(static_cast<int64_t>(guild) * 10)}}, {guild},
           ("G" + std::to_string(guild)).c_str(), guild != 113);
  db.exec("INSERT INTO guild(guild, seen_ms, removed_ms) VALUES(114, 1, 2), (112, 1, NULL)");
  const auto guilds = top_in(db, {{}, 10}).totals;
  REQUIRE(guilds.size() == 10); // who left takes no place
  CHECK(guilds[0].id == 113);
  CHECK(guilds[0].name.empty()); // keeps its name to itself
  CHECK(guilds[1].name == "G112");
}

TEST_CASE_METHOD(database, "welcome: at most one in ten minutes a channel, in an hour a member",
                 "[voice][store]") {
  constexpr auto attic = channel_id{601};
  CHECK(claim(lounge, ada, 0));
  CHECK_FALSE(claim(lounge, bob, 599));
  CHECK(claim(attic, bob, 1));
  CHECK(claim(lounge, {12}, 600));
  CHECK_FALSE(claim(attic, ada, 3'599)); // once an hour, wherever
  CHECK(claim(attic, ada, 3'600));
  CHECK(claim(lounge, bob, -86'400)); // the clock went back a day
}

TEST_CASE_METHOD(database, "spoken names: set, changed, withdrawn, each guild its own",
                 "[voice][store]") {
  const auto names = [&] { return spoken_names_in(db, {home, {ada, bob}}).names; };
  set_spoken_name_in(db, {{5 << 22}, home, {ada, "Eda", true}});
  set_spoken_name_in(db, {{6 << 22}, home, {bob, "", false}});
  set_spoken_name_in(db, {{7 << 22}, away, {ada, "Adda", true}});
  CHECK(names() == std::vector<spoken_name>{{ada, "Eda", true}, {bob, "", false}});
  set_spoken_name_in(db, {{8 << 22}, home, {ada, "", true}});    // as before anybody asked
  set_spoken_name_in(db, {{5 << 22}, home, {ada, "Eda", true}}); // delivered again
  CHECK(names() == std::vector<spoken_name>{{bob, "", false}});
}

TEST_CASE_METHOD(database, "ambience: a member who is forgotten is nowhere any more",
                 "[voice][store]") {
  listen({{ada, at(0), at(60)}, {bob, at(0), at(60)}});
  set_spoken_name_in(db, {{}, home, {ada, "Eda", true}});
  claim(lounge, ada, 0);
  CHECK(export_member(db, ada).find("ambience_time") != std::string::npos);
  CHECK(erase_member(db, ada) == 3);
  CHECK(export_member(db, ada) == "{}");
  CHECK(total(bob) == 60'000);
}
