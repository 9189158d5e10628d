#include "infra/inspect/job_board_context.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("job board: runs, failures and lateness of each guild's job", "[inspect]") {
  auto board = job_board{};
  const auto home = guild_id{7};
  board.planned(home, "daily", instant{5'000}, "2026-11-19");
  CHECK(board.all()[0].next == instant{5'000});
  CHECK(board.all()[0].last_run == instant{});
  board.began(home, "daily", instant{5'000}, instant{8'500});
  CHECK(board.all()[0].running);
  CHECK(board.totals().at("daily").late_seconds == 3.5);
  board.failed(home, "daily", "no channel");
  CHECK_FALSE(board.all()[0].running);
  CHECK(board.all()[0].last_failure == "no channel");
  CHECK(board.totals().at("daily").failing == 1);
  board.began(home, "daily", instant{5'000}, instant{4'000}); // forced: early is not late
  board.done(home, "daily", "2026-11-20");
  const auto seen = board.all()[0];
  CHECK(seen.last_failure.empty());
  CHECK(seen.last_period == "2026-11-20");
  CHECK(seen.runs == 2);
  CHECK(seen.failures == 1);
  const auto totals = board.totals().at("daily");
  CHECK(totals.runs == 2);
  CHECK(totals.failures == 1);
  CHECK(totals.late_seconds == 0);
  CHECK(totals.failing == 0);
}

TEST_CASE("job board: a dropped guild leaves, its runs stay counted", "[inspect]") {
  auto board = job_board{};
  for (const auto guild : {0, 7, 8})
    board.began(guild_id{static_cast<uint64_t>(guild)}, "daily", instant{1}, instant{1});
  board.drop(guild_id{7});
  REQUIRE(board.all().size() == 2);
  CHECK(board.all()[0].guild == guild_id{0});
  CHECK(board.all()[1].guild == guild_id{8});
  CHECK(board.totals().at("daily").runs == 3);
}
