// The gate as status pages show it.
#include "infra/rest/rate_gate.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

limit_report told(uint32_t limit, uint32_t remaining, int64_t reset_after_ms) {
  auto report = limit_report{};
  report.has_bucket = true;
  report.bucket = "hash";
  report.limit = limit;
  report.remaining = remaining;
  report.reset_after_ms = reset_after_ms;
  report.reset_ms = 1'000'000 + reset_after_ms;
  return report;
}

void offer(rate_gate& gate, uint64_t id, http_method method, const std::string& path) {
  REQUIRE_FALSE(gate.offer(id, describe_route(method, path, 0), rest_priority::member, 100'000));
}

} // namespace

TEST_CASE("gate list: what waits, what is left, when it resets", "[rest]") {
  auto gate = rate_gate{};
  offer(gate, 1, http_method::get, "/channels/5/messages");
  CHECK(gate.advance(0).send.size() == 1);
  auto list = gate.lanes(10, 0);
  REQUIRE(list.gates.size() == 1);
  CHECK(list.gates[0].route == "GET /channels/{}/messages");
  CHECK(list.gates[0].major == "5");
  CHECK(list.gates[0].in_flight == 1);
  CHECK_FALSE(list.gates[0].limit); // not known yet
  gate.answered(1, 200, told(5, 2, 4'000), 100);
  gate.finish(1);
  for (auto id = uint64_t{2}; id <= 5; ++id)
    offer(gate, id, http_method::get, "/channels/5/messages");
  gate.advance(100);
  list = gate.lanes(10, 1'100);
  CHECK(list.gates[0].limit == 5);
  CHECK(list.gates[0].remaining == 0);
  CHECK(list.gates[0].in_flight == 2);
  CHECK(list.gates[0].waiting == 2);
  CHECK(list.gates[0].resets_in_ms >= 3'000);
  CHECK(list.gates[0].resets_in_ms < 5'000);
  CHECK(gate.lanes(10, 200'000).gates[0].remaining == 5); // its window is over
}

TEST_CASE("gate list: tokens are not shown, the busiest come first, the rest is counted",
          "[rest]") {
  auto gate = rate_gate{};
  offer(gate, 1, http_method::get, "/channels/5/messages");
  offer(gate, 2, http_method::post, "/webhooks/7/secret-token");
  offer(gate, 3, http_method::post, "/webhooks/7/secret-token");
  gate.advance(0);
  const auto all = gate.lanes(10, 0);
  REQUIRE(all.gates.size() == 2);
  CHECK(all.gates[0].waiting == 1);
  CHECK(all.gates[0].major == "***");
  for (const auto& one : all.gates)
    CHECK((one.route + one.major).find("secret") == std::string::npos);
  CHECK(gate.lanes(1, 0).gates.size() == 1);
  CHECK(gate.lanes(1, 0).all == 2);
}
