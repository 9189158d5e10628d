// What is kept of people: names follow events, zones stay, a second delivery changes nothing.
#include "infra/people/people_db.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_store.hpp"

using namespace hearth;

namespace {

struct people_fixture {
  test::temp_folder folder;
  sqlite_db db{test::test_store::migrated(folder.file("a.db"))};

  person find(uint64_t user) { return people_in(db, {{user_id{user}}}).people.at(0); }
  set_zone wish(uint64_t interaction, uint64_t user, std::string zone) {
    auto made = set_zone{};
    made.interaction = interaction_id{interaction << 22};
    made.user = user_id{user};
    made.name = "Ember";
    made.zone = std::move(zone);
    made.now = instant{1'000};
    return made;
  }
};

} // namespace

TEST_CASE_METHOD(people_fixture, "people: a stranger is answered, not stored", "[people]") {
  const auto found = find(7);
  CHECK(found.user == user_id{7});
  CHECK(found.name.empty());
  CHECK(found.zone.empty());
  CHECK(db.value<int>("SELECT count(*) FROM user_info") == 0);
}

TEST_CASE_METHOD(people_fixture, "people: setting a zone saves a member never seen", "[people]") {
  const auto set = set_zone_in(db, wish(1, 7, "Europe/Paris"));
  CHECK(set.zone == "Europe/Paris");
  CHECK(find(7).zone == "Europe/Paris");
  CHECK(find(7).name == "Ember");
  CHECK(db.value<int>("SELECT count(*) FROM audit_log") == 0);
}

TEST_CASE_METHOD(people_fixture, "people: an interaction sets a zone once", "[people]") {
  set_zone_in(db, wish(1, 7, "Europe/Paris"));
  set_zone_in(db, wish(2, 7, "Asia/Tokyo"));
  const auto again = set_zone_in(db, wish(1, 7, "Europe/Paris")); // delivered a second time, late
  CHECK(again.zone == "Asia/Tokyo");
  CHECK(find(7).zone == "Asia/Tokyo");
}

TEST_CASE_METHOD(people_fixture, "people: a moderator's change is in the audit log", "[people]") {
  auto asked = wish(1, 7, "Europe/Paris");
  asked.guild = guild_id{5};
  asked.by = {asked.interaction, user_id{99}, "modsetusertimezone 7 Europe/Paris"};
  set_zone_in(db, asked);
  set_zone_in(db, asked);
  using row = std::tuple<int64_t, int64_t, std::string>;
  auto rows = std::vector<row>{};
  db.each<int64_t, int64_t, std::string>("SELECT guild, user, what FROM audit_log",
                                         [&](int64_t guild, int64_t user, std::string what) {
                                           rows.emplace_back(guild, user, std::move(what));
                                         });
  CHECK(rows == std::vector<row>{{5, 99, "modsetusertimezone 7 Europe/Paris"}});
}

TEST_CASE_METHOD(people_fixture, "people: names follow, zones stay", "[people]") {
  set_zone_in(db, wish(1, 7, "Europe/Paris"));
  keep_people(db, {{{user_id{7}, "Ember II", "Asia/Tokyo"}, {user_id{8}, "Maple", {}}}, {2'000}});
  CHECK(find(7).name == "Ember II");
  CHECK(find(7).zone == "Europe/Paris");
  CHECK(find(8).name == "Maple");
  SECTION("an event without a name takes none away") {
    keep_people(db, {{{user_id{7}, {}, {}}}, {3'000}});
    CHECK(find(7).name == "Ember II");
  }
  SECTION("an older event changes nothing") {
    keep_people(db, {{{user_id{7}, "Old", {}}}, {1'999}});
    CHECK(find(7).name == "Ember II");
  }
  SECTION("nobody is not kept") {
    keep_people(db, {{{user_id{}, "Nobody", {}}}, {3'000}});
    CHECK(db.value<int>("SELECT count(*) FROM user_info") == 2);
  }
}
