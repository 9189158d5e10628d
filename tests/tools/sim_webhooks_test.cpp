#include "tests/support/catch.hpp"
#include "tests/support/form_leaves.hpp"
#include "tests/support/sim_world.hpp"

// Webhooks from their creation to a message in a thread (discord-api 4, 15.1, 15.5).
using namespace sim_test;

namespace {

struct fixture {
  sim_world world;
  fixture() {
    world.server.call([](sim::core& c) {
      auto& roles = c.world.guilds.begin()->second.roles;
      for (auto& [id, role] : roles)
        if (role.name == "Robot")
          role.permissions |= sim::permission::manage_webhooks | 1ull << 35;
      return 0;
    });
  }

  std::string channel_path() const { return "/channels/" + world.general + "/webhooks"; }
  json make(const std::string& name = "Herald") {
    const auto made = world.robot.call("POST", channel_path(), {{"name", name}});
    REQUIRE(made.status == 200);
    return made.body;
  }
  static std::string path_of(const json& hook) {
    return "/webhooks/" + hook["id"].get<std::string>() + "/" + hook["token"].get<std::string>();
  }
  /// Without any bot's token, as a webhook is used.
  reply as_nobody(const std::string& method, const std::string& path, const json& body = nullptr) {
    return request(world.server.port(), method, "/api/v10" + path,
                   body.is_null() ? "" : body.dump(), {{"Content-Type", "application/json"}});
  }
  /// A webhook that belongs to a person.
  json foreign() {
    auto hook = make("Foreign");
    world.server.call([](sim::core& c) {
      for (auto& [id, known] : c.world.webhooks)
        known.application = 0;
      return 0;
    });
    return hook;
  }
};

} // namespace

TEST_CASE("webhooks: created, listed, read, changed, deleted", "[sim][webhooks]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  const auto hook = f.make();
  CHECK(hook["type"] == 1);
  CHECK(hook["name"] == "Herald");
  CHECK(hook["channel_id"] == f.world.general);
  CHECK(hook["guild_id"] == f.world.guild);
  CHECK(hook["application_id"].is_string());
  CHECK(hook["user"]["id"] == f.world.bot_id);
  const auto changed = session.wait("WEBHOOKS_UPDATE");
  CHECK(changed["channel_id"] == f.world.general);
  CHECK(changed["guild_id"] == f.world.guild);
  const auto id = hook["id"].get<std::string>();
  CHECK(f.world.robot.call("GET", f.channel_path()).body[0]["id"] == id);
  CHECK(f.world.robot.call("GET", "/guilds/" + f.world.guild + "/webhooks").body.size() == 1);
  CHECK(f.world.robot.call("GET", "/webhooks/" + id).body["token"] == hook["token"]);
  const auto by_token = f.as_nobody("GET", fixture::path_of(hook));
  CHECK(by_token.body["name"] == "Herald");
  CHECK_FALSE(by_token.body.contains("user"));
  const auto secret = f.world.channel("secret");
  CHECK(f.world.robot.call("PATCH", "/webhooks/" + id, {{"name", "Crier"}, {"channel_id", secret}})
            .body["channel_id"] == secret);
  session.wait("WEBHOOKS_UPDATE");
  CHECK(session.wait("WEBHOOKS_UPDATE")["channel_id"] == f.world.general); // where it left, too
  CHECK(f.as_nobody("PATCH", fixture::path_of(hook), {{"name", "Bard"}}).body["name"] == "Bard");
  CHECK(f.as_nobody("DELETE", fixture::path_of(hook)).status == 204);
  CHECK(f.as_nobody("GET", fixture::path_of(hook)).body["code"] == 10015);
  CHECK(f.world.violations()["total"] == 0);
  CHECK(f.as_nobody("GET", fixture::path_of(hook)).status == 404);
  CHECK(f.world.violations()["kinds"]["rest_unknown_webhook_again"] == 1);
}

TEST_CASE("webhooks: what may not be", "[sim][webhooks]") {
  fixture f;
  const auto reserved = f.world.robot.call("POST", f.channel_path(), {{"name", "My Discord"}});
  CHECK(reserved.status == 400);
  CHECK(first_leaf(reserved.body) == "name USERNAME_INVALID_CONTAINS");
  const auto empty = f.world.robot.call("POST", f.channel_path(), json::object());
  CHECK(first_leaf(empty.body) == "name BASE_TYPE_REQUIRED");
  for (int i = 0; i < 15; ++i)
    f.make();
  CHECK(f.world.robot.call("POST", f.channel_path(), {{"name", "one more"}}).body["code"] == 30007);
  const auto hidden = "/channels/" + f.world.channel("hidden") + "/webhooks";
  CHECK(f.world.robot.call("POST", hidden, {{"name", "x"}}).body["code"] == 50001);
  f.world.server.call([](sim::core& c) {
    for (auto& [id, role] : c.world.guilds.begin()->second.roles)
      role.permissions &= ~sim::permission::manage_webhooks;
    return 0;
  });
  CHECK(f.world.robot.call("GET", f.channel_path()).body["code"] == 50013);
}

TEST_CASE("webhooks: a message with another name, by its token alone", "[sim][webhooks]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  const auto hook = f.make();
  CHECK(f.as_nobody("POST", fixture::path_of(hook), {{"content", "quiet"}}).status == 204);
  const auto quiet = session.wait("MESSAGE_CREATE");
  CHECK(quiet["webhook_id"] == hook["id"]);
  CHECK(quiet["author"]["username"] == "Herald");
  CHECK(quiet["author"]["discriminator"] == "0000");
  CHECK_FALSE(quiet.contains("member"));
  const auto loud =
      f.as_nobody("POST", fixture::path_of(hook) + "?wait=true",
                  {{"content", "hello @everyone <@" + f.world.ann + ">"}, {"username", "Crier"}});
  CHECK(loud.status == 200);
  CHECK(loud.body["author"]["username"] == "Crier");
  CHECK(loud.body["mention_everyone"] == false); // users only, by default
  CHECK(loud.body["mentions"].size() == 1);
  CHECK(f.as_nobody("POST", fixture::path_of(hook) + "?wait=true",
                    {{"content", "@everyone"}, {"allowed_mentions", {{"parse", {"everyone"}}}}})
            .body["mention_everyone"] == true);
  CHECK(f.as_nobody("POST", fixture::path_of(hook), {{"username", "x"}}).body["code"] == 50006);
  CHECK(f.as_nobody("POST", "/webhooks/" + hook["id"].get<std::string>() + "/wrong",
                    {{"content", "x"}})
            .body["code"] == 50027);
  const auto dead = "/webhooks/1180000000000000999/abc";
  CHECK(f.as_nobody("POST", dead, {{"content", "x"}}).body["code"] == 10015);
}

TEST_CASE("webhooks: its own messages are read, edited and deleted", "[sim][webhooks]") {
  fixture f;
  const auto hook = f.make();
  const auto made =
      f.as_nobody("POST", fixture::path_of(hook) + "?wait=true", {{"content", "one"}}).body;
  const auto path = fixture::path_of(hook) + "/messages/" + made["id"].get<std::string>();
  CHECK(f.as_nobody("GET", path).body["content"] == "one");
  CHECK(f.as_nobody("PATCH", path, {{"content", "two"}}).body["content"] == "two");
  CHECK(f.as_nobody("DELETE", path).status == 204);
  CHECK(f.as_nobody("GET", path).body["code"] == 10008);
  const auto other = f.world.robot.call("POST", "/channels/" + f.world.general + "/messages",
                                        {{"content", "the bot's"}});
  const auto foreign = fixture::path_of(hook) + "/messages/" + other.body["id"].get<std::string>();
  CHECK(f.as_nobody("PATCH", foreign, {{"content", "x"}}).body["code"] == 10008);
}

TEST_CASE("webhooks: components of a webhook that no application owns", "[sim][webhooks]") {
  fixture f;
  const auto hook = f.foreign();
  const json button{{"type", 2}, {"style", 1}, {"label", "x"}, {"custom_id", "b"}};
  const json link{{"type", 2}, {"style", 5}, {"label", "x"}, {"url", "https://example.org"}};
  const auto row = [](const json& child) {
    return json::array({json{{"type", 1}, {"components", json::array({child})}}});
  };
  const auto path = fixture::path_of(hook) + "?wait=true";
  const auto dropped = f.as_nobody("POST", path, {{"content", "a"}, {"components", row(button)}});
  CHECK(dropped.body["components"].empty()); // silently
  const auto linked = f.as_nobody("POST", path + "&with_components=true",
                                  {{"content", "a"}, {"components", row(link)}});
  CHECK(linked.body["components"].size() == 1);
  CHECK(f.as_nobody("POST", path + "&with_components=true",
                    {{"content", "a"}, {"components", row(button)}})
            .body["code"] == 50035);
  const auto own = f.make("Own");
  CHECK(f.as_nobody("POST", fixture::path_of(own) + "?wait=true",
                    {{"content", "a"}, {"components", row(button)}})
            .body["components"]
            .size() == 1);
}

TEST_CASE("webhooks: into a thread, and not into another channel's", "[sim][webhooks]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  const auto hook = f.make();
  const auto thread = f.world.robot.call("POST", "/channels/" + f.world.general + "/threads",
                                         {{"name", "aside"}, {"type", 11}});
  REQUIRE(thread.status == 201);
  CHECK(session.wait("THREAD_CREATE")["parent_id"] == f.world.general);
  const auto id = thread.body["id"].get<std::string>();
  const auto made = f.as_nobody("POST", fixture::path_of(hook) + "?wait=true&thread_id=" + id,
                                {{"content", "in there"}});
  REQUIRE(made.status == 200);
  CHECK(made.body["channel_id"] == id);
  const auto path = fixture::path_of(hook) + "/messages/" + made.body["id"].get<std::string>();
  CHECK(f.as_nobody("GET", path).body["code"] == 10008); // not without saying where
  CHECK(f.as_nobody("DELETE", path + "?thread_id=" + id).status == 204);
  CHECK(f.as_nobody("POST", fixture::path_of(hook) + "?thread_id=" + f.world.channel("secret"),
                    {{"content", "x"}})
            .body["code"] == 10003);
  CHECK(f.world.robot.call("GET", "/guilds/" + f.world.guild + "/threads/active")
            .body["threads"]
            .size() == 1);
  CHECK(f.world.robot.call("DELETE", "/channels/" + id).body["code"] == 50013);
}

TEST_CASE("webhooks: WEBHOOKS_UPDATE needs its intent", "[sim][webhooks]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents & ~(1ull << 5)};
  session.wait("GUILD_CREATE");
  f.make();
  f.world.robot.call("POST", "/channels/" + f.world.general + "/messages", {{"content", "mark"}});
  for (auto message = session.socket().next(); message; message = session.socket().next()) {
    CHECK(message->at("t") != "WEBHOOKS_UPDATE");
    if (message->at("t") == "MESSAGE_CREATE")
      return;
  }
  FAIL("the message did not come");
}

TEST_CASE("pins: paged by the time of pinning", "[sim][messages]") {
  fixture f;
  const auto base = "/channels/" + f.world.general + "/messages";
  for (int i = 0; i < 3; ++i) {
    const auto made = f.world.robot.call("POST", base, {{"content", std::to_string(i)}});
    CHECK(f.world.robot.call("PUT", base + "/pins/" + made.body["id"].get<std::string>()).status ==
          204);
    f.world.advance(std::chrono::minutes{1});
  }
  const auto first = f.world.robot.call("GET", base + "/pins?limit=2").body;
  CHECK(first["has_more"] == true);
  CHECK(first["items"][0]["message"]["content"] == "2");
  auto before = first["items"][1]["pinned_at"].get<std::string>();
  before.replace(before.find('+'), 1, "%2B");
  const auto second = f.world.robot.call("GET", base + "/pins?limit=2&before=" + before).body;
  CHECK(second["has_more"] == false);
  REQUIRE(second["items"].size() == 1);
  CHECK(second["items"][0]["message"]["content"] == "0");
  CHECK(f.world.robot.call("GET", base + "/pins?before=yesterday").body["code"] == 50035);
}
