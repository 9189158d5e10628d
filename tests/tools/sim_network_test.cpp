#include "tests/support/catch.hpp"
#include "tests/support/sim_world.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

// What befalls connections, what stands before Discord, and tokens that stop working.
using namespace sim_test;

namespace {

const std::string create_route = "POST /channels/{channel}/messages";

struct fixture {
  static sim::server_options options() {
    auto made = sim_world::defaults();
    made.control_port = 0;
    return made;
  }
  sim_world world{options()};
  /// On the port that faults spare.
  people control{world.server.control_port()};

  reply inject(const json& what) { return control.post("/sim/faults", what); }
  reply me() { return world.robot.call("GET", "/users/@me"); }
  reply say(const std::string& text) {
    return world.robot.call("POST", "/channels/" + world.general + "/messages",
                            {{"content", text}});
  }
};

/// What a peer says to `ask` before it ends the connection or `limit` is over; "silence" for the
/// latter with nothing said.
std::string exchange(std::uint16_t port, const std::string& ask, std::chrono::milliseconds limit) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket{io};
  boost::asio::steady_timer timer{io, limit};
  std::string said;
  bool late = false;
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  boost::asio::write(socket, boost::asio::buffer(ask));
  boost::asio::async_read(socket, boost::asio::dynamic_buffer(said),
                          [&](boost::system::error_code error, std::size_t) {
                            if (error == boost::asio::error::connection_reset)
                              said += "reset";
                            timer.cancel();
                          });
  timer.async_wait([&](boost::system::error_code error) {
    if (error)
      return;
    late = true;
    socket.close();
  });
  io.run();
  return late && said.empty() ? "silence" : said;
}

const std::string get_gateway = "GET /api/v10/gateway HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

TEST_CASE("network: refused until told otherwise, and the control port answers", "[sim][faults]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  CHECK(f.inject({{"network", {{"mode", "refuse"}}}}).status == 200);
  CHECK_THROWS_AS(f.me(), connection_lost);
  CHECK_THROWS_AS(web_socket(f.world.server.port(), "/gateway/?v=10&encoding=json"),
                  connection_lost);
  // The open session was cut without a word.
  while (session.socket().next())
    ;
  CHECK(session.socket().close_code() == 0);
  // Hours pass meanwhile.
  CHECK(f.control.post("/sim/time", {{"advance_ms", 3 * 3600 * 1000}}).status == 200);
  f.inject({{"expire_sessions", true}});
  f.inject({{"network", {{"mode", "open"}}}});
  CHECK(f.me().status == 200);
  web_socket again{f.world.server.port(), "/gateway/resume?v=10&encoding=json"};
  CHECK(again.next()->at("op") == 10);
  again.send(
      {{"op", 6},
       {"d", {{"token", "sandbox"}, {"session_id", session.ready()["session_id"]}, {"seq", 1}}}});
  CHECK(again.next()->at("op") == 9);
  CHECK(f.world.violations()["total"] == 0);
}

TEST_CASE("network: a refusal ends by itself", "[sim][faults]") {
  fixture f;
  f.inject({{"network", {{"mode", "refuse"}, {"ms", 30}}}});
  bool back = false;
  for (int tries = 0; tries < 10000 && !back; ++tries)
    try {
      back = f.me().status == 200;
    } catch (const connection_lost&) {
    }
  CHECK(back);
}

TEST_CASE("network: accepted and reset, as often as asked", "[sim][faults]") {
  fixture f;
  f.inject({{"network", {{"mode", "reset"}, {"count", 2}}}});
  CHECK(exchange(f.world.server.port(), get_gateway, std::chrono::seconds{10}) == "reset");
  CHECK_THROWS_AS(f.me(), connection_lost);
  CHECK(f.me().status == 200);
}

TEST_CASE("network: accepted and silent, but for the control interface", "[sim][faults]") {
  fixture f;
  f.inject({{"network", {{"mode", "silent"}}}});
  CHECK(exchange(f.world.server.port(), get_gateway, std::chrono::milliseconds{100}) == "silence");
  CHECK(f.world.crowd.get("/sim/violations").status == 200); // the same port
  f.inject({{"network", {{"mode", "open"}}}});
  CHECK(f.me().status == 200);
}

TEST_CASE("network: half an answer, of a request that was carried out", "[sim][faults]") {
  fixture f;
  f.inject({{"network", {{"mode", "half"}, {"count", 1}}}});
  CHECK_THROWS_AS(f.say("kept"), connection_lost);
  CHECK(f.world.robot.call("GET", "/channels/" + f.world.general + "/messages").body.size() == 1);
  f.inject({{"network", {{"mode", "half"}, {"count", 1}}}});
  CHECK_THROWS_AS(web_socket(f.world.server.port(), "/gateway/?v=10&encoding=json"),
                  connection_lost);
  CHECK(f.me().status == 200);
}

TEST_CASE("network: unknown modes are refused", "[sim][faults]") {
  fixture f;
  CHECK(f.inject({{"network", {{"mode", "earthquake"}}}}).status == 400);
}

TEST_CASE("cloudflare: every form, without one header of Discord's", "[sim][faults]") {
  auto options = fixture::options();
  options.rate_limits = true;
  const auto kind = GENERATE(as<std::string>(), "1015", "1010", "html", "json");
  sim_world world{options};
  people control{world.server.control_port()};
  control.post("/sim/faults", {{"cloudflare", {{"kind", kind}, {"count", 2}}}});
  const auto answer = world.robot.call("GET", "/users/@me");
  CHECK(answer.status == (kind == "1010" ? 403 : 429));
  CHECK(answer.headers.count("retry-after") == 0);
  for (const auto& [name, value] : answer.headers)
    CHECK(name.rfind("x-ratelimit", 0) != 0);
  CHECK(answer.body.is_object() == (kind == "json"));
  if (kind == "1015")
    CHECK(answer.text == "error code: 1015");
  // Any path meets it, whoever asks.
  CHECK(request(world.server.port(), "GET", "/api/v10/gateway", "", {}).status == answer.status);
  CHECK(world.robot.call("GET", "/users/@me").status == 200);
  CHECK(world.violations()["total"] == 0);
}

TEST_CASE("cloudflare: a wait only where asked for, on one route", "[sim][faults]") {
  fixture f;
  f.inject({{"cloudflare", {{"kind", "html"}, {"route", create_route}, {"retry_after", 90}}}});
  CHECK(f.me().status == 200);
  const auto answer = f.say("x");
  CHECK(answer.status == 429);
  CHECK(answer.headers.at("retry-after") == "90");
  CHECK(answer.headers.at("content-type").rfind("text/html", 0) == 0);
}

TEST_CASE("faults: a sub-limit contradicts its own headers, a service's limit has a code",
          "[sim][faults]") {
  fixture f;
  f.inject(
      {{"rest_429", {{"route", create_route}, {"scope", "sublimit"}, {"retry_after", 600.5}}}});
  auto answer = f.say("x");
  CHECK(answer.headers.at("x-ratelimit-remaining") == "4");
  CHECK(answer.headers.at("x-ratelimit-scope") == "user");
  CHECK(answer.headers.at("retry-after") == "601");
  CHECK(answer.body["retry_after"] == 600.5);
  f.inject({{"rest_429", {{"scope", "shared"}, {"retry_after", 3}, {"code", 40062}}}});
  answer = f.say("x");
  CHECK(answer.body["code"] == 40062);
  CHECK(answer.body["message"] == "Service resource is being rate limited.");
}

TEST_CASE("faults: 5xx as proxies, the API and an overload say it", "[sim][faults]") {
  fixture f;
  const auto [kind, type] =
      GENERATE(table<std::string, std::string>({{"html", "text/html"},
                                                {"empty", "text/html"},
                                                {"json", "application/json"},
                                                {"overloaded", "application/json"}}));
  f.inject({{"rest_status", {{"status", 503}, {"kind", kind}}}});
  const auto answer = f.me();
  CHECK(answer.status == 503);
  CHECK(answer.headers.at("content-type") == type);
  CHECK(answer.text.empty() == (kind == "empty"));
  CHECK((kind == "overloaded") == (answer.body.is_object() && answer.body["code"] == 130000));
}

TEST_CASE("faults: a revoked token", "[sim][faults]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  CHECK(f.inject({{"revoke_token", true}}).status == 200);
  CHECK(f.me().status == 401);
  CHECK(f.me().body["message"] == "401: Unauthorized");
  while (session.socket().next())
    ;
  CHECK(session.socket().close_code() == 4004);
  CHECK(f.world.violations()["total"] == 0); // what was under way is forgiven
  f.inject({{"restore_token", true}});
  CHECK(f.me().status == 200);
}

TEST_CASE("faults: a token revoked at a moment to come", "[sim][faults]") {
  fixture f;
  f.inject({{"revoke_token", {{"after_ms", 20}}}});
  auto status = 200;
  for (int tries = 0; tries < 100000 && status == 200; ++tries)
    status = f.me().status;
  CHECK(status == 401);
  CHECK(f.control.erase("/sim/faults").status == 200);
  CHECK(f.me().status == 200);
}

TEST_CASE("faults: all guilds at once", "[sim][faults]") {
  fixture f;
  gateway session{f.world.server.port(), all_intents};
  session.wait("GUILD_CREATE");
  f.inject({{"guilds_unavailable", {{"ms", 10}}}});
  CHECK(session.wait("GUILD_DELETE")["unavailable"] == true);
  session.wait("GUILD_CREATE");
}

TEST_CASE("faults: bucket hashes change while the window stays", "[sim][faults]") {
  auto options = fixture::options();
  options.rate_limits = true;
  sim_world world{options};
  people control{world.server.control_port()};
  control.post("/sim/faults",
               {{"bucket_hashes", {{"route", "GET /users/@me"}, {"of", 2}, {"every", 2}}}});
  std::vector<std::string> hashes;
  std::vector<std::string> left;
  for (int i = 0; i < 5; ++i) {
    const auto answer = world.robot.call("GET", "/users/@me");
    hashes.push_back(answer.headers.at("x-ratelimit-bucket"));
    left.push_back(answer.headers.at("x-ratelimit-remaining"));
  }
  CHECK(hashes[0] == hashes[1]);
  CHECK(hashes[1] != hashes[2]);
  CHECK(hashes[2] == hashes[3]);
  CHECK(hashes[4] == hashes[0]);
  CHECK(left == std::vector<std::string>{"9", "8", "7", "6", "5"});
  control.erase("/sim/faults");
  CHECK(world.robot.call("GET", "/users/@me").headers.at("x-ratelimit-bucket") != hashes[0]);
}

TEST_CASE("faults: hashes with windows of their own are no violation", "[sim][faults]") {
  auto options = fixture::options();
  options.rate_limits = true;
  sim_world world{options};
  people control{world.server.control_port()};
  control.post("/sim/faults",
               {{"bucket_hashes", {{"route", "GET /users/@me"}, {"of", 2}, {"separate", true}}}});
  auto limited = 0;
  for (int i = 0; i < 22; ++i)
    limited += world.robot.call("GET", "/users/@me").status == 429 ? 1 : 0;
  CHECK(limited == 2); // ten in each
  CHECK(world.violations()["total"] == 0);
}
