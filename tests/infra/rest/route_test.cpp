#include "infra/rest/route.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;

TEST_CASE("route: template, major id and order of each kind of path", "[rest]") {
  struct row {
    http_method method;
    const char *path, *key, *major, *ordered;
  };
  using enum http_method;
  const auto rows = std::vector<row>{
      {get, "/users/@me", "GET /users/@me", "", ""},
      {get, "/channels/111111111111111111/messages?limit=50", "GET /channels/{}/messages",
       "111111111111111111", ""},
      {post, "/channels/111111111111111111/messages", "POST /channels/{}/messages",
       "111111111111111111", "/channels/111111111111111111/messages"},
      {patch, "/channels/1/messages/2", "PATCH /channels/{}/messages/{}", "1",
       "/channels/1/messages/2"},
      {put, "/channels/1/messages/2/reactions/%F0%9F%94%A5/@me",
       "PUT /channels/{}/messages/{}/reactions/{}/@me", "1",
       "/channels/1/messages/2/reactions/%F0%9F%94%A5/@me"},
      {del, "/channels/1/messages/2/reactions/fire:3/4",
       "DELETE /channels/{}/messages/{}/reactions/{}/{}", "1",
       "/channels/1/messages/2/reactions/fire:3/4"},
      {put, "/guilds/5/members/6/roles/7?x=1", "PUT /guilds/{}/members/{}/roles/{}", "5",
       "/guilds/5/members/6/roles/7"},
      {get, "/applications/8/guilds/5/commands", "GET /applications/{}/guilds/{}/commands", "", ""},
      {get, "/invites/abcDEF", "GET /invites/{}", "", ""},
      {get, "/gateway/bot", "GET /gateway/bot", "", ""},
      {get, "//x///y/", "GET /x/y", "", ""},
      {get, "", "GET ", "", ""},
  };
  for (const auto& [method, path, key, major, ordered] : rows) {
    INFO(path);
    const auto made = describe_route(method, path, 0);
    CHECK(made.key == key);
    CHECK(made.major == major);
    CHECK(made.ordered == ordered);
    CHECK_FALSE(made.by_token);
    CHECK_FALSE(made.callback);
  }
}

TEST_CASE("route: tokens are majors, and hidden from logs", "[rest]") {
  const auto callback = describe_route(http_method::post, "/interactions/1/aW50/callback", 0);
  CHECK(callback.key == "POST /interactions/{}/{}/callback");
  CHECK(callback.major == "1/aW50");
  CHECK(callback.callback);
  CHECK(callback.by_token);
  const auto edit =
      describe_route(http_method::patch, "/webhooks/2/tok/messages/@original?thread_id=3", 0);
  CHECK(edit.key == "PATCH /webhooks/{}/{}/messages/@original");
  CHECK(edit.major == "2/tok");
  CHECK(edit.by_token);
  CHECK_FALSE(edit.callback);
  const auto webhook = describe_route(http_method::get, "/webhooks/2", 0); // by the bot's token
  CHECK(webhook.major == "2");
  CHECK_FALSE(webhook.by_token);

  CHECK(redacted_path("/interactions/1/aW50/callback?with_response=true") ==
        "/interactions/1/***/callback");
  CHECK(redacted_path("/webhooks/2/tok/messages/@original") ==
        "/webhooks/2/***/messages/@original");
  CHECK(redacted_path("/webhooks/2/tok") == "/webhooks/2/***");
  CHECK(redacted_path("/webhooks/2") == "/webhooks/2");
  CHECK(redacted_path("/channels/1/webhooks") == "/channels/1/webhooks");
}

TEST_CASE("route: deletions of messages are told apart by age", "[rest]") {
  constexpr auto id = int64_t{1'300'000'000'000'000'000};
  const auto born = message_id{id}.created_ms();
  const auto key = [&](int64_t now) {
    return describe_route(http_method::del, "/channels/1/messages/" + std::to_string(id), now).key;
  };
  constexpr auto day = int64_t{86'400'000};
  CHECK(key(0) == "DELETE /channels/{}/messages/{}");
  CHECK(key(born + 9'999) == "DELETE /channels/{}/messages/{} young");
  CHECK(key(born + 10'000) == "DELETE /channels/{}/messages/{}");
  CHECK(key(born + 13 * day) == "DELETE /channels/{}/messages/{}");
  CHECK(key(born + 14 * day) == "DELETE /channels/{}/messages/{} old");
  CHECK(
      describe_route(http_method::patch, "/channels/1/messages/" + std::to_string(id), born).key ==
      "PATCH /channels/{}/messages/{}");
}
