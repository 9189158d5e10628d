#include "infra/rest/request_rules.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

namespace {
rest_request made(http_method method, std::string path, std::string body = {}) {
  auto request = rest_request{};
  request.method = method;
  request.path = std::move(path);
  request.body = std::move(body);
  return request;
}
} // namespace

TEST_CASE("api base: https anywhere, plain http to this machine only", "[rest]") {
  for (const auto* good :
       {"https://discord.com/api", "https://[2001:db8::1]:8443/api", "http://127.0.0.1:4000/api",
        "http://localhost:1/api", "http://[::1]:99/api", "http://127.8.9.1/api"}) {
    INFO(good);
    CHECK(api_base_trouble(good).empty());
  }
  for (const auto* bad :
       {"", "discord.com/api", "ftp://127.0.0.1/", "http://discord.com/api",
        "http://127.0.0.1.evil.com/api", "http://localhost.evil.com/api", "http://10.0.0.1/api",
        "https://user:pass@host/api", "http://127.0.0.1@evil.com/api", "https://host/api?x",
        "https://host/api#f", "https://", "https://:80/api", "https://host/api/", "http://127.1\n",
        "https://ho st/api", "http://[::2]/api"}) {
    INFO(bad);
    CHECK_FALSE(api_base_trouble(bad).empty());
  }
}

TEST_CASE("request: contradictions are refused before they are sent", "[rest]") {
  CHECK(request_trouble(made(http_method::get, "/channels/1/messages?limit=50")).empty());
  for (const auto* path : {"", "channels/1", "/channels/1 ", "/channels/\r\nX: y", "/a#b",
                           "/channels/../x", "/a//b", "/channels/é", "/a/./b"}) {
    INFO(path);
    CHECK_FALSE(request_trouble(made(http_method::get, path)).empty());
  }
  CHECK_FALSE(request_trouble(made(http_method::get, "/x", "{}")).empty());
  auto files = made(http_method::post, "/x");
  files.files.resize(10, {"a.png", "image/png", "1"});
  CHECK(request_trouble(files).empty());
  files.files.push_back({"a.png", "image/png", "1"});
  CHECK_FALSE(request_trouble(files).empty());
  files.files.resize(1);
  files.files[0].name = "";
  CHECK_FALSE(request_trouble(files).empty());
  files.files[0] = {"a", "b", std::string(25 * 1024 * 1024 + 1, 'x')};
  CHECK_FALSE(request_trouble(files).empty());
}

TEST_CASE("audit reason: percent-encoded and cut to 512 characters", "[rest]") {
  CHECK(audit_reason("Ana's \"plan\"\r\n") == "Ana%27s%20%22plan%22%0D%0A");
  CHECK(audit_reason("é") == "%C3%A9");
  auto longer = std::string{};
  for (auto i = 0; i < 600; ++i)
    longer += "é";
  CHECK(audit_reason(longer).size() == 512 * 6);
}

TEST_CASE("retry: POST is repeated only where a double does no harm", "[rest]") {
  struct row {
    rest_request request;
    bool repeat;
  };
  using enum http_method;
  const auto rows = std::vector<row>{
      {made(get, "/x"), true},
      {made(put, "/x"), true},
      {made(patch, "/x"), true},
      {made(del, "/x"), true},
      {made(post, "/channels/1/messages", R"({"content":"x"})"), false},
      {made(post, "/channels/1/messages", R"({"nonce":"a","enforce_nonce":true})"), true},
      {made(post, "/channels/1/messages", R"({"nonce":"a","enforce_nonce":false})"), false},
      {made(post, "/channels/1/messages", R"({"enforce_nonce":true})"), false},
      {made(post, "/channels/1/messages", R"({"content":"\"enforce_nonce\":true","nonce":"a"})"),
       false},
      {made(post, "/webhooks/1/token", "{}"), false},
      {made(post, "/interactions/1/token/callback?with_response=true", "{}"), true},
      {made(post, "/channels/1/typing"), true},
      {made(post, "/users/@me/channels", "{}"), true},
  };
  for (const auto& [request, repeat] : rows) {
    INFO(request.path << " " << request.body);
    CHECK(may_repeat(request) == repeat);
    const auto expected = repeat ? next_step::retry : next_step::answer;
    CHECK(after_try(request, {true, true, 502, 0}, 1) == expected);
    CHECK(after_try(request, {false, true, 0, 0}, 1) == expected);
    CHECK(after_try(request, {false, false, 0, 0}, 1) == next_step::retry); // never left
    CHECK(after_try(request, {false, false, 0, 0}, 5) == next_step::answer);
    CHECK(after_try(request, {true, true, 404, 10003}, 1) == next_step::answer);
  }
}

TEST_CASE("retry: which statuses, and how long between", "[rest]") {
  const auto request = made(http_method::get, "/x");
  for (const auto status : {500, 502, 503, 504, 520, 522, 524})
    CHECK(after_try(request, {true, true, static_cast<uint16_t>(status), 0}, 4) ==
          next_step::retry);
  for (const auto status : {200, 204, 301, 400, 401, 403, 404, 405, 413, 501, 505, 525})
    CHECK(after_try(request, {true, true, static_cast<uint16_t>(status), 0}, 1) ==
          next_step::answer);
  CHECK(after_try(request, {true, true, 400, 130000}, 1) == next_step::retry);

  for (const auto random : {0U, 1U, 12345U, ~0U}) {
    CHECK(retry_wait_ms(rest_priority::member, 1, random) >= 250);
    CHECK(retry_wait_ms(rest_priority::member, 1, random) <= 500);
    CHECK(retry_wait_ms(rest_priority::member, 3, random) >= 1'000);
    CHECK(retry_wait_ms(rest_priority::member, 3, random) <= 2'000);
    CHECK(retry_wait_ms(rest_priority::background, 90, random) <= 10'000);
    CHECK(retry_wait_ms(rest_priority::callback, 1, random) <= 50);
    CHECK(retry_wait_ms(rest_priority::callback, 90, random) <= 400);
  }
}
