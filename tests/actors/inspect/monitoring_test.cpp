// Port, watcher and caller as the daemon puts them together.
#include "actors/inspect/monitoring.hpp"
#include "actors/root/system_config.hpp"
#include "infra/store/store_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_rest.hpp"
#include "tests/support/temp_folder.hpp"
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>

using namespace hearth;

namespace {

struct watched_daemon {
  test::temp_folder folder;
  telemetry counted;
  store_counters store;
  std::shared_ptr<settings> says = std::make_shared<settings>();
  system_config config{&counted};
  caf::actor_system system{config};
  asio_context rest_io{system, "rest"};
  monitoring subject{{&counted, &store, folder.path(), "0.1.0",
                      [this] { return std::shared_ptr<const settings>{says}; }, secret{},
                      secret{}}};

  std::string get(const std::string& path) const {
    namespace asio = boost::asio;
    auto ioc = asio::io_context{};
    auto socket = asio::ip::tcp::socket{ioc};
    socket.connect({asio::ip::address_v4::loopback(), subject.port()});
    asio::write(socket,
                asio::buffer("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    auto text = std::string{};
    auto ended = boost::system::error_code{};
    asio::read(socket, asio::dynamic_buffer(text), ended);
    return text;
  }
};

} // namespace

TEST_CASE("monitoring: no port by default", "[inspect]") {
  auto d = watched_daemon{};
  d.subject.listen(d.system);
  CHECK(d.subject.port() == 0);
}

TEST_CASE("monitoring: the port shows the actors, the settings its limits", "[inspect]") {
  auto d = watched_daemon{};
  // A free port: asked of the system, so that tests run side by side.
  auto ioc = boost::asio::io_context{};
  {
    auto probe = boost::asio::ip::tcp::acceptor{ioc, {boost::asio::ip::address_v4::loopback(), 0}};
    d.says->metrics.port = probe.local_endpoint().port();
  }
  d.subject.listen(d.system);
  REQUIRE(d.subject.port() == d.says->metrics.port);
  const auto record = std::make_shared<test::rest_record>();
  auto rest = d.system.spawn<test::fake_rest>(record);
  auto sinks = d.subject.spawn(d.system, d.rest_io, rest_actor{rest});
  REQUIRE(sinks.size() == 2);
  const auto page = d.get("/metrics");
  CHECK(page.find("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n") !=
        std::string::npos);
  CHECK(page.find("hearth_actor_instances{actor=\"watcher\"} 1\n") != std::string::npos);
  CHECK(page.find("hearth_actor_instances{actor=\"outside_caller\"} 1\n") != std::string::npos);
  CHECK(page.find("hearth_build_info{version=\"0.1.0\",profile=\"prod\"} 1\n") !=
        std::string::npos);
  CHECK(d.get("/healthz").find("HTTP/1.1 200 ") == 0);
  CHECK(d.get("/readyz").find("HTTP/1.1 503 ") == 0);
  d.says->alerts.stuck_seconds = 7;
  CHECK(d.subject.limits().stuck_ms == 7'000);
  for (auto& [name, actor] : sinks)
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  sinks.clear();
  caf::anon_send_exit(rest, caf::exit_reason::user_shutdown);
  rest = nullptr;
  d.system.await_all_actors_done();
}

TEST_CASE("monitoring: a port that is taken does not stop the daemon", "[inspect]") {
  auto ioc = boost::asio::io_context{};
  const auto other =
      boost::asio::ip::tcp::acceptor{ioc, {boost::asio::ip::address_v4::loopback(), 0}};
  auto d = watched_daemon{};
  d.says->metrics.port = other.local_endpoint().port();
  d.subject.listen(d.system);
  CHECK(d.subject.port() == 0);
}
