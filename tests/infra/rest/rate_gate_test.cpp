// Requests are numbers and time is an argument: each case says what leaves when.
#include "infra/rest/rate_gate.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {

limit_report told(uint32_t limit, uint32_t remaining, int64_t reset_after_ms, int64_t reset_ms,
                  const char* hash = "hash") {
  auto report = limit_report{};
  report.has_bucket = true;
  report.bucket = hash;
  report.limit = limit;
  report.remaining = remaining;
  report.reset_after_ms = reset_after_ms;
  report.reset_ms = reset_ms;
  return report;
}
limit_report refused(rate_refusal refusal, int64_t retry_after_ms) {
  auto report = limit_report{};
  report.refusal = refusal;
  report.retry_after_ms = retry_after_ms;
  return report;
}

struct fixture {
  rate_gate gate;
  uint64_t next = 1;
  explicit fixture(gate_limits limits = {}) : gate(limits) {}

  uint64_t offer(const std::string& path, http_method method = http_method::get,
                 rest_priority priority = rest_priority::member, int64_t deadline = 100'000) {
    const auto id = next++;
    REQUIRE_FALSE(gate.offer(id, describe_route(method, path, 0), priority, deadline));
    return id;
  }
  std::vector<uint64_t> sent(int64_t now) { return gate.advance(now).send; }
  void done(uint64_t id, const limit_report& report, int64_t now, uint16_t status = 200) {
    gate.answered(id, status, report, now);
    gate.finish(id);
  }
  /// Makes the route of `path` known by one answered request at `now`.
  void learn(const std::string& path, const limit_report& report, int64_t now) {
    const auto id = offer(path, http_method::get, rest_priority::member, now + 1);
    REQUIRE(sent(now) == std::vector<uint64_t>{id});
    done(id, report, now);
  }
};
using ids = std::vector<uint64_t>;

} // namespace

TEST_CASE("rate gate: an unknown route sends one request at a time", "[rest]") {
  auto f = fixture{};
  f.offer("/channels/1/messages");
  f.offer("/channels/1/messages");
  f.offer("/channels/2/messages"); // another major: its own bucket
  CHECK(f.sent(0) == ids{1, 3});
  CHECK(f.sent(10'000).empty());
  SECTION("the answer tells the numbers: the rest may go") {
    f.done(1, told(5, 4, 1'000, 5'000), 20);
    CHECK(f.sent(20) == ids{2});
  }
  SECTION("no answer: the next one is tried") {
    f.gate.lost(1, 20);
    f.gate.finish(1);
    CHECK(f.sent(20) == ids{2});
  }
  SECTION("an answer without limits: the route has none") {
    for (auto i = 0; i < 20; ++i)
      f.offer("/channels/1/messages");
    f.done(1, {}, 20);
    CHECK(f.sent(20).size() == 8);
  }
  SECTION("an error without limits tells nothing") {
    f.offer("/channels/1/messages");
    f.done(1, {}, 20, 502);
    CHECK(f.sent(20) == ids{2});
  }
}

TEST_CASE("rate gate: a known bucket sends what remains, then waits for its reset", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(3, 2, 1'000, 50'000), 100);
  for (auto i = 0; i < 4; ++i)
    f.offer("/channels/1/messages");
  CHECK(f.sent(100) == ids{2, 3});
  const auto step = f.gate.advance(101);
  CHECK(step.send.empty());
  CHECK(step.wake_ms == 1'120); // 100 + 1000 + a fiftieth
  f.done(2, told(3, 1, 990, 50'000), 110);
  f.done(3, told(3, 0, 990, 50'000), 110);
  CHECK(f.sent(1'119).empty());
  CHECK(f.sent(1'120) == ids{4, 5});
}

TEST_CASE("rate gate: what is under way at the reset counts in the new window", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(3, 2, 1'000, 50'000), 0);
  for (auto i = 0; i < 6; ++i)
    f.offer("/channels/1/messages");
  CHECK(f.sent(900) == ids{2, 3}); // late in the window, not answered before it ends
  CHECK(f.sent(1'020) == ids{4});  // 3 of the new window, less the 2 under way
  SECTION("they counted in the old one: their places are free again") {
    f.done(2, told(3, 1, 50, 50'000), 1'030);
    f.done(3, told(3, 0, 50, 50'000), 1'030);
    CHECK(f.sent(1'030) == ids{5, 6});
  }
  SECTION("they counted in the new one") {
    f.done(2, told(3, 2, 990, 51'010), 1'030);
    f.done(3, told(3, 1, 990, 51'010), 1'030);
    f.done(4, told(3, 0, 980, 51'010), 1'030);
    CHECK(f.sent(1'030).empty());
    CHECK(f.sent(2'030) == ids{5, 6, 7});
  }
}

TEST_CASE("rate gate: a window that begins early counts what is under way", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(3, 2, 1'000, 50'000), 0);
  for (auto i = 0; i < 4; ++i)
    f.offer("/channels/1/messages");
  CHECK(f.sent(990) == ids{2, 3});
  f.done(2, told(3, 2, 1'000, 51'000), 1'010); // before our margin has passed
  CHECK(f.sent(1'010) == ids{4});              // 2 remain; 3 may be one of them
  SECTION("it was in the old one") {
    f.done(3, told(3, 0, 5, 50'000), 1'011);
    CHECK(f.sent(1'011) == ids{5});
  }
  SECTION("it was in the new one") {
    f.done(3, told(3, 1, 1'000, 51'000), 1'011);
    CHECK(f.sent(1'011).empty());
  }
}

TEST_CASE("rate gate: a clock set back on Discord's side does not unlock a bucket", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(2, 1, 1'000, 50'000), 0);
  for (auto i = 0; i < 5; ++i)
    f.offer("/channels/1/messages");
  CHECK(f.sent(0) == ids{2});
  f.done(2, told(2, 0, 990, 50'000), 10);
  CHECK(f.sent(1'020) == ids{3, 4});
  f.done(3, told(2, 1, 1'000, 21'000), 1'030); // half a minute back
  f.done(4, told(2, 0, 1'000, 21'000), 1'030);
  CHECK(f.sent(1'031).empty());
  CHECK(f.sent(2'049).empty());
  CHECK(f.sent(2'050) == ids{5, 6});
}

TEST_CASE("rate gate: answers out of order lower the count, never raise it", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(5, 4, 5'000, 50'000), 0);
  for (auto i = 0; i < 6; ++i)
    f.offer("/channels/1/messages");
  CHECK(f.sent(0) == ids{2, 3, 4, 5});
  f.done(5, told(5, 0, 4'990, 50'000), 10);
  f.done(2, told(5, 3, 4'990, 50'000), 11); // older news
  CHECK(f.sent(12).empty());
}

TEST_CASE("rate gate: two routes with one hash share the bucket", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(2, 1, 1'000, 50'000), 0);
  f.learn("/channels/1/messages/5", told(2, 0, 1'000, 50'000), 0);
  f.offer("/channels/1/messages");
  f.offer("/channels/1/messages/5");
  CHECK(f.sent(10).empty());
  f.offer("/channels/9/messages"); // another channel is not meant
  CHECK(f.sent(10) == ids{5});
}

TEST_CASE("rate gate: a route with alternating hashes asks all of them", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages/5", told(5, 4, 1'000, 50'000, "big"), 0);
  f.learn("/channels/1/messages/5", told(2, 1, 1'000, 60'000, "small"), 0);
  for (auto i = 0; i < 4; ++i)
    f.offer("/channels/1/messages/5");
  CHECK(f.sent(0) == ids{3}); // one is left in the small one
  f.done(3, told(5, 3, 990, 50'000, "big"),
         10); // it was the big one: the small one's place is free
  CHECK(f.sent(10) == ids{4});
  f.done(4, told(2, 0, 990, 60'000, "small"), 20);
  CHECK(f.sent(20).empty());
  CHECK(f.sent(1'050).size() == 2);
}

TEST_CASE("rate gate: 50 a second whatever the buckets, callbacks apart", "[rest]") {
  auto f = fixture{gate_limits{.in_flight_max = 1'000}};
  for (auto i = 0; i < 60; ++i)
    f.offer("/channels/" + std::to_string(i) + "/messages");
  f.offer("/interactions/1/token/callback", http_method::post, rest_priority::callback);
  const auto first = f.sent(0);
  CHECK(first.size() == 51);
  CHECK(first.front() == 61); // the callback goes first
  for (const auto id : first)
    f.done(id, told(5, 4, 1'000, 50'000), 30);
  CHECK(f.sent(1'034).empty()); // counted from the answers: the safe end
  const auto second = f.sent(1'035);
  CHECK(second.size() == 10);
}

TEST_CASE("rate gate: a global 429 stops all but callbacks", "[rest]") {
  auto f = fixture{};
  const auto id = f.offer("/channels/1/messages");
  f.sent(0);
  CHECK(f.gate.answered(id, 429, refused(rate_refusal::global, 400), 10) == 450);
  f.gate.again(id, 10);
  f.offer("/channels/2/messages");
  f.offer("/webhooks/1/token/messages/@original", http_method::patch, rest_priority::callback);
  CHECK(f.sent(10) == ids{3});
  CHECK(f.sent(459).empty());
  CHECK(f.sent(460) == ids{1, 2});
}

TEST_CASE("rate gate: a 429 of the bucket holds the bucket, the request goes first", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(5, 4, 5'000, 50'000), 0);
  f.offer("/channels/1/messages");
  f.offer("/channels/1/messages");
  CHECK(f.sent(0) == ids{2, 3});
  auto report = told(5, 0, 700, 50'000);
  report.refusal = rate_refusal::user;
  report.retry_after_ms = 700;
  f.gate.answered(2, 429, report, 10);
  f.gate.again(2, 10);
  f.gate.answered(3, 429, report, 11);
  f.gate.again(3, 11);
  f.offer("/channels/1/messages");
  CHECK(f.sent(700).empty());
  CHECK(f.sent(761) == ids{2, 3, 4});
}

TEST_CASE("rate gate: a 429 against its own counters holds that route only", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1", told(5, 4, 1'000, 50'000), 0);
  f.learn("/channels/1/messages", told(5, 4, 1'000, 50'000), 0); // the same bucket
  const auto id = f.offer("/channels/1");
  f.sent(0);
  auto report = told(5, 3, 900, 50'000);
  report.refusal = rate_refusal::user;
  report.retry_after_ms = 600'000;
  CHECK(f.gate.answered(id, 429, report, 10) == 600'050);
  f.gate.finish(id);
  f.offer("/channels/1", http_method::get, rest_priority::member, 1'000'000);
  f.offer("/channels/1/messages");
  CHECK(f.sent(10) == ids{5});
  f.done(5, told(5, 2, 900, 50'000), 20);
  CHECK(f.sent(600'059).empty());
  CHECK(f.sent(600'060) == ids{4});
}

TEST_CASE("rate gate: shared limits hold the lane and do not count as invalid", "[rest]") {
  auto f = fixture{};
  const auto id = f.offer("/channels/1/messages/2/reactions/x/@me", http_method::put);
  f.sent(0);
  f.gate.answered(id, 429, refused(rate_refusal::shared, 2'000), 0);
  f.gate.again(id, 0);
  CHECK(f.gate.invalid(0) == 0);
  CHECK(f.sent(2'049).empty());
  CHECK(f.sent(2'050) == ids{1});
}

TEST_CASE("rate gate: Cloudflare freezes everything, a minute when it names no time", "[rest]") {
  auto f = fixture{};
  const auto id = f.offer("/channels/1/messages");
  f.sent(0);
  f.gate.answered(id, 429, refused(rate_refusal::cloudflare, 0), 0);
  f.gate.finish(id);
  f.offer("/interactions/1/token/callback", http_method::post, rest_priority::callback);
  CHECK(f.sent(60'049).empty());
  CHECK(f.sent(60'050) == ids{2});
}

TEST_CASE("rate gate: invalid answers stop others early and callbacks later", "[rest]") {
  auto f = fixture{gate_limits{.invalid_max = 10, .invalid_callback_max = 20}};
  auto now = int64_t{0};
  const auto fail = [&](const std::string& path, http_method method, rest_priority priority) {
    const auto id = f.offer(path, method, priority, 10'000'000);
    const auto leaves = f.sent(now) == ids{id};
    if (leaves)
      f.done(id, {}, now, 403);
    return leaves;
  };
  for (auto i = 0; i < 10; ++i, now += 1'000)
    REQUIRE(fail("/channels/" + std::to_string(i), http_method::get, rest_priority::member));
  CHECK_FALSE(fail("/channels/99", http_method::get, rest_priority::member));
  for (auto i = 0; i < 10; ++i, now += 1'000)
    REQUIRE(fail("/interactions/1/t" + std::to_string(i) + "/callback", http_method::post,
                 rest_priority::callback));
  CHECK_FALSE(fail("/interactions/1/x/callback", http_method::post, rest_priority::callback));
  CHECK(f.gate.invalid(now) == 20);
  CHECK(f.sent(599'999).empty());
  CHECK(f.sent(600'000) == ids{22}); // the first 403 is ten minutes old: 19 count
  CHECK(f.sent(620'000) == ids{11});
  CHECK(f.gate.invalid(620'000) == 0);
}

TEST_CASE("rate gate: repeated 403s slow their lane down, the first success ends it", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(50, 49, 60'000, 60'000), 0);
  auto now = int64_t{0};
  const auto forbidden = [&](int64_t at, uint16_t status = 403) {
    const auto id =
        f.offer("/channels/1/messages", http_method::get, rest_priority::member, at + 1'000);
    REQUIRE(f.sent(at) == ids{id});
    f.done(id, told(50, 40, 60'000, 60'000), at, status);
  };
  for (auto i = 0; i < 4; ++i)
    forbidden(now);
  for (const auto pause : {1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000}) {
    const auto early =
        f.offer("/channels/1/messages", http_method::get, rest_priority::member, now + pause);
    const auto other =
        f.offer("/channels/2/messages", http_method::get, rest_priority::member, now + pause);
    CHECK(f.sent(now + pause - 1) == ids{other}); // another channel does not notice
    f.done(other, told(50, 40, 60'000, 60'000), now + pause - 1);
    f.sent(now + pause); // `early` expires as its deadline has come
    f.gate.finish(early);
    now += pause;
    forbidden(now);
  }
  SECTION("a success: as fast as ever") {
    now += 30'000;
    forbidden(now, 200);
    for (auto i = 0; i < 3; ++i)
      forbidden(now);
    forbidden(now, 200);
  }
  SECTION("forgotten after ten minutes of silence") {
    for (const auto later : {700'000, 10'001}) // found idle, then swept
      f.sent(now += later);
    for (auto i = 0; i < 4; ++i)
      forbidden(now);
  }
}

TEST_CASE("rate gate: urgent work leaves first, in a lane and between lanes", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(1, 0, 1'000, 50'000), 0);
  f.offer("/channels/1/messages", http_method::get, rest_priority::background);
  f.offer("/channels/1/messages", http_method::get, rest_priority::member);
  f.offer("/channels/2/messages", http_method::get, rest_priority::background);
  CHECK(f.sent(0) == ids{4}); // nobody is before it there
  CHECK(f.sent(1'020) == ids{3});
  f.done(3, told(1, 0, 1'000, 52'000), 1'021);
  CHECK(f.sent(2'041) == ids{2});
}

TEST_CASE("rate gate: writes to one path keep their order", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages/5", told(5, 4, 1'000, 50'000), 0);
  const auto patch = http_method::patch;
  const auto a = f.offer("/channels/1/messages/7", patch);
  f.sent(0);
  f.done(a, told(5, 3, 1'000, 50'000), 0);
  f.offer("/channels/1/messages/7", patch); // 3
  f.offer("/channels/1/messages/7", patch); // 4
  CHECK(f.sent(1) == ids{3});
  f.gate.lost(3, 5);
  f.gate.again(3, 300); // the retry is still before the second edit
  CHECK(f.sent(299).empty());
  CHECK(f.sent(300) == ids{3});
  f.done(3, told(5, 2, 700, 50'000), 305);
  CHECK(f.sent(305) == ids{4});
}

TEST_CASE("rate gate: deadlines end the wait, at the edge", "[rest]") {
  auto f = fixture{};
  f.learn("/channels/1/messages", told(1, 0, 5'000, 50'000), 0);
  f.offer("/channels/1/messages", http_method::get, rest_priority::member, 1'000);
  const auto step = f.gate.advance(10);
  CHECK(step.wake_ms == 1'000);
  CHECK(f.gate.advance(999).expired.empty());
  CHECK(f.gate.advance(1'000).expired == ids{2});
  CHECK(f.gate.waiting() == 0);
  CHECK_FALSE(f.gate.advance(1'001).wake_ms);
}

TEST_CASE("rate gate: bounds refuse the less urgent first", "[rest]") {
  auto f = fixture{gate_limits{.waiting_max = 10, .lane_waiting_max = 4}};
  const auto full = [&](const std::string& path, rest_priority priority) {
    return f.gate.offer(f.next++, describe_route(http_method::get, path, 0), priority, 1'000) ==
           gate_refusal::queue_full;
  };
  for (auto i = 0; i < 4; ++i)
    REQUIRE_FALSE(full("/channels/1/messages", rest_priority::background));
  CHECK(full("/channels/1/messages", rest_priority::callback)); // the lane's bound
  for (auto i = 0; i < 4; ++i)
    REQUIRE_FALSE(full("/channels/2/messages", rest_priority::background));
  CHECK(full("/channels/3/messages", rest_priority::background)); // 8 of 10
  CHECK_FALSE(full("/channels/3/messages", rest_priority::member));
  CHECK(full("/channels/3/messages", rest_priority::member)); // 9 of 10
  CHECK_FALSE(full("/interactions/1/t/callback", rest_priority::callback));
  CHECK(full("/interactions/1/u/callback", rest_priority::callback)); // 10 of 10
}

TEST_CASE("queue: callbacks under way count against the bound", "[rest][queue]") {
  auto limits = gate_limits{};
  limits.waiting_max = 10;
  auto f = fixture{limits};
  const auto path = [&] { return "/interactions/" + std::to_string(f.next) + "/token/callback"; };
  for (auto i = 0; i < 10; ++i) { // they leave at once, and Discord is silent
    f.offer(path(), http_method::post, rest_priority::callback);
    CHECK(f.sent(0).size() == 1);
  }
  CHECK(f.gate.offer(99, describe_route(http_method::post, path(), 0), rest_priority::callback,
                     100'000) == gate_refusal::queue_full);
  f.gate.lost(1, 10);
  f.gate.finish(1);
  f.offer(path(), http_method::post, rest_priority::callback);
}

TEST_CASE("rate gate: a refused token ends everything", "[rest]") {
  auto f = fixture{};
  f.offer("/channels/1/messages");
  f.offer("/channels/1/messages");
  f.offer("/channels/1/messages");
  CHECK(f.sent(0) == ids{1});
  CHECK(f.gate.stop() == ids{2, 3});
  f.done(1, {}, 10, 401);
  CHECK(f.gate.offer(9, describe_route(http_method::get, "/x", 0), rest_priority::callback, 1) ==
        gate_refusal::unauthorized);
  CHECK(f.gate.waiting() == 0);
}

TEST_CASE("rate gate: what nobody uses is forgotten", "[rest]") {
  auto f = fixture{};
  auto now = int64_t{0};
  for (auto i = 0; i < 1'000; ++i, now += 100) {
    const auto id = f.offer("/interactions/1/t" + std::to_string(i) + "/callback",
                            http_method::post, rest_priority::callback, now + 2'800);
    REQUIRE(f.sent(now) == ids{id});
    f.done(id, told(5, 4, 2'000, now + 2'000), now + 5);
  }
  CHECK(f.gate.buckets() < 400); // 100 s at 10/s, kept for about 10 to 20 s
  f.gate.advance(now + 60'000);
  CHECK(f.gate.buckets() == 0);

  f.learn("/channels/1/messages", told(5, 4, 1'000, 50'000), now + 60'000);
  f.gate.advance(now + 30 * 60'000);
  CHECK(f.gate.buckets() == 1);
  f.gate.advance(now + 2 * 3'600'000);
  CHECK(f.gate.buckets() == 0);
  f.offer("/channels/1/messages", http_method::get, rest_priority::member, now * 100);
  f.offer("/channels/1/messages", http_method::get, rest_priority::member, now * 100);
  CHECK(f.sent(now + 2 * 3'600'000).size() == 1); // its numbers must be learnt again
}

TEST_CASE("rate gate: stale answers and unknown numbers do nothing", "[rest]") {
  auto f = fixture{};
  CHECK(f.gate.answered(77, 200, told(5, 4, 1'000, 50'000), 0) == 0);
  f.gate.lost(77, 0);
  f.gate.finish(77);
  f.gate.again(77, 0);
  const auto id = f.offer("/x");
  f.gate.answered(id, 200, told(5, 4, 1'000, 50'000), 0); // was never sent
  CHECK(f.gate.in_flight() == 0);
  f.gate.finish(id); // withdrawn while it waits
  CHECK(f.gate.waiting() == 0);
  CHECK(f.sent(0).empty());
}
