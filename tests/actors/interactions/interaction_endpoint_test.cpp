// The endpoint with real sockets among typed fakes: who gets in, and what is passed on. Signed by
// Node's crypto beforehand, so that nothing of ours signs for itself.
#include "actors/interactions/interaction_endpoint.hpp"
#include "actors/root/system_config.hpp"
#include "infra/inspect/process_counters.hpp"
#include "tests/support/catch.hpp"
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>

using namespace hearth;

namespace {

constexpr auto key = "56c91a3ec09cdc5446863c7710021dbe0a88d8529b3ec91e3c6c523e9c9e4c21";
constexpr auto ping = R"({"type":1})";
constexpr auto ping_signature = "ad96ce4f4442907934c6ba5df057c60dc671df5ea71c62f151994e3c1d6c40169a"
                                "8a2d50653a6a41348f776b5c35810f"
                                "e104f3f9b8d403e4bb9fe3bc9bc1f305";
/// Made by Node with the same key, over "1795000000" and the body.
constexpr auto command =
    R"({"id":"1180000000000000077","application_id":"1180000000000000001","type":2,"token":"tok",)"
    R"("guild_id":"1170000000000000001","data":{"id":"5","name":"help","type":1}})";
constexpr auto command_signature = "a201ef83581b6ea18c693f0377b2630e388cb36b77996b6aed5348bd5ac44ff"
                                   "e62b30bc6d307a15bf31616ba9618b83f"
                                   "feaadfeb63d5cc65e21063f7a150e607";
constexpr auto broken = R"({"type":2,"id":"1180000000000000077"})";
constexpr auto broken_signature = "6a2d9879dabadb47fff6505075c1051ccce0ae4ceb27160c43abbbd070897e4b"
                                  "68d393a66ab02790769f7a6673c745d3"
                                  "ac4edf82c8ea5cc8238bfb5e8ad88c08";

/// What came out of the endpoint, for the test's thread.
struct record {
  std::mutex mutex;
  std::condition_variable moved;
  std::vector<interaction_ptr> passed_on;
  std::deque<rest_response> application; ///< Answers to GET /applications/@me; the last one stays.
  size_t asked = 0;
  std::string failed;

  template <class Do> void change(Do act) {
    const auto lock = std::lock_guard{mutex};
    act(*this);
    moved.notify_all();
  }
  template <class Done> void wait(Done done) {
    auto lock = std::unique_lock{mutex};
    REQUIRE(moved.wait_for(lock, std::chrono::seconds{20}, [&] { return done(*this); }));
  }
};

rest_actor::behavior_type fake_rest(rest_actor::pointer, record* told) {
  return {
      [told](const rest_request& asked) {
        auto answer = rest_response{};
        told->change([&](record& all) {
          ++all.asked;
          CHECK(asked.path == "/applications/@me");
          answer = all.application.front();
          if (all.application.size() > 1)
            all.application.pop_front();
        });
        return answer;
      },
      [](get_rest_status) { return rest_status{}; },
      [](get_gates) { return gate_list_ptr{}; },
  };
}

interaction_sink_actor::behavior_type fake_shard(interaction_sink_actor::pointer, record* told) {
  return {
      [told](const interaction_ptr& asked) {
        told->change([&](record& all) { all.passed_on.push_back(asked); });
      },
  };
}

struct answered {
  unsigned status = 0;
  std::string type, body;
};

class bench {
public:
  record told;
  interaction_endpoint_options options;

  bench() {
    options.public_key = key;
    options.now_ms = [] { return int64_t{1'795'000'000'000}; };
    options.retry_ms = 1;
    told.application.push_back({});
  }
  ~bench() {
    for (const auto& each : all_)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
    endpoint_ = nullptr;
    shard_ = nullptr;
    all_.clear();
    system_.await_all_actors_done();
  }

  void start(bool with_shard = true) {
    const auto rest = rest_actor{system_.spawn(fake_rest, &told)};
    endpoint_ =
        system_.spawn<interaction_endpoint>(std::ref(io_), options, rest, [this](fatal why) {
          told.change([&](record& all) { all.failed = why.text; });
        });
    shard_ = system_.spawn(fake_shard, &told);
    if (with_shard)
      caf::anon_send(endpoint_, use_shard{shard_});
    keep(rest);
    keep(endpoint_);
    keep(shard_);
  }
  void give_shard() { caf::anon_send(endpoint_, use_shard{shard_}); }
  endpoint_status status() {
    auto got = endpoint_status{};
    auto self = caf::scoped_actor{system_};
    self->request(endpoint_, std::chrono::seconds{20}, get_endpoint_status{})
        .receive([&](const endpoint_status& status) { got = status; },
                 [](const caf::error& error) { FAIL(describe(error)); });
    return got;
  }
  const endpoint_counters& counts() { return counted_.counters().endpoint; }
  answered send(const std::string& method, const std::string& body,
                const std::vector<std::pair<std::string, std::string>>& headers) {
    namespace http = boost::beast::http;
    auto ioc = boost::asio::io_context{};
    auto socket = boost::asio::ip::tcp::socket{ioc};
    socket.connect({boost::asio::ip::address_v4::loopback(), status().port});
    auto request = http::request<http::string_body>{};
    request.method_string(method);
    request.target("/anything");
    request.version(11);
    request.set("Host", "x");
    for (const auto& [name, value] : headers)
      request.insert(name, value);
    request.body() = body;
    request.prepare_payload();
    http::write(socket, request);
    auto buffer = boost::beast::flat_buffer{};
    auto response = http::response<http::string_body>{};
    http::read(socket, buffer, response);
    return {response.result_int(), std::string{response[http::field::content_type]},
            response.body()};
  }
  answered post(const std::string& body, const std::string& signature,
                const std::string& timestamp = "1795000000") {
    return send("POST", body,
                {{"X-Signature-Ed25519", signature}, {"X-Signature-Timestamp", timestamp}});
  }

private:
  template <class Handle> void keep(const Handle& which) {
    all_.push_back(caf::actor_cast<caf::strong_actor_ptr>(which));
  }
  telemetry counted_;
  system_config config_{&counted_};
  caf::actor_system system_{config_};
  asio_context io_{system_, "gateway"};
  std::vector<caf::strong_actor_ptr> all_;
  interaction_endpoint_actor endpoint_;
  interaction_sink_actor shard_;
};

} // namespace

TEST_CASE("endpoint: a signed ping is answered", "[interactions]") {
  auto b = bench{};
  b.start();
  const auto pong = b.post(ping, ping_signature);
  CHECK(pong.status == 200);
  CHECK(pong.type == "application/json");
  CHECK(pong.body == R"({"type":1})");
  CHECK(b.status().pings == 1);
}

TEST_CASE("endpoint: a signed interaction goes to the shard and is answered by 202",
          "[interactions]") {
  auto b = bench{};
  b.start();
  const auto taken = b.post(command, command_signature);
  CHECK(taken.status == 202);
  CHECK(taken.body.empty());
  b.told.wait([](record& r) { return r.passed_on.size() == 1; });
  const auto& asked = *b.told.passed_on[0];
  CHECK(asked.command == "help");
  CHECK(asked.guild == guild_id{1170000000000000001});
  CHECK(asked.token == "tok");
  CHECK(asked.received_ms > 0);
  CHECK(b.status().interactions == 1);
}

TEST_CASE("endpoint: anything doubtful is 401, and nothing is passed on", "[interactions]") {
  auto b = bench{};
  b.start();
  const auto good = std::string{command_signature};
  CHECK(b.post(std::string{command} + " ", good).status == 401);
  CHECK(b.post(std::string{command}.insert(1, " "), good).status == 401);
  CHECK(b.post(command, good, "1795000001").status == 401);
  CHECK(b.post(command, good.substr(0, 127)).status == 401);
  CHECK(b.post(command, good + "00").status == 401);
  CHECK(b.post(command, "g" + good.substr(1)).status == 401);
  CHECK(b.post(command, "").status == 401);
  CHECK(b.post(command, ping_signature).status == 401);
  CHECK(b.send("POST", command, {}).status == 401);
  CHECK(b.send("POST", command, {{"X-Signature-Ed25519", good}}).status == 401);
  CHECK(b.send("POST", command,
               {{"X-Signature-Ed25519", good},
                {"X-Signature-Ed25519", good},
                {"X-Signature-Timestamp", "1795000000"}})
            .status == 401);
  CHECK(b.status().refused == 11);
  CHECK(b.counts().refused.get() == 11); // what /metrics shows
  CHECK(b.send("GET", "", {}).status == 405);
  CHECK(b.post(command, good).status == 202); // and the good one still gets in
  b.told.wait([](record& r) { return r.passed_on.size() == 1; });
}

TEST_CASE("endpoint: a request of another time is refused", "[interactions]") {
  auto b = bench{};
  const auto [skew_s, status] =
      GENERATE(table<int64_t, unsigned>({{-301, 401u}, {-300, 202u}, {300, 202u}, {301, 401u}}));
  b.options.now_ms = [skew = skew_s] { return (1'795'000'000 - skew) * 1'000; };
  b.start();
  CHECK(b.post(command, command_signature).status == status);
}

TEST_CASE("endpoint: signed, but no interaction", "[interactions]") {
  auto b = bench{};
  b.start();
  CHECK(b.post(broken, broken_signature).status == 400);
  CHECK(b.status().malformed == 1);
}

TEST_CASE("endpoint: before there is a shard, pings only", "[interactions]") {
  auto b = bench{};
  b.start(false);
  CHECK(b.post(ping, ping_signature).status == 200);
  CHECK(b.post(command, command_signature).status == 503);
  b.give_shard();
  CHECK(b.post(command, command_signature).status == 202);
}

TEST_CASE("endpoint: the key is Discord's to tell, sooner or later", "[interactions]") {
  auto b = bench{};
  b.options.public_key.clear();
  auto down = rest_response{};
  down.status = 502;
  down.body = "<html>";
  auto up = rest_response{};
  up.status = 200;
  up.body = std::string{R"({"id":"1","verify_key":")"} + key + "\"}";
  b.told.application = {down, down, up};
  b.start();
  b.told.wait([](record& r) { return r.asked == 3; });
  while (b.status().port == 0)
    continue;
  CHECK(b.post(ping, ping_signature).status == 200);
}

TEST_CASE("endpoint: what can never work is told to the operator", "[interactions]") {
  auto b = bench{};
  SECTION("a key that is none") { b.options.public_key = "12"; }
  SECTION("an address that is not ours") { b.options.server.address = "192.0.2.1"; }
  b.start();
  b.told.wait([](record& r) { return !r.failed.empty(); });
  CHECK(b.told.failed.find("interactions") != std::string::npos);
}
