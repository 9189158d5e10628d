// The REST client against a real server on loopback: what leaves, what is repeated, who is told.
#include "actors/rest/rest_client.hpp"
#include "actors/root/system_config.hpp"
#include "infra/inspect/process_counters.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_script.hpp"
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

using namespace hearth;
using test::http_asked;
using test::http_said;

namespace {

constexpr auto patience = std::chrono::seconds(20);

struct world {
  test::http_script server;
  telemetry counted;
  system_config config{&counted};
  caf::actor_system system{config};
  asio_context io{system, "rest"};
  std::mutex mutex;
  std::vector<fatal> fatals;
  rest_actor rest;

  explicit world(test::http_script::respond_function respond, gate_limits limits = {})
      : server(std::move(respond)) {
    auto options = rest_options{};
    options.api = server.base() + "/api";
    options.token = secret{"bot-token-123"};
    options.user_agent = "DiscordBot (https://example.org, 1.0)";
    options.limits = limits;
    rest = system.spawn<rest_client>(std::ref(io), options, [this](fatal what) {
      const auto lock = std::lock_guard{mutex};
      fatals.push_back(std::move(what));
    });
  }
  ~world() {
    caf::anon_send_exit(rest, caf::exit_reason::user_shutdown);
    rest = nullptr;
    system.await_all_actors_done();
  }
};

rest_request made(http_method method, std::string path, std::string body = {},
                  int64_t deadline_ms = 15'000) {
  auto request = rest_request{};
  request.method = method;
  request.path = std::move(path);
  request.body = std::move(body);
  request.priority = rest_priority::callback; // shortest waits between tries
  request.deadline_ms = deadline_ms;
  return request;
}

struct result {
  rest_response response;
  errc error = errc::none;
  std::string text;
};
template <class Future> result get(Future future) {
  auto got = result{};
  future.receive([&](rest_response& response) { got.response = std::move(response); },
                 [&](caf::error& error) {
                   got.error = static_cast<errc>(error.code());
                   got.text = describe(error);
                 });
  return got;
}
result ask(world& w, rest_request request) {
  auto self = caf::scoped_actor{w.system};
  return get(self->request(w.rest, patience, std::move(request)));
}

http_said limited(const char* retry) {
  return {429,
          {"X-RateLimit-Limit: 5", "X-RateLimit-Remaining: 0",
           "X-RateLimit-Reset-After: " + std::string{retry}, "X-RateLimit-Bucket: abc",
           "X-RateLimit-Scope: user", "Retry-After: 1"},
          R"({"message":"You are being rate limited.","retry_after":)" + std::string{retry} +
              R"(,"global":false})"};
}
http_said broken(http_said::way how) {
  auto said = http_said{};
  said.how = how;
  return said;
}

} // namespace

TEST_CASE("rest client: a request carries token, agent and reason to the versioned path",
          "[rest]") {
  auto w = world{[](const http_asked&) { return http_said{200, {}, R"({"id":"1"})"}; }};
  auto request = made(http_method::patch, "/channels/1?x=1", R"({"name":"a"})");
  request.reason = "by Ana é";
  const auto got = ask(w, request);
  CHECK(got.response.status == 200);
  CHECK(got.response.body == R"({"id":"1"})");
  CHECK(got.response.attempts == 1);
  ask(w, made(http_method::post, "/interactions/1/tok/callback", "{}"));
  ask(w, made(http_method::patch, "/webhooks/1/tok/messages/@original", "{}"));
  const auto asked = w.server.asked();
  REQUIRE(asked.size() == 3);
  CHECK(asked[0].method == "PATCH");
  CHECK(asked[0].target == "/api/v10/channels/1?x=1");
  CHECK(asked[0].headers.at("authorization") == "Bot bot-token-123");
  CHECK(asked[0].headers.at("user-agent") == "DiscordBot (https://example.org, 1.0)");
  CHECK(asked[0].headers.at("x-audit-log-reason") == "by%20Ana%20%C3%A9");
  CHECK(asked[1].headers.count("authorization") == 0); // the path's token is enough
  CHECK(asked[2].headers.count("authorization") == 0);
}

TEST_CASE("rest client: Discord's errors are answers", "[rest]") {
  auto w = world{[](const http_asked&) {
    return http_said{404, {}, R"({"message":"Unknown Channel","code":10003})"};
  }};
  const auto got = ask(w, made(http_method::get, "/channels/1"));
  CHECK(got.response.status == 404);
  CHECK(got.response.code == 10003);
  CHECK_FALSE(got.response.ok());
}

TEST_CASE("rest client: a 429 waits as told and goes again", "[rest]") {
  auto count = 0;
  auto w = world{[&](const http_asked&) {
    return ++count == 1 ? limited("0.1") : http_said{200, {}, "{}"};
  }};
  const auto begin = std::chrono::steady_clock::now();
  const auto got = ask(w, made(http_method::post, "/channels/1/messages", R"({"content":"x"})"));
  CHECK(got.response.status == 200);
  CHECK(got.response.attempts == 2);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(100));
}

TEST_CASE("rest client: a 429 beyond the deadline is the answer", "[rest]") {
  auto w = world{[](const http_asked&) { return limited("600"); }};
  const auto got = ask(w, made(http_method::patch, "/channels/1", "{}", 5'000));
  CHECK(got.response.status == 429);
  CHECK(w.server.asked().size() == 1);
}

TEST_CASE("rest client: server trouble is repeated where a double does no harm", "[rest]") {
  struct row {
    const char* what;
    http_method method;
    const char* path;
    const char* body;
    bool repeated;
  };
  const auto row = GENERATE(values<struct row>(
      {{"get", http_method::get, "/channels/1", "", true},
       {"post", http_method::post, "/channels/1/messages", "{}", false},
       {"post with nonce", http_method::post, "/channels/1/messages",
        R"({"nonce":"n1","enforce_nonce":true})", true},
       {"follow-up", http_method::post, "/webhooks/1/tok", "{}", false},
       {"callback", http_method::post, "/interactions/1/tok/callback", "{}", true}}));
  const auto trouble = GENERATE(http_said{502, {}, "<html>"}, broken(http_said::way::reset),
                                broken(http_said::way::close));
  INFO(row.what << ", " << int(trouble.how));
  auto count = 0;
  auto w = world{[&](const http_asked&) { return ++count == 1 ? trouble : http_said{}; }};
  const auto got = ask(w, made(row.method, row.path, row.body));
  CHECK(w.server.asked().size() == (row.repeated ? 2 : 1));
  if (row.repeated) {
    CHECK(got.response.status == 200);
    CHECK(got.response.attempts == 2);
  } else if (trouble.how == http_said::way::answer) {
    CHECK(got.response.status == 502);
  } else {
    CHECK(got.error == errc::unreachable);
  }
}

TEST_CASE("rest client: nobody there is 'unreachable', within the deadline", "[rest]") {
  auto w = world{[](const http_asked&) { return http_said{}; }};
  auto options = rest_options{};
  options.api = "http://127.0.0.1:1/api";
  auto lonely = w.system.spawn<rest_client>(std::ref(w.io), options, nullptr);
  {
    auto self = caf::scoped_actor{w.system};
    const auto got =
        get(self->request(lonely, patience, made(http_method::get, "/users/@me", {}, 300)));
    CHECK(got.error == errc::unreachable);
    CHECK(got.text.find("GET /users/@me") != std::string::npos);
  }
  caf::anon_send_exit(lonely, caf::exit_reason::user_shutdown);
}

TEST_CASE("rest client: deadlines are kept in the queue and on the way", "[rest]") {
  auto w = world{[](const http_asked&) { return broken(http_said::way::silence); }};
  auto self = caf::scoped_actor{w.system};
  auto on_way = self->request(w.rest, patience, made(http_method::get, "/channels/1", {}, 200));
  auto queued = self->request(w.rest, patience, made(http_method::get, "/channels/1", {}, 100));
  CHECK(get(std::move(queued)).error == errc::deadline); // the route is unknown: one at a time
  CHECK(get(std::move(on_way)).error == errc::unreachable);
  CHECK(w.server.asked().size() == 1);
}

TEST_CASE("rest client: a callback does not wait for a dead connection", "[rest]") {
  auto count = 0;
  auto w = world{[&](const http_asked&) {
    return ++count == 2 ? broken(http_said::way::silence) : http_said{204};
  }};
  ask(w, made(http_method::get, "/channels/1")); // leaves a kept connection
  const auto got = ask(w, made(http_method::post, "/interactions/1/tok/callback", "{}", 2'800));
  CHECK(got.response.status == 204);
  CHECK(got.response.attempts == 2);
  const auto asked = w.server.asked();
  REQUIRE(asked.size() == 3);
  CHECK(asked[1].connection == asked[0].connection);
  CHECK(asked[2].connection != asked[1].connection);
}

TEST_CASE("rest client: a refused token stops everything and is told once", "[rest]") {
  auto w = world{[](const http_asked&) {
    return http_said{401, {}, R"({"message":"401: Unauthorized","code":0})"};
  }};
  auto self = caf::scoped_actor{w.system};
  auto first = self->request(w.rest, patience, made(http_method::get, "/channels/1"));
  auto second = self->request(w.rest, patience, made(http_method::get, "/channels/1"));
  CHECK(get(std::move(first)).error == errc::unauthorized);
  CHECK(get(std::move(second)).error == errc::unauthorized);
  CHECK(ask(w, made(http_method::get, "/channels/2")).error == errc::unauthorized);
  CHECK(w.server.asked().size() == 1);
  const auto lock = std::lock_guard{w.mutex};
  REQUIRE(w.fatals.size() == 1);
  CHECK(w.fatals[0].exit_code == 78);
  CHECK(w.fatals[0].text.find("HEARTH_DISCORD_TOKEN") != std::string::npos);
  CHECK(w.fatals[0].text.find("bot-token-123") == std::string::npos);
}

TEST_CASE("rest client: a dead interaction token stops nothing", "[rest]") {
  auto w = world{[](const http_asked& asked) {
    return asked.target.find("webhooks") != std::string::npos
               ? http_said{401, {}, R"({"message":"Invalid Webhook Token","code":50027})"}
               : http_said{};
  }};
  const auto dead = ask(w, made(http_method::patch, "/webhooks/1/tok/messages/@original", "{}"));
  CHECK(dead.response.status == 401);
  CHECK(dead.response.code == 50027);
  CHECK(ask(w, made(http_method::get, "/channels/1")).response.status == 200);
  CHECK(w.fatals.empty());
}

TEST_CASE("rest client: a full queue and an impossible path are refused at once", "[rest]") {
  auto limits = gate_limits{};
  limits.lane_waiting_max = 1;
  auto w = world{[](const http_asked&) { return broken(http_said::way::silence); }, limits};
  auto self = caf::scoped_actor{w.system};
  auto on_way = self->request(w.rest, patience, made(http_method::get, "/channels/1", {}, 400));
  auto queued = self->request(w.rest, patience, made(http_method::get, "/channels/1", {}, 300));
  CHECK(ask(w, made(http_method::get, "/channels/1")).error == errc::queue_full);
  CHECK(ask(w, made(http_method::get, "/channels/../users")).error == errc::invalid);
  get(std::move(on_way));
  get(std::move(queued));
}

TEST_CASE("rest client: stopping answers everybody", "[rest]") {
  auto w = world{[](const http_asked&) { return broken(http_said::way::silence); }};
  auto self = caf::scoped_actor{w.system};
  auto on_way = self->request(w.rest, patience, made(http_method::get, "/channels/1"));
  auto queued = self->request(w.rest, patience, made(http_method::get, "/channels/1"));
  REQUIRE(w.server.await(1));
  caf::anon_send_exit(w.rest, caf::exit_reason::user_shutdown);
  CHECK(get(std::move(on_way)).error == errc::stopping);
  CHECK(get(std::move(queued)).error == errc::stopping);
}

TEST_CASE("rest client: files go as multipart, again after a 502", "[rest]") {
  auto count = 0;
  auto w = world{[&](const http_asked&) { return http_said{uint16_t(++count == 1 ? 502 : 200)}; }};
  auto request = made(http_method::put, "/channels/1/x", R"({"a":1})");
  request.files = {{"a.txt", "text/plain", "bytes"}};
  CHECK(ask(w, request).response.status == 200);
  for (const auto& asked : w.server.asked()) {
    CHECK(asked.body.find("bytes") != std::string::npos);
    CHECK(asked.body.find("payload_json") != std::string::npos);
  }
}

TEST_CASE("rest client: no token reaches the log", "[rest]") {
  auto text = std::ostringstream{};
  auto logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
  logger->set_level(spdlog::level::trace);
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(logger);
  {
    auto count = 0;
    auto w = world{[&](const http_asked&) {
      ++count;
      return count == 1   ? limited("0.01")
             : count == 2 ? http_said{502}
             : count == 3 ? broken(http_said::way::reset)
                          : http_said{401, {}, R"({"code":50027})"};
    }};
    ask(w, made(http_method::post, "/interactions/1/secret-tok/callback", "{}"));
    const auto gone = ask(w, made(http_method::get, "/webhooks/1/secret-tok/../x"));
    CHECK(gone.text.find("secret-tok") == std::string::npos);
  }
  spdlog::set_default_logger(before);
  CHECK(text.str().find("rate limited") != std::string::npos); // it did log
  CHECK(text.str().find("secret-tok") == std::string::npos);
  CHECK(text.str().find("bot-token-123") == std::string::npos);
}

TEST_CASE("rest client: status counts what happened", "[rest]") {
  auto count = 0;
  auto w = world{[&](const http_asked&) {
    return ++count == 1 ? limited("0.01") : http_said{200, {}, "{}"};
  }};
  ask(w, made(http_method::get, "/channels/1"));
  ask(w, made(http_method::get, "/channels/.."));
  auto self = caf::scoped_actor{w.system};
  self->request(w.rest, patience, get_rest_status{})
      .receive(
          [](const rest_status& status) {
            CHECK(status.sent == 2);
            CHECK(status.retried == 1);
            CHECK(status.limited_429 == 1);
            CHECK(status.waiting == 0);
            CHECK(status.buckets == 1);
          },
          [](const caf::error& error) { FAIL(describe(error)); });
}

TEST_CASE("rest client: requests are counted by how they end", "[rest]") {
  auto status = std::atomic<int>{200};
  auto w = world{[&](const http_asked&) { return http_said{status, {}, "{}"}; }};
  for (const auto each : {200, 404, 403, 400}) {
    status = each;
    ask(w, made(http_method::get, "/channels/1"));
  }
  ask(w, made(http_method::get, "no path"));
  const auto& figures = w.counted.counters().rest;
  const auto ended = [&](rest_outcome outcome) {
    return figures.ended[static_cast<size_t>(outcome)].get();
  };
  CHECK(ended(rest_outcome::ok) == 1);
  CHECK(ended(rest_outcome::not_found) == 1);
  CHECK(ended(rest_outcome::forbidden) == 1);
  CHECK(ended(rest_outcome::client_error) == 1);
  CHECK(ended(rest_outcome::refused) == 1);
  auto self = caf::scoped_actor{w.system};
  const auto settle = [&] { // asked after the last answer: by then all of it is worked off
    self->request(w.rest, patience, get_rest_status{})
        .receive([](const rest_status&) {}, [](const caf::error&) {});
  };
  settle();
  CHECK(figures.sent.get() == 4);
  CHECK(figures.invalid.get() == 1); // the 403
  CHECK_FALSE(figures.unauthorized);
  status = 401;
  ask(w, made(http_method::get, "/channels/1"));
  CHECK(ended(rest_outcome::unauthorized) == 1);
  settle();
  CHECK(figures.unauthorized);
}

TEST_CASE("rest client: refused requests are forgotten without a further one", "[rest]") {
  auto limits = gate_limits{};
  limits.invalid_window_ms = 1'500; // counted by seconds
  auto w = world{[](const http_asked&) { return http_said{403, {}, "{}"}; }, limits};
  ask(w, made(http_method::get, "/channels/1"));
  auto self = caf::scoped_actor{w.system};
  const auto settle = [&] {
    self->request(w.rest, patience, get_rest_status{})
        .receive([](const rest_status&) {}, [](const caf::error&) {});
  };
  settle();
  const auto& figures = w.counted.counters().rest;
  CHECK(figures.invalid.get() == 1);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (figures.invalid.get() != 0 && std::chrono::steady_clock::now() < end)
    settle();
  CHECK(figures.invalid.get() == 0);
  CHECK(w.server.asked().size() == 1);
}
