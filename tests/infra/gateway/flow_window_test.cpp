#include "infra/gateway/flow_window.hpp"
#include "tests/support/catch.hpp"
#include <thread>
#include <vector>

using namespace hearth;

TEST_CASE("flow window: what is let go makes room again", "[gateway]") {
  const auto total = std::make_shared<flow_total>();
  const auto window = flow_window{10, total};
  CHECK(window.room() == 10);
  auto first = window.take(4);
  auto copy = first;
  const auto second = window.take(8); // overdrawn: that is the sender's decision
  CHECK(window.under_way() == 12);
  CHECK(window.room() == 0);
  first.reset();
  CHECK(window.under_way() == 12); // somebody has it still
  copy.reset();
  CHECK(window.under_way() == 8);
  CHECK(window.room() == 2);
  CHECK(total->under_way == 8);
}

TEST_CASE("flow window: several share a total, and credits may outlive them", "[gateway]") {
  const auto total = std::make_shared<flow_total>();
  auto kept = flow_window::credit{};
  {
    const auto one = flow_window{10, total}, other = flow_window{10, total};
    kept = one.take(3);
    const auto gone = other.take(5);
    CHECK(total->under_way == 8);
    CHECK(one.under_way() == 3);
  }
  CHECK(total->under_way == 3);
  kept.reset();
  CHECK(total->under_way == 0);
}

TEST_CASE("flow window: credits are given back by any thread", "[gateway]") {
  const auto window = flow_window{1'000'000};
  auto threads = std::vector<std::thread>{};
  for (auto i = 0; i < 2; ++i) {
    auto credits = std::vector<flow_window::credit>{};
    for (auto j = 0; j < 10'000; ++j)
      credits.push_back(window.take(1));
    threads.emplace_back([credits = std::move(credits)]() mutable { credits.clear(); });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(window.under_way() == 0);
}
