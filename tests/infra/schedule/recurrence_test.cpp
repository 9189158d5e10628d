// Goal: a plan changes only on the chosen days, and its state survives a custom_id.
#include "infra/schedule/recurrence.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {
using plan = std::vector<plan_entry>;
day_set days(std::initializer_list<int> list) {
  auto set = day_set{};
  for (const auto day : list)
    set.add(day);
  return set;
}
hour_set hours(std::initializer_list<int> list) {
  auto set = hour_set{};
  for (const auto hour : list)
    set.add(hour);
  return set;
}
} // namespace

TEST_CASE("recurrence: only the chosen days are replaced", "[schedule]") {
  const auto before = plan{{0, 18}, {0, 19}, {2, 20}, {6, 25}};
  CHECK(with_days_replaced(before, days({0, 1}), hours({21, 25})) ==
        plan{{0, 21}, {0, 25}, {1, 21}, {1, 25}, {2, 20}, {6, 25}});
  CHECK(with_days_replaced(before, days({0}), {}) == plan{{2, 20}, {6, 25}});
  CHECK(with_days_replaced(before, every_day, {}).empty());
  CHECK(with_days_replaced(before, {}, hours({21})) == before);
  CHECK(with_days_replaced({}, days({4}), hours({18})) == plan{{4, 18}});
}

TEST_CASE("recurrence: sets go through a custom_id", "[schedule]") {
  CHECK(to_text(days({0, 6})) == "41");
  CHECK(parse_day_set("41") == days({0, 6}));
  CHECK(parse_day_set("0") == day_set{});
  CHECK(parse_day_set("7f") == every_day);
  CHECK(parse_hour_set(to_text(hours({13, 27, 43}))) == hours({13, 27, 43}));
  for (const auto* text : {"", "80", "100", "-1", "g", "7f "})
    CHECK_FALSE(parse_day_set(text));
  for (const auto* text : {"", "1000000000000", "ffffffffffffffffff", "x"})
    CHECK_FALSE(parse_hour_set(text));
  CHECK(parse_hour_set("ffffffffffff"));
}

TEST_CASE("recurrence: values of a select", "[schedule]") {
  CHECK(day_set_of({"6", "0"}) == days({0, 6}));
  CHECK(hour_set_of({"13", "25"}) == hours({13, 25}));
  CHECK(day_set_of({}) == day_set{});
  CHECK_FALSE(day_set_of({"7"}));
  CHECK_FALSE(day_set_of({"0", "x"}));
  CHECK_FALSE(hour_set_of({"48"}));
  CHECK_FALSE(hour_set_of({"-1"}));
  CHECK(days_in(days({6, 0, 3})) == std::vector<int>{0, 3, 6});
  CHECK(hours_in(hours({27, 13})) == std::vector<int>{13, 27});
}

TEST_CASE("recurrence: days with the same hours are told together", "[schedule]") {
  const auto groups = grouped({{0, 18}, {0, 19}, {2, 20}, {4, 18}, {4, 19}});
  CHECK(groups ==
        std::vector<plan_group>{{days({0, 4}), hours({18, 19})}, {days({2}), hours({20})}});
  CHECK(grouped({}).empty());
}
