// Addresses with passwords against a real server on loopback: what leaves, and what never shows.
#include "actors/inspect/outside_caller.hpp"
#include "actors/root/system_config.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_script.hpp"
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

using namespace hearth;

namespace {

struct world {
  test::http_script server;
  system_config config;
  caf::actor_system system{config};
  asio_context io{system, "rest"};
  outside_actor subject;

  explicit world(test::http_script::respond_function respond, bool known = true)
      : server(std::move(respond)) {
    auto addresses = outside_addresses{};
    if (known) {
      addresses.alert_webhook = secret{server.base() + "/hook/password-1?wait=true"};
      addresses.uptime_push = secret{server.base() + "/api/push/password-2?status=up&msg=OK&ping="};
    }
    subject = system.spawn<outside_caller>(std::ref(io), addresses);
  }
  ~world() {
    caf::anon_send_exit(subject, caf::exit_reason::user_shutdown);
    subject = nullptr;
    system.await_all_actors_done();
  }
  /// "200", or the error in words.
  std::string call(call_outside what) {
    auto self = caf::scoped_actor{system};
    auto said = std::string{};
    self->request(subject, std::chrono::seconds{20}, std::move(what))
        .receive([&](called answer) { said = std::to_string(answer.status); },
                 [&](const caf::error& error) { said = describe(error); });
    return said;
  }
};

} // namespace

TEST_CASE("outside caller: posts to the webhook, pushes to the monitor", "[inspect]") {
  auto w = world{[](const test::http_asked&) { return test::http_said{}; }};
  CHECK(w.call({outside::alert_webhook, "", R"({"content":"x"})"}) == "200");
  CHECK(w.call({outside::uptime_push, "status=down&msg=a%20b&ping=", ""}) == "200");
  const auto asked = w.server.asked();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].method == "POST");
  CHECK(asked[0].target == "/hook/password-1?wait=true");
  CHECK(asked[0].body == R"({"content":"x"})");
  CHECK(asked[0].headers.at("content-type") == "application/json");
  CHECK(asked[0].headers.count("authorization") == 0);
  CHECK(asked[1].method == "GET");
  CHECK(asked[1].target == "/api/push/password-2?status=down&msg=a%20b&ping=");
}

TEST_CASE("outside caller: errors do not quote the address", "[inspect]") {
  auto w = world{[](const test::http_asked&) {
    auto said = test::http_said{};
    said.how = test::http_said::way::reset;
    return said;
  }};
  const auto said = w.call({outside::alert_webhook, "", "{}"});
  CHECK(said.find("unreachable") != std::string::npos);
  CHECK(said.find("password") == std::string::npos);
  CHECK(said.find("127.0.0.1") == std::string::npos);
}

TEST_CASE("outside caller: an address that was not given is said so", "[inspect]") {
  auto w = world{[](const test::http_asked&) { return test::http_said{}; }, false};
  CHECK(w.call({outside::alert_webhook, "", "{}"}).find("not found") != std::string::npos);
  CHECK(w.server.asked().empty());
}

TEST_CASE("outside caller: its end answers who waits", "[inspect]") {
  auto w = world{[](const test::http_asked&) {
    auto said = test::http_said{};
    said.how = test::http_said::way::silence;
    return said;
  }};
  auto self = caf::scoped_actor{w.system};
  auto waiting = self->request(w.subject, std::chrono::seconds{20},
                               call_outside{outside::alert_webhook, "", "{}"});
  REQUIRE(w.server.await(1));
  caf::anon_send_exit(w.subject, caf::exit_reason::user_shutdown);
  auto why = caf::error{};
  waiting.receive([](called) {}, [&](const caf::error& error) { why = error; });
  CHECK(why == make_error(errc::stopping));
}
