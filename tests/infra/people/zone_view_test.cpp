#include "infra/people/zone_view.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

constexpr auto winter = instant{1'768'478'400'000}; // 2026-01-15T12:00:00Z
constexpr auto summer = instant{1'784'116'800'000}; // 2026-07-15T12:00:00Z

zoned_member someone(std::string name, std::string zone) {
  return {user_id{name.size()}, std::move(name), {}, std::move(zone)};
}

std::vector<std::string> zones(const zone_view& view) {
  auto names = std::vector<std::string>{};
  for (const auto& group : view.groups)
    names.push_back(group.zone);
  return names;
}

} // namespace

TEST_CASE("zone view: from west to east, by name within one", "[people]") {
  const auto view = view_zones({someone("b", "Europe/Paris"), someone("c", "Asia/Kolkata"),
                                someone("a", "Europe/Paris"), someone("d", "America/New_York")},
                               winter);
  CHECK(zones(view) ==
        std::vector<std::string>{"America/New_York", "Europe/Paris", "Asia/Kolkata"});
  CHECK(view.groups[0].wall_clock == "07:00");
  CHECK(view.groups[0].offset == "UTC-5");
  CHECK(view.groups[2].wall_clock == "17:30");
  CHECK(view.groups[2].offset == "UTC+5:30");
  CHECK(view.groups[1].members[0].name == "a");
  CHECK(view.groups[1].members[1].name == "b");
  CHECK(view.hosts == std::vector<std::string>{"Europe/Paris"});
}

TEST_CASE("zone view: the clock is the season's", "[people]") {
  CHECK(view_zones({someone("a", "Europe/Paris")}, winter).groups[0].wall_clock == "13:00");
  CHECK(view_zones({someone("a", "Europe/Paris")}, summer).groups[0].wall_clock == "14:00");
}

TEST_CASE("zone view: zones of one offset stay apart", "[people]") {
  const auto view =
      view_zones({someone("a", "Europe/Paris"), someone("b", "Europe/Berlin")}, winter);
  CHECK(zones(view) == std::vector<std::string>{"Europe/Berlin", "Europe/Paris"});
  CHECK(view.hosts.size() == 2); // a tie names both
}

TEST_CASE("zone view: nobody is lost", "[people]") {
  const auto view =
      view_zones({someone("a", ""), someone("b", "No/Such"), someone("c", "UTC")}, winter);
  CHECK(view.unknown.size() == 2);
  CHECK(zones(view) == std::vector<std::string>{"UTC"});
  CHECK(view_zones({}, winter).hosts.empty());
  CHECK(view_zones({someone("a", "")}, winter).hosts.empty());
}
