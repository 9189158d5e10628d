// Rate limits on given times (discord-api 2.3 and 15.4).
#include "discord-sim/rate_limit.hpp"
#include "tests/support/catch.hpp"

using namespace sim;
using namespace std::chrono_literals;

namespace {

route make_route(const char* bucket, int count, std::chrono::milliseconds window,
                 bool global = true) {
  route r;
  r.options.limit = {bucket, count, window, global};
  return r;
}

std::string header(const header_list& headers, const std::string& name) {
  for (const auto& [key, value] : headers)
    if (key == name)
      return value;
  return "absent";
}

const steady::time_point start{std::chrono::hours(1)};

} // namespace

TEST_CASE("a bucket counts down, refuses, and opens again") {
  rate_limiter limits;
  const auto r = make_route("messages", 5, 5s);
  for (int i = 0; i < 5; ++i) {
    const auto v = limits.take(r, 1, "chan", start + i * 100ms, 0);
    CHECK_FALSE(v.refusal);
    CHECK(header(v.headers, "X-RateLimit-Limit") == "5");
    CHECK(header(v.headers, "X-RateLimit-Remaining") == std::to_string(4 - i));
  }
  const auto refused = limits.take(r, 1, "chan", start + 2s, 0);
  REQUIRE(refused.refusal);
  CHECK(refused.refusal->status == 429);
  CHECK(refused.known);
  CHECK_FALSE(refused.global);
  const auto body = json::parse(refused.refusal->body);
  CHECK(body["retry_after"] == Approx(3.0));
  CHECK(body["global"] == false);
  CHECK(header(refused.refusal->headers, "Retry-After") == "3");
  CHECK(header(refused.refusal->headers, "X-RateLimit-Scope") == "user");
  CHECK(header(refused.headers, "X-RateLimit-Remaining") == "0");
  CHECK(header(refused.headers, "X-RateLimit-Reset-After") == "3.000");
  // A moment before the end of the window, and at it.
  CHECK(limits.take(r, 1, "chan", start + 5s - 1ms, 0).refusal);
  CHECK_FALSE(limits.take(r, 1, "chan", start + 5s, 0).refusal);
}

TEST_CASE("majors and applications have windows of their own, routes of a bucket share one") {
  rate_limiter limits;
  auto put = make_route("reactions", 1, 5s);
  auto del = make_route("reactions", 1, 5s);
  put.method = "PUT";
  del.method = "DELETE";
  CHECK_FALSE(limits.take(put, 1, "a", start, 0).refusal);
  CHECK_FALSE(limits.take(put, 1, "b", start, 0).refusal);
  CHECK_FALSE(limits.take(put, 2, "a", start, 0).refusal);
  // Only the first answer to the second route tells that they share.
  const auto first = limits.take(del, 1, "a", start, 0);
  CHECK(first.refusal);
  CHECK_FALSE(first.known);
  CHECK(limits.take(del, 1, "a", start + 2s, 0).known);
  CHECK(limits.hash_of("reactions") == limits.hash_of("reactions"));
  CHECK(limits.hash_of("reactions") != limits.hash_of("messages"));
}

TEST_CASE("a place that a route took before it was told excuses one refusal of another") {
  rate_limiter limits;
  auto get = make_route("shared", 3, 5s);
  auto put = make_route("shared", 3, 5s);
  put.method = "PUT";
  CHECK_FALSE(limits.take(get, 1, "a", start, 0).refusal);
  // Two of them are under way when a first PUT arrives between.
  CHECK_FALSE(limits.take(get, 1, "a", start + 2s, 0).refusal);
  CHECK_FALSE(limits.take(put, 1, "a", start + 2s, 0).refusal);
  const auto displaced = limits.take(get, 1, "a", start + 2s, 0);
  CHECK(displaced.refusal);
  CHECK_FALSE(displaced.known);
  CHECK(limits.take(get, 1, "a", start + 2s, 0).known); // one place, one excuse
  // In another channel a PUT left before the headers arrived; a second later all is known.
  for (const auto* place : {"b", "c"})
    for (int i = 0; i < 3; ++i)
      CHECK_FALSE(limits.take(get, 1, place, start + 2s, 0).refusal);
  CHECK_FALSE(limits.take(put, 1, "b", start + 2s + 900ms, 0).known);
  CHECK(limits.take(put, 1, "b", start + 2s + 900ms, 0).known); // it was told by then
  CHECK(limits.take(put, 1, "c", start + 3s, 0).known);
}

TEST_CASE("a client that learns nothing from answers is blamed at the second one") {
  rate_limiter limits;
  auto get = make_route("shared", 3, 5s);
  auto put = make_route("shared", 3, 5s);
  put.method = "PUT";
  CHECK_FALSE(limits.take(get, 1, "a", start, 0).refusal);
  for (int i = 0; i < 2; ++i) // the second one follows an answer
    CHECK_FALSE(limits.take(put, 1, "a", start + 2s, 0).refusal);
  CHECK_FALSE(limits.take(get, 1, "a", start + 2s, 0).known);
  CHECK(limits.take(get, 1, "a", start + 2s, 0).known);
  CHECK(limits.take(put, 1, "a", start + 2s, 0).known);
  // Refused at once, and again without waiting.
  auto del = make_route("shared", 3, 5s);
  del.method = "DELETE";
  CHECK_FALSE(limits.take(del, 1, "a", start + 2s, 0).known);
  CHECK(limits.take(del, 1, "a", start + 2s, 0).known);
}

TEST_CASE("a client that starts anew is not blamed for what the one before it was told") {
  rate_limiter limits;
  const auto get = make_route("shared", 1, 5s);
  CHECK_FALSE(limits.take(get, 1, "a", start, 0).refusal);
  CHECK(limits.take(get, 1, "a", start, 0).known);
  limits.forget_told(1);
  CHECK_FALSE(limits.take(get, 1, "a", start + 1s, 0).known);
  CHECK(limits.take(get, 1, "a", start + 1s, 0).known);
}

TEST_CASE("the first 429 of a bucket never seen is no fault of the client") {
  rate_limiter limits;
  const auto r = make_route("never", 1, 1s);
  // Count 1: the first answer tells, so the second request could have known.
  CHECK_FALSE(limits.take(r, 1, "", start, 0).refusal);
  CHECK(limits.take(r, 1, "", start, 0).known);
}

TEST_CASE("the global limit is 50 a second, without bucket headers") {
  rate_limiter limits;
  const auto r = make_route("wide", 1000, 1s);
  const auto callback = make_route("callback", 1000, 1s, false);
  for (int i = 0; i < 50; ++i)
    CHECK_FALSE(limits.take(r, 1, "", start, 0).refusal);
  const auto refused = limits.take(r, 1, "", start + 400ms, 0);
  REQUIRE(refused.refusal);
  CHECK(refused.global);
  CHECK(refused.headers.empty());
  CHECK(header(refused.refusal->headers, "X-RateLimit-Global") == "true");
  CHECK(header(refused.refusal->headers, "X-RateLimit-Scope") == "global");
  CHECK(header(refused.refusal->headers, "Retry-After") == "1");
  CHECK(json::parse(refused.refusal->body)["global"] == true);
  // Another application, and a route outside the global limit.
  CHECK_FALSE(limits.take(r, 2, "", start + 400ms, 0).refusal);
  CHECK_FALSE(limits.take(callback, 1, "", start + 400ms, 0).refusal);
  CHECK_FALSE(limits.take(r, 1, "", start + 1s, 0).refusal);
}

TEST_CASE("hidden sub-limits and the ban of an address") {
  rate_limiter limits;
  CHECK_FALSE(limits.take_hidden("rename", 2, 10min, start));
  CHECK_FALSE(limits.take_hidden("rename", 2, 10min, start));
  const auto wait = limits.take_hidden("rename", 2, 10min, start + 1min);
  REQUIRE(wait);
  CHECK(*wait == Approx(540));

  for (int i = 0; i < 9999; ++i)
    CHECK_FALSE(limits.count_invalid("127.0.0.1", start));
  CHECK_FALSE(limits.banned("127.0.0.1", start));
  CHECK(limits.count_invalid("127.0.0.1", start));
  CHECK(limits.banned("127.0.0.1", start));
  CHECK_FALSE(limits.banned("127.0.0.2", start));
  CHECK_FALSE(limits.banned("127.0.0.1", start + 10min));
}

TEST_CASE("a shared 429 says so") {
  const auto r = rate_limited(1336.57, "shared");
  CHECK(header(r.headers, "Retry-After") == "1337");
  CHECK(header(r.headers, "X-RateLimit-Global") == "absent");
  const auto body = json::parse(r.body);
  CHECK(body["message"] == "The resource is being rate limited.");
  CHECK(body["retry_after"] == Approx(1336.57));
  CHECK_FALSE(body.contains("code"));
  CHECK(json::parse(rate_limited(3, "shared", 40062).body)["code"] == 40062);
}
