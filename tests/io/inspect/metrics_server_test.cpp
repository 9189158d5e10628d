// The monitoring port over real sockets: pages, keep-alive, and what strangers may try.
#include "infra/inspect/metrics_server.hpp"
#include "tests/support/catch.hpp"
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>
#include <thread>

using namespace hearth;

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct served {
  explicit served(monitor_limits limits = {})
      : server(
            ioc, "127.0.0.1", 0,
            [](const std::string& path) -> monitor_page {
              if (path == "/fails")
                throw std::runtime_error{"defect"};
              if (path == "/big")
                return {200, "text/plain", std::string(20'000'000, 'x')};
              return {path == "/metrics" ? 200U : 404U, "text/plain", "page " + path};
            },
            limits) {}

  tcp::socket open() {
    auto socket = tcp::socket{mine};
    socket.connect({asio::ip::address_v4::loopback(), server.port()});
    return socket;
  }
  /// All that comes until the server closes.
  static std::string rest(tcp::socket& socket) {
    auto text = std::string{};
    auto error = boost::system::error_code{};
    asio::read(socket, asio::dynamic_buffer(text), error);
    return text;
  }
  std::string ask(const std::string& request) {
    auto socket = open();
    auto refused = boost::system::error_code{}; // it may be closed already
    asio::write(socket, asio::buffer(request), refused);
    return rest(socket);
  }

  struct running {
    explicit running(asio::io_context& ioc)
        : work(ioc.get_executor()), thread([&] { ioc.run(); }) {}
    ~running() {
      work.reset();
      thread.join();
    }
    asio::executor_work_guard<asio::io_context::executor_type> work;
    std::thread thread;
  };
  asio::io_context ioc, mine;
  running run{ioc};
  metrics_server server;
};

constexpr auto closing = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

} // namespace

TEST_CASE("metrics server: pages by path, the query left out", "[inspect]") {
  auto s = served{};
  const auto found = s.ask(std::string{"GET /metrics?x=1"} + closing);
  CHECK(found.find("HTTP/1.1 200 OK\r\n") == 0);
  CHECK(found.find("Content-Type: text/plain\r\n") != std::string::npos);
  CHECK(found.find("\r\n\r\npage /metrics") != std::string::npos);
  CHECK(s.ask(std::string{"GET /other"} + closing).find("HTTP/1.1 404 ") == 0);
  CHECK(s.ask(std::string{"GET /fails"} + closing).find("HTTP/1.1 500 ") == 0);
}

TEST_CASE("metrics server: HEAD has the head alone, other methods are refused", "[inspect]") {
  auto s = served{};
  const auto head = s.ask(std::string{"HEAD /metrics"} + closing);
  CHECK(head.find("HTTP/1.1 200 OK\r\n") == 0);
  CHECK(head.find("Content-Length: 13\r\n") != std::string::npos);
  CHECK(head.substr(head.size() - 4) == "\r\n\r\n");
  const auto refused = s.ask(std::string{"DELETE /metrics"} + closing);
  CHECK(refused.find("HTTP/1.1 405 ") == 0);
  CHECK(refused.find("Allow: GET, HEAD\r\n") != std::string::npos);
}

TEST_CASE("metrics server: a connection is kept for further requests, up to a bound", "[inspect]") {
  auto limits = monitor_limits{};
  limits.requests_max = 3;
  auto s = served{limits};
  auto socket = s.open();
  auto buffer = std::string{};
  for (auto i = 0; i < 2; ++i) {
    asio::write(socket, asio::buffer(std::string{"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"}));
    asio::read_until(socket, asio::dynamic_buffer(buffer), "page /metrics");
    CHECK(buffer.find("200 OK") != std::string::npos);
    buffer.clear();
  }
  asio::write(socket, asio::buffer(std::string{"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"}));
  CHECK(served::rest(socket).find("Connection: close") != std::string::npos);
}

TEST_CASE("metrics server: garbage, bodies and long heads end the connection", "[inspect]") {
  auto s = served{};
  CHECK(s.ask("\x16\x03\x01 nonsense\r\n\r\n").empty());
  CHECK(s.ask("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello").empty());
  CHECK(s.ask("GET /" + std::string(10'000, 'a') + closing).empty());
  CHECK(s.ask(std::string{"GET /metrics"} + closing).find("200 OK") != std::string::npos);
}

TEST_CASE("metrics server: who is slow to ask or to read is dropped", "[inspect]") {
  auto limits = monitor_limits{};
  limits.request_ms_max = 100;
  limits.answer_ms_max = 100;
  auto s = served{limits};
  auto silent = s.open();
  asio::write(silent, asio::buffer(std::string{"GET /met"}));
  CHECK(served::rest(silent).empty()); // ends by itself
  auto sink = s.open();
  asio::write(sink, asio::buffer(std::string{"GET /big"} + closing));
  // Nothing is read until the server has given up: it then serves a new request on a full house.
  auto after = s.open();
  asio::write(after, asio::buffer(std::string{"GET /met"}));
  CHECK(served::rest(after).empty()); // 100 ms have passed for it, so also for the sink
  CHECK(served::rest(sink).size() < 20'000'000);
}

TEST_CASE("metrics server: too many connections are closed at once", "[inspect]") {
  auto limits = monitor_limits{};
  limits.connections_max = 2;
  auto s = served{limits};
  auto one = s.open();
  auto two = s.open();
  // Both are known to be accepted once they are answered.
  for (auto* each : {&one, &two}) {
    auto buffer = std::string{};
    asio::write(*each, asio::buffer(std::string{"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"}));
    asio::read_until(*each, asio::dynamic_buffer(buffer), "page /metrics");
  }
  auto three = s.open();
  CHECK(served::rest(three).empty());
  one.close();
  two.close();
  auto answer = std::string{};
  while (answer.empty()) // the server learns of the closing by and by
    answer = s.ask(std::string{"GET /metrics"} + closing);
  CHECK(answer.find("200 OK") != std::string::npos);
}

TEST_CASE("metrics server: an address that cannot be had is an error", "[inspect]") {
  auto s = served{};
  CHECK_THROWS(metrics_server{s.ioc, "127.0.0.1", s.server.port(), nullptr});
  CHECK_THROWS(metrics_server{s.ioc, "192.0.2.1", 0, nullptr});
  CHECK_THROWS(metrics_server{s.ioc, "nowhere", 0, nullptr});
}
