// The send window: never 121 payloads in a minute, and heartbeats always find a place.
#include "infra/gateway/send_window.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("send window: ordinary payloads leave the reserve alone", "[gateway]") {
  auto window = send_window{};
  for (auto i = 0; i < 110; ++i)
    CHECK_FALSE(window.take(i, false));
  CHECK(window.take(200, false) == 60'500 - 200); // until the first one is forgotten
  window.sent_urgent(201);
  CHECK_FALSE(window.take(60'500, false) == std::nullopt); // the beat took that place
  CHECK(window.take(60'500, false) == 1);
  CHECK_FALSE(window.take(60'501, false));
}

TEST_CASE("send window: beats count against the room of others", "[gateway]") {
  auto window = send_window{};
  for (auto i = 0; i < 115; ++i)
    window.sent_urgent(0);
  CHECK(window.take(0, false) == 60'500);
  CHECK_FALSE(window.take(60'500, false));
}

TEST_CASE("send window: presence has its own, smaller limit", "[gateway]") {
  auto window = send_window{};
  for (auto i = 0; i < 5; ++i)
    CHECK_FALSE(window.take(1'000, true));
  CHECK(window.take(2'000, true) == 19'500);
  CHECK_FALSE(window.take(2'000, false));
  CHECK(window.take(21'499, true) == 1);
  CHECK_FALSE(window.take(21'500, true));
}

TEST_CASE("send window: 121 payloads in a row stay inside Discord's limit", "[gateway]") {
  auto window = send_window{};
  auto now = int64_t{0};
  auto sent = std::deque<int64_t>{};
  for (auto i = 0; i < 500; ++i) {
    while (const auto wait = window.take(now, false))
      now += *wait;
    sent.push_back(now);
    while (sent.front() + 60'000 < now)
      sent.pop_front();
    REQUIRE(sent.size() <= 110);
  }
  CHECK(now < 5 * 60'500); // and loses no more time than it must
}
