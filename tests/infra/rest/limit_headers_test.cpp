#include "infra/rest/limit_headers.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {
answer_headers bucket_headers(const char* remaining = "3", const char* after = "4.500") {
  auto headers = answer_headers{};
  for (const auto& line :
       {std::string{"X-RateLimit-Limit: 5"}, "x-ratelimit-remaining: " + std::string{remaining},
        std::string{"X-RATELIMIT-RESET:1700000004.750"},
        "X-RateLimit-Reset-After:  " + std::string{after} + "\r\n",
        std::string{"X-RateLimit-Bucket: abcd1234"}})
    note_header(headers, line);
  return headers;
}
} // namespace

TEST_CASE("limit headers: a bucket's numbers, whatever the letter case", "[rest]") {
  const auto report = read_limits(200, bucket_headers(), "{}");
  CHECK(report.has_bucket);
  CHECK(report.bucket == "abcd1234");
  CHECK(report.limit == 5);
  CHECK(report.remaining == 3);
  CHECK(report.reset_after_ms == 4'500);
  CHECK(report.reset_ms == 1'700'000'004'750);
  CHECK(report.refusal == rate_refusal::none);
}

TEST_CASE("limit headers: Reset-After is rounded up, not by binary fractions", "[rest]") {
  for (const auto& [text, ms] :
       std::vector<std::pair<const char*, int64_t>>{{"0.1", 100},
                                                    {"0.25", 250},
                                                    {"0.2501", 251},
                                                    {"1", 1'000},
                                                    {"4.999", 4'999},
                                                    {"0.0", 0},
                                                    {"1e3", 1'000'000},
                                                    {"99999999", 86'400'000}}) {
    INFO(text);
    CHECK(read_limits(200, bucket_headers("3", text), "").reset_after_ms == ms);
  }
}

TEST_CASE("limit headers: broken numbers give no bucket", "[rest]") {
  for (const auto* text : {"", "nan", "inf", "-1", "1,5", "4.5s", "0x10"}) {
    INFO(text);
    CHECK_FALSE(read_limits(200, bucket_headers("3", text), "").has_bucket);
  }
  for (const auto* text : {"", "-1", "1.5", "99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(read_limits(200, bucket_headers(text), "").has_bucket);
  }
  CHECK(read_limits(200, bucket_headers("77"), "").remaining == 5); // never above the limit
  auto none = bucket_headers();
  none.limit = "0";
  CHECK_FALSE(read_limits(200, none, "").has_bucket);
  auto headers = answer_headers{};
  note_header(headers, "X-RateLimit-Bucket: " + std::string(300, 'x'));
  note_header(headers, "no colon at all");
  note_header(headers, "");
  CHECK(headers.bucket.empty());
}

TEST_CASE("limit headers: each kind of 429 is told apart", "[rest]") {
  struct row {
    const char* what;
    uint16_t status;
    std::vector<const char*> lines;
    const char* body;
    rate_refusal refusal;
    int64_t retry_ms;
  };
  const auto* const user_body = R"({"message":"x","retry_after":0.384,"global":false})";
  const auto rows = std::vector<row>{
      {"user",
       429,
       {"X-RateLimit-Scope: user", "Retry-After: 1"},
       user_body,
       rate_refusal::user,
       384},
      {"user, header only",
       429,
       {"X-RateLimit-Scope: user", "Retry-After: 2"},
       "",
       rate_refusal::user,
       2'000},
      {"shared",
       429,
       {"X-RateLimit-Scope: shared", "Retry-After: 1337"},
       R"({"message":"x","retry_after":1336.57,"global":false})",
       rate_refusal::shared,
       1'336'570},
      {"service",
       429,
       {"Retry-After: 3"},
       R"({"message":"x","retry_after":3,"code":40062})",
       rate_refusal::shared,
       3'000},
      {"global by header",
       429,
       {"X-RateLimit-Global: true", "Retry-After: 1"},
       R"({"message":"x","retry_after":0.2,"global":true})",
       rate_refusal::global,
       200},
      {"global by body",
       429,
       {"Retry-After: 1"},
       R"({"retry_after":0.2,"global":true})",
       rate_refusal::global,
       200},
      {"global by scope",
       429,
       {"X-RateLimit-Scope: global", "Retry-After: 4"},
       "",
       rate_refusal::global,
       4'000},
      {"Cloudflare page",
       429,
       {"Content-Type: text/html", "Retry-After: 300"},
       "<html>error code: 1015</html>",
       rate_refusal::cloudflare,
       300'000},
      {"Cloudflare text", 429, {}, "error code: 1015", rate_refusal::cloudflare, 0},
      {"Cloudflare JSON",
       429,
       {},
       R"({"code":0,"message":"You are being blocked"})",
       rate_refusal::cloudflare,
       0},
      {"Cloudflare 403",
       403,
       {"Content-Type: text/html"},
       "error code: 1010",
       rate_refusal::cloudflare,
       0},
      {"blocked agent",
       403,
       {},
       R"({"code":40333,"message":"internal network error"})",
       rate_refusal::cloudflare,
       0},
      {"missing permission",
       403,
       {},
       R"({"code":50013,"message":"Missing Permissions"})",
       rate_refusal::none,
       0},
      {"a JSON number 1015", 403, {}, R"({"code":50001,"x":1015})", rate_refusal::none, 0},
      {"hostile numbers",
       429,
       {},
       R"({"retry_after":1e400,"global":"yes"})",
       rate_refusal::cloudflare,
       0},
      {"negative",
       429,
       {"X-RateLimit-Scope: user"},
       R"({"retry_after":-5})",
       rate_refusal::user,
       0},
      {"a year", 429, {}, R"({"retry_after":31536000})", rate_refusal::user, 86'400'000},
      {"array", 429, {"Retry-After: 1"}, "[1,2]", rate_refusal::cloudflare, 1'000},
      {"success", 200, {}, user_body, rate_refusal::none, 0},
  };
  for (const auto& each : rows) {
    INFO(each.what);
    auto headers = answer_headers{};
    for (const auto* line : each.lines)
      note_header(headers, line);
    const auto report = read_limits(each.status, headers, each.body);
    CHECK(int(report.refusal) == int(each.refusal));
    CHECK(report.retry_after_ms == each.retry_ms);
  }
}

TEST_CASE("limit headers: Discord's code of an error, and nothing else", "[rest]") {
  const auto code = [](const char* body) { return read_limits(400, {}, body).code; };
  CHECK(code(R"({"code":50035,"message":"Invalid Form Body","errors":{}})") == 50035);
  CHECK(code(R"({"code":"50035"})") == 0);
  CHECK(code(R"({"code":-1})") == 0);
  CHECK(code(R"({"code":99999999999})") == 0);
  CHECK(code("[50035]") == 0);
  CHECK(code("{") == 0);
  CHECK(code("") == 0);
  CHECK(read_limits(200, {}, R"({"code":50035})").code == 0); // an object of that shape is no error
  CHECK(code((R"({"code":5,"a":)" + std::string(100'000, '[')).c_str()) == 0);
}
