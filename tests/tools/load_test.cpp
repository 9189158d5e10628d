// What measurements ask of the simulator: copies of a guild, floods that change something, and
// slash commands at a rate.
#include "discord-sim/world_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim_world.hpp"
#include <future>
#include <set>

using namespace sim_test;

TEST_CASE("load: copies of a guild have names and ids of their own", "[sim][load]") {
  const auto world =
      sim::load_world("[[user]]\nname = \"a\"\n[[guild]]\nname = \"g\"\nowner = \"a\"\ncopies = 3\n"
                      "[[guild.channel]]\nname = \"c\"\n[[guild.member]]\nuser = \"a\"\n",
                      "x", 0);
  REQUIRE(world.guilds.size() == 3);
  CHECK(world.channels.size() == 3);
  auto names = std::set<std::string>{};
  for (const auto& [id, guild] : world.guilds) {
    names.insert(guild.name);
    CHECK(guild.members.size() == 1);
  }
  CHECK(names == std::set<std::string>{"g", "g 2", "g 3"});
}

TEST_CASE("load: a command at a rate, and the time to each answer", "[sim][load]") {
  sim_world world;
  const auto wish = json{{"as", world.ann},
                         {"channel_id", world.general},
                         {"name", "ping"},
                         {"count", 3},
                         {"per_second", 100}};
  auto measured =
      std::async(std::launch::async, [&] { return world.crowd.post("/sim/load", wish); });
  // It waits until the client is there and knows the command.
  REQUIRE(world.robot
              .call("POST", "/applications/" + world.bot_id + "/commands",
                    {{"name", "ping"}, {"description", "Answers"}})
              .status == 201);
  gateway session{world.server.port(), all_intents};
  for (int i = 0; i < 3; ++i) {
    const auto asked = session.wait("INTERACTION_CREATE");
    CHECK(asked["data"]["name"] == "ping");
    CHECK(world.robot
              .call("POST",
                    "/interactions/" + asked["id"].get<std::string>() + "/" +
                        asked["token"].get<std::string>() + "/callback",
                    {{"type", 4}, {"data", {{"content", "pong"}}}})
              .status == 204);
  }
  const auto said = measured.get().body;
  CHECK(said["answered"] == 3);
  CHECK(said["failed"] == 0);
  CHECK(said["us"].size() == 3);
  CHECK(said["us"][0] <= said["us"][2]);
  CHECK(said["first_ns"] > 0);
}

TEST_CASE("load: nobody who could answer is waited for in vain", "[sim][load]") {
  sim_world world;
  auto wish =
      json{{"as", world.ann}, {"channel_id", world.general}, {"name", "ping"}, {"patience_ms", 1}};
  CHECK(world.crowd.post("/sim/load", wish).status == 504);
  wish["count"] = 0;
  CHECK(world.crowd.post("/sim/load", wish).status == 400);
}

TEST_CASE("load: sessions are shown", "[sim][load]") {
  sim_world world;
  CHECK(world.crowd.get("/sim/gateway").body["sessions"].empty());
  gateway session{world.server.port(), all_intents};
  session.wait("GUILD_CREATE");
  const auto shown = world.crowd.get("/sim/gateway").body["sessions"];
  REQUIRE(shown.size() == 1);
  CHECK(shown[0]["connected"] == true);
  CHECK(shown[0]["pending"] == 0);
  CHECK(shown[0]["seq"] >= 2);
}

TEST_CASE("load: a flood changes what members do with each event", "[sim][load]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  session.wait("GUILD_CREATE");
  auto flood = std::async(std::launch::async, [&] {
    return world.crowd.post("/sim/flood", {{"events", 600}});
  });
  auto last = std::map<std::string, json>{}; // by member
  auto seq = json{};
  auto same = 0;
  while (flood.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
    auto payload = session.socket().next(std::chrono::milliseconds{200});
    if (!payload)
      continue;
    if (payload->at("op") == 1) // all was sent
      session.socket().send({{"op", 1}, {"d", seq}});
    if (payload->at("op") != 0)
      continue;
    seq = payload->at("s");
    if (payload->at("t") != "PRESENCE_UPDATE")
      continue;
    auto& before = last[payload->at("d")["user"]["id"]];
    same += before == payload->at("d") ? 1 : 0;
    before = payload->at("d");
  }
  CHECK(last.size() >= 2);
  CHECK(same == 0);
  CHECK(flood.get().body["acknowledged"] == true);
}
