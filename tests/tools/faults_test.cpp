#include "tests/support/catch.hpp"
#include "tests/support/interaction_bench.hpp"

// Injected faults, and that they are not held against the client.
using namespace sim_test;

namespace {

const std::string create_route = "POST /channels/{channel}/messages";

struct fixture {
  sim_world world;
  reply inject(const json& what) { return world.crowd.post("/sim/faults", what); }
  reply say(const std::string& text) {
    return world.robot.call("POST", "/channels/" + world.general + "/messages",
                            {{"content", text}});
  }
  std::size_t messages() {
    return world.robot.call("GET", "/channels/" + world.general + "/messages").body.size();
  }
};

} // namespace

TEST_CASE("faults: a 429 of each scope, as often as asked", "[sim][faults]") {
  fixture f;
  const auto [scope, global] =
      GENERATE(table<std::string, bool>({{"user", false}, {"shared", false}, {"global", true}}));
  f.inject({{"rest_429",
             {{"route", create_route}, {"scope", scope}, {"retry_after", 1.25}, {"count", 2}}}});
  CHECK(f.messages() == 0); // another route is not touched
  for (int i = 0; i < 2; ++i) {
    const auto answer = f.say("x");
    CHECK(answer.status == 429);
    CHECK(answer.body["retry_after"] == 1.25);
    CHECK(answer.body["global"] == global);
    CHECK(answer.headers.at("retry-after") == "2");
    CHECK(answer.headers.at("x-ratelimit-scope") == scope);
    CHECK(answer.headers.count("x-ratelimit-global") == (global ? 1 : 0));
    CHECK(answer.headers.count("x-ratelimit-bucket") == (global ? 0 : 1));
  }
  CHECK(f.say("x").status == 200);
  CHECK(f.world.violations()["total"] == 0);
}

TEST_CASE("faults: any status, with or without a body", "[sim][faults]") {
  fixture f;
  f.inject({{"rest_status", {{"route", create_route}, {"status", 502}}}});
  const auto proxy = f.say("x");
  CHECK(proxy.status == 502);
  CHECK(proxy.headers.at("content-type") == "text/html");
  f.inject({{"rest_status",
             {{"route", create_route},
              {"status", 503},
              {"body", {{"message", "API resource is currently overloaded"}, {"code", 130000}}}}}});
  CHECK(f.say("x").body["code"] == 130000);
  CHECK(f.messages() == 0);
  CHECK(f.say("x").status == 200);
}

TEST_CASE("faults: a connection reset after the request was taken", "[sim][faults]") {
  fixture f;
  f.inject({{"reset_after_accept", {{"route", create_route}}}});
  CHECK_THROWS_AS(f.say("kept"), connection_lost);
  CHECK(f.messages() == 1);
  CHECK(f.say("next").status == 200);
}

TEST_CASE("faults: a second answer after a lost first one is no violation", "[sim][faults]") {
  interaction_bench bench;
  const auto d = bench.command(bench.world.ann);
  bench.world.crowd.post(
      "/sim/faults",
      {{"reset_after_accept", {{"route", "POST /interactions/{interaction}/{token}/callback"}}}});
  const json pong{{"type", 4}, {"data", {{"content", "pong"}}}};
  CHECK_THROWS_AS(bench.answer(d, pong), connection_lost);
  const auto again = bench.answer(d, pong);
  CHECK(again.body["code"] == 40060);
  CHECK(bench.world.violations()["total"] == 0);
  CHECK(bench.state(d)["message"]["content"] == "pong");
}

TEST_CASE("faults: delayed answers", "[sim][faults]") {
  fixture f;
  f.inject({{"delay", {{"route", create_route}, {"ms", 60}, {"count", 1}}}});
  const auto before = std::chrono::steady_clock::now();
  CHECK(f.say("slow").status == 200);
  CHECK(std::chrono::steady_clock::now() - before >= std::chrono::milliseconds{60});
}

TEST_CASE("faults: sockets are closed with a code or cut", "[sim][faults]") {
  fixture f;
  gateway coded{f.world.server.port(), all_intents};
  f.inject({{"close", {{"code", 4000}}}});
  while (coded.socket().next())
    ;
  CHECK(coded.socket().close_code() == 4000);
}

TEST_CASE("faults: a cut socket has no code", "[sim][faults]") {
  fixture f;
  gateway cut{f.world.server.port(), all_intents};
  f.inject({{"close", {{"code", nullptr}}}});
  while (cut.socket().next())
    ;
  CHECK(cut.socket().close_code() == 0);
}

TEST_CASE("faults: op 7", "[sim][faults]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  f.inject({{"op7", true}});
  json message;
  while (!message.is_object() || message["op"] != 7)
    message = session.socket().next().value();
  CHECK(message["d"].is_null());
}

TEST_CASE("faults: op 9", "[sim][faults]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  f.inject({{"op9", false}});
  json message;
  while (!message.is_object() || message["op"] != 9)
    message = session.socket().next().value();
  CHECK(message["d"] == false);
}

TEST_CASE("faults: a guild goes down and comes back", "[sim][faults]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  session.wait("GUILD_CREATE");
  f.inject({{"guild_unavailable", {{"guild_id", f.world.guild}}}});
  CHECK(session.wait("GUILD_DELETE")["unavailable"] == true);
  f.inject({{"guild_available", {{"guild_id", f.world.guild}}}});
  CHECK(session.wait("GUILD_CREATE")["unavailable"] == false);
  f.inject({{"guild_unavailable", {{"guild_id", f.world.guild}, {"ms", 10}}}});
  session.wait("GUILD_DELETE");
  session.wait("GUILD_CREATE");
}

TEST_CASE("faults: events twice, in another order, made up", "[sim][faults]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  session.wait("GUILD_CREATE");
  f.inject({{"duplicate_events", 1}});
  f.say("twice");
  CHECK(session.wait("MESSAGE_CREATE")["content"] == "twice");
  CHECK(session.wait("MESSAGE_CREATE")["content"] == "twice");
  f.inject({{"reorder_events", 2}});
  f.say("a");
  f.say("b");
  CHECK(session.wait("MESSAGE_CREATE")["content"] == "b");
  CHECK(session.wait("MESSAGE_CREATE")["content"] == "a");
  f.inject({{"send", {{"t", "MADE_UP"}, {"d", {{"x", 1}}}}}});
  CHECK(session.wait("MADE_UP")["x"] == 1);
}

TEST_CASE("faults: cleared, and unknown ones refused", "[sim][faults]") {
  fixture f;
  f.inject({{"rest_status", {{"status", 500}, {"count", 100}}}});
  CHECK(f.say("x").status == 500);
  CHECK(f.world.crowd.erase("/sim/faults").status == 200);
  CHECK(f.say("x").status == 200);
  const auto unknown = f.inject({{"earthquake", true}});
  CHECK(unknown.status == 400);
  CHECK(unknown.body["error"].get<std::string>().find("earthquake") != std::string::npos);
  CHECK(f.inject({{"rest_status", {{"status", "x"}}}}).status == 400);
  CHECK(f.inject({{"guild_unavailable", {{"guild_id", "1170000000000000999"}}}}).status == 400);
}
