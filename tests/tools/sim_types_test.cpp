// Ids, times, routes and HTTP values: pure parts of the simulator.
#include "discord-sim/clock.hpp"
#include "discord-sim/http.hpp"
#include "discord-sim/router.hpp"
#include "tests/support/catch.hpp"

using namespace sim;

TEST_CASE("ids are read strictly and echo without loss") {
  CHECK(parse_id(std::string_view("1170000000000000001")) == 1170000000000000001u);
  // Above 2^53: a double would lose the last digits.
  CHECK(id_text(*parse_id(std::string_view("9007199254740993"))) == "9007199254740993");
  CHECK(parse_id(json("42")) == 42u);
  CHECK(parse_id(json(42u)) == 42u);
  for (const char* bad : {"", "abc", "-1", "1 ", " 1", "1.0", "@me", "9223372036854775808",
                          "99999999999999999999999"})
    CHECK_FALSE(parse_id(std::string_view(bad)));
  CHECK_FALSE(parse_id(json(nullptr)));
  CHECK_FALSE(parse_id(json(1.5)));
}

TEST_CASE("an id holds its domain time and ids only grow") {
  id_source ids(7);
  const unix_ms now = 1763640000123;
  const auto first = ids.next(now);
  CHECK(time_of(first) == now);
  auto last = first;
  for (int i = 0; i < 10000; ++i) {
    // Time that goes back must not repeat an id.
    const auto next = ids.next(now - i);
    REQUIRE(next > last);
    last = next;
  }
  id_source same(7);
  CHECK(same.next(now) == first);
  id_source other(8);
  CHECK(other.next(now) != first);
}

TEST_CASE("timestamps are written as Discord does and read in all its forms") {
  CHECK(iso_time(1763640000123) == "2025-11-20T12:00:00.123000+00:00");
  CHECK(iso_time(0) == "1970-01-01T00:00:00.000000+00:00");
  CHECK(iso_time(1709164799000) == "2024-02-28T23:59:59.000000+00:00");
  CHECK(iso_time(1709164800000) == "2024-02-29T00:00:00.000000+00:00");
  CHECK(parse_iso_time("2025-11-20T12:00:00.123000+00:00") == 1763640000123);
  CHECK(parse_iso_time("2025-11-20T12:00:00.123Z") == 1763640000123);
  CHECK(parse_iso_time("2025-11-20T12:00:00Z") == 1763640000000);
  CHECK(parse_iso_time("2025-11-20T13:30:00+01:30") == 1763640000000);
  CHECK(parse_iso_time("2025-11-20T07:00:00-05:00") == 1763640000000);
  for (const char* bad : {"", "yesterday", "2025-11-20", "2025-13-01T00:00:00Z",
                          "2025-11-20T12:00:00", "2025-11-20T25:00:00Z", "2025-11-20T12:00:00Zx"})
    CHECK_FALSE(parse_iso_time(bad));
}

TEST_CASE("the domain clock moves, stands and runs on") {
  domain_clock clock(1000000000000);
  clock.freeze(true);
  const auto at = clock.now();
  CHECK(clock.now() == at);
  clock.move(std::chrono::hours(3));
  CHECK(clock.now() == at + 3 * 3600000);
  clock.set(2000000000000);
  CHECK(clock.now() == 2000000000000);
  clock.freeze(false);
  CHECK(clock.now() >= 2000000000000);
  CHECK(clock.now() < 2000000010000);
}

TEST_CASE("literal path segments win over parameters") {
  router r;
  const auto handler = [](rest_call&) { return http_response::none(); };
  r.add("GET", "/guilds/{guild}/members/{user}", handler);
  r.add("GET", "/guilds/{guild}/members/search", handler);
  r.add("PATCH", "/guilds/{guild}/members/@me", handler);

  const auto search = r.find("GET", "/guilds/1/members/search");
  REQUIRE(search.found);
  CHECK(search.found->pattern == "/guilds/{guild}/members/search");
  // GET members/@me is the user route with a bad id (discord-api 16).
  const auto self = r.find("GET", "/guilds/1/members/@me");
  REQUIRE(self.found);
  CHECK(self.found->pattern == "/guilds/{guild}/members/{user}");
  CHECK(self.params.at(1) == std::pair<std::string, std::string>("user", "@me"));
  CHECK_FALSE(r.find("DELETE", "/guilds/1/members/2").found);
  CHECK(r.find("DELETE", "/guilds/1/members/2").path_known);
  CHECK_FALSE(r.find("GET", "/guilds/1/nothing").path_known);
  CHECK_FALSE(r.find("GET", "/guilds//members/2").found);
  // Escaped literals are literals; an escaped slash stays inside its segment.
  const auto escaped = r.find("PATCH", "/guilds/1/members/%40me");
  REQUIRE(escaped.found);
  CHECK(escaped.found->pattern == "/guilds/{guild}/members/@me");
  CHECK(r.find("GET", "/guilds/1/members/a%2Fb").params.at(1).second == "a/b");
}

TEST_CASE("percent escapes are decoded and broken ones kept") {
  CHECK(percent_decode("%F0%9F%94%A5") == "\xF0\x9F\x94\xA5");
  CHECK(percent_decode("a%3A1") == "a:1");
  CHECK(percent_decode("100%") == "100%");
  CHECK(percent_decode("%zz%4") == "%zz%4");
  CHECK(percent_decode("a+b", true) == "a b");
  CHECK(percent_decode("a+b") == "a+b");
}
