// The people's store behind its messages, on a real database.
#include "actors/people/people_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/test_store.hpp"

using namespace hearth;

namespace {

struct store_fixture : test::det_system {
  test::test_store files{sys};
  people_store_actor people = spawn_people_store(sys, files.context);
  caf::error failed;

  ~store_fixture() { stop(people); }
  std::vector<person> find(std::vector<user_id> users) {
    auto found = std::vector<person>{};
    ask(
        people, find_people{std::move(users)},
        [&](const people_found& answer) { found = answer.people; },
        [&](const caf::error& error) { failed = error; });
    return found;
  }
};

} // namespace

TEST_CASE_METHOD(store_fixture, "people store: sets a zone and finds it", "[people]") {
  auto asked = set_zone{};
  asked.user = user_id{7};
  asked.name = "Ember";
  asked.zone = "Europe/Paris";
  auto answer = person{};
  ask(
      people, asked, [&](const person& set) { answer = set; },
      [&](const caf::error& error) { failed = error; });
  CHECK(answer.zone == "Europe/Paris");
  const auto found = find({user_id{8}, user_id{7}});
  REQUIRE(found.size() == 2);
  CHECK(found[0].user == user_id{8});
  CHECK(found[0].zone.empty());
  CHECK(found[1].name == "Ember");
  CHECK_FALSE(failed);
}

TEST_CASE_METHOD(store_fixture, "people store: keeps names with the next write", "[people]") {
  tell(people, people_seen{{{user_id{7}, "Ember", {}}}, {1'000}});
  auto asked = set_zone{};
  asked.user = user_id{8};
  ask(
      people, asked, [](const person&) {}, [&](const caf::error& error) { failed = error; });
  CHECK(find({user_id{7}}).at(0).name == "Ember");
  CHECK_FALSE(failed);
}

TEST_CASE_METHOD(store_fixture, "people store: refuses a question without bound", "[people]") {
  CHECK(find(std::vector<user_id>(people_max)).size() == people_max);
  CHECK_FALSE(failed);
  CHECK(find(std::vector<user_id>(people_max + 1)).empty());
  CHECK(failed == make_error(errc::invalid));
}
