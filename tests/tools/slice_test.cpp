#include "tests/support/catch.hpp"
#include "tests/support/sim_world.hpp"

#include <future>

// The main path end to end over real sockets: a bot posts a message with a button, a member clicks
// it, the bot answers by the callback, the message changes and the member sees it.
using namespace sim_test;

TEST_CASE("slice: a button is posted, clicked and answered", "[sim][slice]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  web_socket page{world.server.port(), "/sim/events?as=" + world.ann};

  const json row{
      {"type", 1},
      {"components",
       json::array({json{{"type", 2}, {"style", 1}, {"label", "20h"}, {"custom_id", "vote:20"}}})}};
  const auto posted =
      world.robot.call("POST", "/channels/" + world.general + "/messages",
                       {{"content", "Who plays?"}, {"components", json::array({row})}});
  REQUIRE(posted.status == 200);
  const auto message_id = posted.body["id"].get<std::string>();

  auto clicked = std::async(std::launch::async, [&] {
    return world.crowd.act(world.ann, "click",
                           {{"channel_id", world.general},
                            {"message_id", message_id},
                            {"custom_id", "vote:20"},
                            {"wait_ms", 5000}});
  });
  const auto interaction = session.wait("INTERACTION_CREATE");
  CHECK(interaction["type"] == 3);
  CHECK(interaction["data"]["custom_id"] == "vote:20");
  CHECK(interaction["member"]["user"]["id"] == world.ann);
  CHECK(interaction["message"]["id"] == message_id);
  CHECK(interaction["channel"]["id"] == world.general);

  const auto answered =
      world.robot.call("POST",
                       "/interactions/" + interaction["id"].get<std::string>() + "/" +
                           interaction["token"].get<std::string>() + "/callback",
                       {{"type", 7}, {"data", {{"content", "Ann plays at 20h"}}}});
  CHECK(answered.status == 204);
  CHECK(answered.headers.count("content-type") == 0);

  const auto seen = clicked.get();
  CHECK(seen.status == 200);
  CHECK(seen.body["outcome"] == "update");
  CHECK(seen.body["message"]["content"] == "Ann plays at 20h");
  CHECK(session.wait("MESSAGE_UPDATE")["content"] == "Ann plays at 20h");

  std::vector<std::string> types;
  while (types.empty() || types.back() != "MESSAGE_UPDATE") {
    const auto event = page.next();
    REQUIRE(event);
    types.push_back(event->at("t"));
  }
  CHECK(std::count(types.begin(), types.end(), "MESSAGE_CREATE") == 1);

  const auto shown = world.crowd.get("/sim/messages?as=" + world.ann +
                                     "&channel_id=" + world.general + "&limit=10");
  REQUIRE(shown.body.size() == 1);
  CHECK(shown.body[0]["content"] == "Ann plays at 20h");
  CHECK(world.violations()["total"] == 0);
}
