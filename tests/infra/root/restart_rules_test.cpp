// Restart rules: the wait doubles, is bounded, and a child that dies too often stays down.
#include "infra/root/restart_rules.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("restart rules: the wait doubles up to its bound", "[root]") {
  auto history = restart_history{};
  const auto limits = restart_limits{100, 500, 10, 600'000};
  CHECK(next_restart(history, limits, 0) == 100);
  CHECK(next_restart(history, limits, 1) == 200);
  CHECK(next_restart(history, limits, 2) == 400);
  CHECK(next_restart(history, limits, 3) == 500);
}

TEST_CASE("restart rules: too many deaths in the window end it, older ones are forgotten",
          "[root]") {
  auto history = restart_history{};
  const auto limits = restart_limits{100, 30'000, 2, 1'000};
  CHECK(next_restart(history, limits, 0));
  CHECK(next_restart(history, limits, 500));
  CHECK_FALSE(next_restart(history, limits, 999));
  CHECK(next_restart(history, limits, 1'000) == 200); // the first death is out of the window
}
