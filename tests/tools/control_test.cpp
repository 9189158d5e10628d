#include "tests/support/catch.hpp"
#include "tests/support/interaction_bench.hpp"

#include <algorithm>
#include <future>

// The control interface: acting as people, reading what they see, time, counters, journal.
using namespace sim_test;

namespace {

/// Reads a page's events until one of this type; its d.
json page_event(web_socket& page, const std::string& type) {
  while (true) {
    const auto event = page.next();
    if (!event)
      throw connection_lost{"no " + type + " came"};
    if (event->at("t") == type)
      return event->at("d");
  }
}

json find(const json& list, const std::string& key, const json& value) {
  for (const auto& item : list)
    if (item[key] == value)
      return item;
  return nullptr;
}

} // namespace

TEST_CASE("control: state is what the user may see", "[sim][control]") {
  sim_world world;
  const auto state = world.crowd.get("/sim/state?as=" + world.ann).body;
  REQUIRE(state["guilds"].size() == 1);
  const auto& home = state["guilds"][0];
  CHECK(home["owner_id"] == world.owner);
  CHECK(find(home["channels"], "name", "secret").is_null());
  CHECK(find(home["channels"], "name", "general")["can_send"] == true);
  CHECK(find(home["channels"], "name", "readonly")["can_send"] == false);
  CHECK(find(home["channels"], "name", "Lounge")["can_connect"] == true);
  const auto bob = find(home["members"], "user_id", world.bob);
  CHECK(bob["roles"] == json::array({world.role("Players")}));
  CHECK(bob["voice_channel_id"].is_null());
  CHECK(bob["presence"] == "offline");
  CHECK(bob["activities"].is_array());
  CHECK(find(state["users"], "id", world.ann)["display_name"] == "Ann");
  CHECK(find(home["emojis"], "name", "flame")["id"].is_string());
  CHECK(state["applications"][0]["online"] == false);
  const auto owners = world.crowd.get("/sim/state?as=" + world.owner).body;
  CHECK_FALSE(find(owners["guilds"][0]["channels"], "name", "secret").is_null());
  CHECK(world.crowd.get("/sim/state?as=" + world.user("stranger")).body["guilds"].empty());
  const auto everybody = world.crowd.get("/sim/state").body["users"];
  CHECK(everybody.size() == 6);
  CHECK(find(everybody, "id", world.owner)["title"] == "owner");
  CHECK(find(everybody, "id", world.bob)["title"] == "Players");
  CHECK(find(everybody, "id", world.user("stranger"))["title"].is_null());
  CHECK(world.crowd.get("/sim/state?as=123").status == 404);
}

TEST_CASE("control: foreign pages and rebound names are refused", "[sim][control]") {
  sim_world world;
  const auto port = world.server.port();
  const auto get = [&](const headers& extra) {
    return request(port, "GET", "/sim/state", "", extra).status;
  };
  CHECK(get({}) == 200);
  CHECK(get({{"Origin", "http://127.0.0.1:" + std::to_string(port)}}) == 200);
  CHECK(get({{"Host", "localhost:" + std::to_string(port)}}) == 200);
  CHECK(get({{"Origin", "https://evil.example"}}) == 403);
  CHECK(get({{"Origin", "http://127.0.0.1:1"}}) == 403);
  CHECK(get({{"Origin", "null"}}) == 403);
  CHECK(get({{"Host", "evil.example:" + std::to_string(port)}}) == 403);
  CHECK(get({{"Host", "127.0.0.1.evil.example"}}) == 403);
  const auto plain = request(port, "GET", "/sim/state", "", {});
  CHECK(plain.headers.count("access-control-allow-origin") == 0);
  web_socket foreign{port, "/sim/events?as=" + world.ann, {{"Origin", "https://evil.example"}}};
  CHECK_FALSE(foreign.next());
  CHECK(foreign.close_code() == 1008);
}

TEST_CASE("control: people write with the rights they have", "[sim][control]") {
  sim_world world;
  const auto send = [&](const std::string& who, const std::string& channel, json fields) {
    fields["channel_id"] = world.channel(channel);
    return world.crowd.act(who, "send", fields);
  };
  const json hi{{"content", "hi"}};
  CHECK(send(world.ann, "general", hi).status == 200);
  CHECK(send(world.ann, "readonly", hi).status == 403);
  CHECK(send(world.ann, "secret", hi).status == 404);
  CHECK(send(world.user("stranger"), "general", hi).status == 404);
  CHECK(send(world.ann, "general", {{"content", ""}}).status == 400);
  CHECK(send(world.ann, "general", {{"content", std::string(2001, 'x')}}).status == 400);
  const auto files = [](const char* data) {
    return json{{"content", ""},
                {"files", json::array({json{{"filename", "a.txt"}, {"data_base64", data}}})}};
  };
  const auto sent = send(world.ann, "general", files("aGk="));
  CHECK(sent.body["message"]["attachments"][0]["size"] == 2);
  CHECK(send(world.ann, "plain", files("aGk=")).status == 403);
  CHECK(send(world.ann, "general", files("?")).status == 400);
  const auto error = send(world.ann, "readonly", hi).body;
  CHECK(error["ok"] == false);
  CHECK(error["error"].is_string());
}

TEST_CASE("control: edits and deletions belong to authors and moderators", "[sim][control]") {
  sim_world world;
  const auto sent =
      world.crowd.act(world.ann, "send", {{"channel_id", world.general}, {"content", "a"}});
  const auto act = [&](const std::string& who, const char* type, json fields = json::object()) {
    fields["channel_id"] = world.general;
    fields["message_id"] = sent.body["message"]["id"];
    return world.crowd.act(who, type, fields).status;
  };
  CHECK(act(world.bob, "edit", {{"content", "b"}}) == 403);
  CHECK(act(world.ann, "edit", {{"content", "b"}}) == 200);
  CHECK(act(world.bob, "delete") == 403);
  CHECK(act(world.owner, "delete") == 200);
  CHECK(act(world.ann, "delete") == 404);
}

TEST_CASE("control: reactions show as one's own", "[sim][control]") {
  sim_world world;
  const auto sent =
      world.crowd.act(world.ann, "send", {{"channel_id", world.general}, {"content", "a"}});
  const auto act = [&](const char* type, const char* emoji) {
    return world.crowd
        .act(world.bob, type,
             {{"channel_id", world.general},
              {"message_id", sent.body["message"]["id"]},
              {"emoji", emoji}})
        .status;
  };
  CHECK(act("react", "🔥") == 200);
  const auto me = [&](const std::string& who) {
    const auto list = world.crowd.get("/sim/messages?as=" + who + "&channel_id=" + world.general);
    return list.body[0]["reactions"][0]["me"];
  };
  CHECK(me(world.bob) == true);
  CHECK(me(world.ann) == false);
  CHECK(act("react", "no emoji") == 400);
  CHECK(act("unreact", "🔥") == 200);
  CHECK(act("unreact", "🔥") == 404);
}

TEST_CASE("control: messages come in pages, newest last", "[sim][control]") {
  sim_world world;
  for (int i = 0; i < 5; ++i)
    world.crowd.act(world.ann, "send",
                    {{"channel_id", world.general}, {"content", std::to_string(i)}});
  const auto get = [&](const std::string& more) {
    return world.crowd.get("/sim/messages?as=" + world.bob + "&channel_id=" + world.general + more)
        .body;
  };
  const auto last = get("&limit=2");
  REQUIRE(last.size() == 2);
  CHECK(last[0]["content"] == "3");
  CHECK(last[1]["content"] == "4");
  const auto older = get("&limit=2&before=" + last[0]["id"].get<std::string>());
  CHECK(older[1]["content"] == "2");
}

TEST_CASE("control: voice", "[sim][control]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  const auto join = [&](const std::string& who, const std::string& channel) {
    return world.crowd.act(who, "voice_join", {{"channel_id", world.channel(channel)}}).status;
  };
  CHECK(join(world.ann, "Lounge") == 200);
  const auto joined = session.wait("VOICE_STATE_UPDATE");
  CHECK(joined["user_id"] == world.ann);
  CHECK(joined["channel_id"] == world.channel("Lounge"));
  CHECK(joined["member"].contains("user"));
  CHECK(world.crowd.act(world.ann, "voice_flags", {{"self_mute", true}}).status == 200);
  CHECK(session.wait("VOICE_STATE_UPDATE")["self_mute"] == true);
  CHECK(join(world.ann, "general") == 403);
  CHECK(join(world.bob, "Booth") == 200);
  CHECK(join(world.ann, "Booth") == 403); // one seat
  CHECK(world.crowd.act(world.ann, "voice_leave").status == 200);
  CHECK(world.crowd.act(world.ann, "voice_leave").status == 409);
  CHECK(world.crowd.act(world.ann, "voice_flags", {{"self_mute", true}}).status == 409);
}

TEST_CASE("control: presence", "[sim][control]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  const json game = json::array({json{{"name", "Chess"}, {"type", 0}}});
  const auto set =
      world.crowd.act(world.ann, "presence", {{"status", "dnd"}, {"activities", game}});
  CHECK(set.status == 200);
  json seen;
  while (!seen.is_object() || seen["user"]["id"] != world.ann)
    seen = session.wait("PRESENCE_UPDATE");
  CHECK(seen["status"] == "dnd");
  CHECK(seen["activities"][0]["name"] == "Chess");
  CHECK(world.crowd.act(world.ann, "presence", {{"status", "asleep"}}).status == 400);
}

TEST_CASE("control: members come, change and go", "[sim][control]") {
  sim_world world;
  gateway session{world.server.port(), all_intents};
  const auto stranger = world.user("stranger");
  const json home{{"guild_id", world.guild}};
  CHECK(world.crowd.act(stranger, "join_guild", home).status == 200);
  CHECK(session.wait("GUILD_MEMBER_ADD")["user"]["id"] == stranger);
  CHECK(world.crowd.act(stranger, "join_guild", home).status == 409);
  const auto roles = [&](const std::string& who, const json& list) {
    const json fields{{"guild_id", world.guild}, {"user_id", stranger}, {"roles", list}};
    return world.crowd.act(who, "set_roles", fields).status;
  };
  const auto players = json::array({world.role("Players")});
  CHECK(roles(world.ann, players) == 403);
  CHECK(roles(world.owner, players) == 200);
  CHECK(session.wait("GUILD_MEMBER_UPDATE")["roles"] == players);
  CHECK(roles(world.owner, json::array({world.role("Robot")})) == 403);
  CHECK(roles(world.owner, json::array({"1170000000000000999"})) == 404);
  const json him{{"guild_id", world.guild}, {"user_id", stranger}};
  CHECK(world.crowd.act(world.ann, "kick", him).status == 403);
  CHECK(world.crowd.act(world.owner, "kick", him).status == 200);
  CHECK(session.wait("GUILD_MEMBER_REMOVE")["user"]["id"] == stranger);
  CHECK(world.crowd.act(world.owner, "leave_guild", home).status == 403);
  CHECK(world.crowd.act(world.bob, "leave_guild", home).status == 200);
}

TEST_CASE("control: a wait ends with the answer, the last one or the limit", "[sim][control]") {
  interaction_bench bench;
  bench.define({{"name", "slow"}, {"description", "d"}});
  const auto run = [&](json fields) {
    fields["name"] = "slow";
    return std::async(std::launch::async, [&bench, fields] {
      return bench.world.crowd.act(bench.world.ann, "command", bench.in_general(fields));
    });
  };
  auto first = run({{"wait_ms", 10000}});
  auto d = bench.next();
  bench.answer(d, {{"type", 5}});
  CHECK(first.get().body["outcome"] == "deferred");
  auto last = run({{"wait_ms", 10000}, {"wait_for", "final"}});
  d = bench.next();
  bench.answer(d, {{"type", 5}});
  bench.original("PATCH", d, {{"content", "done"}});
  const auto outcome = last.get().body;
  CHECK(outcome["outcome"] == "message");
  CHECK(outcome["message"]["content"] == "done");
  auto limited = run({{"wait_ms", 1}});
  d = bench.next();
  CHECK(limited.get().body["outcome"] == "pending");
  bench.answer(d, {{"type", 5}});
  const auto later = bench.world.crowd.get("/sim/interactions/" + d["id"].get<std::string>() +
                                           "?wait_for=final&wait_ms=1");
  CHECK(later.body["outcome"] == "deferred");
  CHECK(run({{"wait_ms", 20001}}).get().status == 400);
}

TEST_CASE("control: time moves for ids, timestamps and pages", "[sim][control]") {
  sim_world world;
  web_socket page{world.server.port(), "/sim/events?as=" + world.ann};
  world.crowd.post("/sim/time", {{"freeze", true}});
  const auto set = world.crowd.post("/sim/time", {{"set", "2027-03-28T00:59:59+00:00"}}).body;
  CHECK(set["now_ms"] == 1806195599000);
  CHECK(set["acknowledged"] == true);
  CHECK(page_event(page, "TIME")["now_ms"].is_number());
  const auto moved = world.crowd.post("/sim/time", {{"advance_ms", 1000}}).body;
  CHECK(moved["now"].get<std::string>().substr(0, 19) == "2027-03-28T01:00:00");
  const auto made =
      world.robot.call("POST", "/channels/" + world.general + "/messages", {{"content", "x"}});
  CHECK(made.body["timestamp"].get<std::string>().substr(0, 19) == "2027-03-28T01:00:00");
  CHECK(world.crowd.get("/sim/time").body["frozen"] == true);
  CHECK(world.crowd.post("/sim/time", {{"set", "tomorrow"}}).status == 400);
  CHECK(world.crowd.post("/sim/time", json::object()).status == 400);
}

TEST_CASE("control: the page hears what its user sees", "[sim][control]") {
  sim_world world;
  web_socket hers{world.server.port(), "/sim/events?as=" + world.ann};
  const auto post = [&](const std::string& channel, const char* text) {
    world.robot.call("POST", "/channels/" + channel + "/messages", {{"content", text}});
  };
  post(world.channel("secret"), "no");
  post(world.general, "yes");
  CHECK(page_event(hers, "MESSAGE_CREATE")["content"] == "yes");
  world.robot.call("PUT", "/applications/1180000000000000001/commands", json::array());
  page_event(hers, "COMMANDS_UPDATE");
  {
    gateway session{world.server.port(), all_intents};
    const auto status = page_event(hers, "BOT_STATUS");
    CHECK(status["application_id"] == "1180000000000000001");
    CHECK(status["online"] == true);
  }
  CHECK(page_event(hers, "BOT_STATUS")["online"] == false);
}

TEST_CASE("control: the journal numbers everything and tells no secret", "[sim][control]") {
  interaction_bench bench;
  const auto d = bench.click(bench.world.ann);
  bench.answer(d, {{"type", 7}, {"data", {{"content", "x"}}}});
  const auto log = bench.world.crowd.get("/sim/log").body;
  std::uint64_t before = 0;
  for (const auto& entry : log["entries"])
    CHECK(entry["n"] == ++before);
  CHECK(log["last"] == before);
  const auto text = log.dump();
  CHECK(text.find("sandbox") == std::string::npos);
  CHECK(text.find(d["token"].get<std::string>()) == std::string::npos);
  const auto of = [&](const std::string& kind) {
    return bench.world.crowd.get("/sim/log?kind=" + kind).body["entries"];
  };
  const auto rest = of("rest");
  REQUIRE(rest.size() == 2);
  CHECK(rest[1]["path"].get<std::string>().find("/TOKEN/callback") != std::string::npos);
  CHECK(rest[1]["status"] == 204);
  CHECK(rest[1]["request"]["data"]["content"] == "x");
  CHECK(of("act")[0]["type"] == "click");
  CHECK(of("interaction").size() == 2);
  CHECK(of("interaction")[1]["state"] == "update");
  CHECK_FALSE(of("gateway_in").empty());
  const auto sent = of("gateway_out");
  const auto ready = find(sent, "t", "READY");
  REQUIRE(ready.is_object());
  CHECK(ready["s"] == "1");
  CHECK(ready["op"] == "0");
  const auto since = bench.world.crowd.get("/sim/log?since=" + std::to_string(before - 1)).body;
  CHECK(since["entries"].size() == 1);
  CHECK(bench.world.crowd.get("/sim/log?limit=3").body["entries"].size() == 3);
}

TEST_CASE("control: violations are counted, told and reset", "[sim][control]") {
  sim_world world;
  CHECK(world.violations()["total"] == 0);
  world.robot.call("POST", "/channels/" + world.general + "/messages", json::object());
  const auto seen = world.violations();
  CHECK(seen["total"] == 1);
  CHECK(seen["kinds"]["rest_malformed_request"] == 1);
  REQUIRE(seen["details"].size() == 1);
  CHECK(seen["details"][0].get<std::string>().find("POST /channels/{channel}/messages") !=
        std::string::npos);
  CHECK(world.crowd.post("/sim/violations/reset", json::object()).status == 200);
  CHECK(world.violations()["total"] == 0);
}

TEST_CASE("control: bad requests get sentences", "[sim][control]") {
  sim_world world;
  const auto raw = [&](const std::string& body) {
    return request(world.server.port(), "POST", "/sim/act", body, {}).status;
  };
  CHECK(raw("{") == 400);
  CHECK(raw("[]") == 400);
  CHECK(raw("{}") == 404);
  CHECK(world.crowd.act(world.ann, "dance").status == 400);
  CHECK(world.crowd.act(world.ann, "send").status == 400);
  CHECK(world.crowd.act("nobody", "send").status == 404);
  CHECK(world.crowd.get("/sim/interactions/1170000000000000999").status == 404);
}
