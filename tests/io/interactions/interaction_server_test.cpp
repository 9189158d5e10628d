// The HTTP server of interactions: whole requests in, answers out, and strangers who dawdle, shout
// or crowd.
#include "infra/interactions/interaction_server.hpp"
#include "tests/support/catch.hpp"
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <mutex>
#include <thread>

using namespace hearth;
using tcp = boost::asio::ip::tcp;

namespace {

/// The server on a thread of its own, as in the daemon.
class bench {
public:
  explicit bench(interaction_server_options options = {}) {
    on_thread([&] {
      server_ = std::make_unique<interaction_server>(ioc_, std::move(options),
                                                     [this](inbound_request request) {
                                                       const auto lock = std::lock_guard{mutex_};
                                                       seen_.push_back(std::move(request));
                                                       return reply_;
                                                     });
    });
  }
  ~bench() {
    on_thread([&] { server_.reset(); });
    work_.reset();
    thread_.join();
  }
  template <class Do> void on_thread(Do act) {
    auto done = std::promise<void>{};
    boost::asio::post(ioc_, [&] {
      act();
      done.set_value();
    });
    done.get_future().get();
  }
  uint16_t port() {
    auto port = uint16_t{0};
    on_thread([&] { port = server_->port(); });
    return port;
  }
  uint64_t turned_away() {
    auto count = uint64_t{0};
    on_thread([&] { count = server_->turned_away(); });
    return count;
  }
  size_t connections() {
    auto count = size_t{0};
    on_thread([&] { count = server_->connections(); });
    return count;
  }
  std::vector<inbound_request> seen() {
    const auto lock = std::lock_guard{mutex_};
    return seen_;
  }
  void reply(inbound_reply with) {
    const auto lock = std::lock_guard{mutex_};
    reply_ = std::move(with);
  }

private:
  boost::asio::io_context ioc_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      ioc_.get_executor()};
  std::thread thread_{[this] { ioc_.run(); }};
  std::unique_ptr<interaction_server> server_;
  std::mutex mutex_;
  std::vector<inbound_request> seen_;
  inbound_reply reply_;
};

class client {
public:
  explicit client(uint16_t port) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }
  void say(const std::string& text) {
    auto ignored = boost::system::error_code{};
    boost::asio::write(socket_, boost::asio::buffer(text), ignored);
  }
  /// Head of the next answer and, by its length, its body.
  std::string answer() {
    auto error = boost::system::error_code{};
    boost::asio::read_until(socket_, boost::asio::dynamic_buffer(data_), "\r\n\r\n", error);
    const auto end = data_.find("\r\n\r\n");
    if (end == std::string::npos)
      return std::exchange(data_, {});
    auto wanted = end + 4;
    if (const auto at = data_.find("Content-Length: "); at < end)
      wanted += std::stoul(data_.substr(at + 16));
    if (data_.size() < wanted)
      boost::asio::read(socket_, boost::asio::dynamic_buffer(data_),
                        boost::asio::transfer_exactly(wanted - data_.size()), error);
    auto text = data_.substr(0, wanted);
    data_.erase(0, wanted);
    return text;
  }
  /// Everything until the server ends the connection; "late" when it does not within 10 s.
  std::string rest() {
    auto timer = boost::asio::steady_timer{ioc_, std::chrono::seconds{10}};
    auto late = false;
    boost::asio::async_read(socket_, boost::asio::dynamic_buffer(data_),
                            [&](boost::system::error_code, size_t) { timer.cancel(); });
    timer.async_wait([&](boost::system::error_code error) {
      late = !error;
      if (late)
        socket_.close();
    });
    ioc_.restart();
    ioc_.run();
    return late ? "late" : data_;
  }

private:
  boost::asio::io_context ioc_{1};
  tcp::socket socket_{ioc_};
  std::string data_;
};

std::string post(const std::string& body, const std::string& headers = {}) {
  return "POST /interactions HTTP/1.1\r\nHost: x\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

interaction_server_options bounded(size_t connections_max, int64_t request_ms_max) {
  auto options = interaction_server_options{};
  options.connections_max = connections_max;
  options.request_ms_max = request_ms_max;
  options.idle_ms_max = request_ms_max;
  return options;
}

} // namespace

TEST_CASE("interaction server: requests and answers on one connection", "[interactions]") {
  auto b = bench{};
  auto c = client{b.port()};
  b.reply({200, "application/json", R"({"type":1})"});
  c.say(post("one", "X-Twice: a\r\nX-Twice: b\r\n"));
  const auto first = c.answer();
  CHECK(first.rfind("HTTP/1.1 200", 0) == 0);
  CHECK(first.find("Content-Type: application/json\r\n") != std::string::npos);
  CHECK(first.substr(first.size() - 10) == R"({"type":1})");
  b.reply({202, {}, {}});
  c.say(post("two"));
  const auto second = c.answer();
  CHECK(second.rfind("HTTP/1.1 202", 0) == 0);
  CHECK(second.find("Content-Type") == std::string::npos);
  const auto seen = b.seen();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].method == "POST");
  CHECK(seen[0].body == "one");
  auto twice = std::vector<std::string>{};
  for (const auto& [name, value] : seen[0].headers)
    if (name == "X-Twice")
      twice.push_back(value);
  CHECK(twice == std::vector<std::string>{"a", "b"}); // what is doubled stays so
  CHECK(seen[1].body == "two");
}

TEST_CASE("interaction server: a body in chunks, byte by byte", "[interactions]") {
  auto b = bench{};
  auto c = client{b.port()};
  for (const auto byte :
       std::string{"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"})
    c.say(std::string(1, byte));
  CHECK(c.answer().rfind("HTTP/1.1 200", 0) == 0);
  CHECK(b.seen().at(0).body == "abcde");
}

TEST_CASE("interaction server: a longer body is refused, announced or not", "[interactions]") {
  auto options = interaction_server_options{};
  options.body_bytes_max = 100;
  auto b = bench{options};
  auto exact = client{b.port()};
  exact.say(post(std::string(100, 'x')));
  CHECK(exact.answer().rfind("HTTP/1.1 200", 0) == 0);
  auto announced = client{b.port()};
  announced.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n");
  CHECK(announced.answer().rfind("HTTP/1.1 413", 0) == 0);
  auto chunked = client{b.port()};
  chunked.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" +
              std::string(101, 'x') + "\r\n0\r\n\r\n");
  CHECK(chunked.answer().rfind("HTTP/1.1 413", 0) == 0);
  CHECK(b.seen().size() == 1);
}

TEST_CASE("interaction server: a head without end, and what is no HTTP", "[interactions]") {
  auto b = bench{};
  auto long_head = client{b.port()};
  long_head.say("POST / HTTP/1.1\r\nX: " + std::string(20'000, 'x'));
  CHECK(long_head.answer().rfind("HTTP/1.1 431", 0) == 0);
  auto noise = client{b.port()};
  noise.say("\x16\x03\x01 this is TLS to somebody else\r\n\r\n");
  CHECK(noise.answer().rfind("HTTP/1.1 400", 0) == 0);
  CHECK(b.seen().empty());
}

TEST_CASE("interaction server: who dawdles is cut", "[interactions]") {
  auto b = bench{bounded(64, 50)};
  const auto said = GENERATE(as<std::string>(), "", "POST / HT",
                             "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc");
  auto c = client{b.port()};
  c.say(said);
  CHECK(c.rest() == "");
  while (b.connections() != 0)
    continue;
  CHECK(b.seen().empty());
}

TEST_CASE("interaction server: an idle connection ends, after its answer", "[interactions]") {
  auto b = bench{bounded(64, 50)};
  auto c = client{b.port()};
  c.say(post("x"));
  CHECK(c.rest().rfind("HTTP/1.1 200", 0) == 0);
}

TEST_CASE("interaction server: the crowd beyond the bound is turned away", "[interactions]") {
  auto b = bench{bounded(2, 10'000)};
  auto first = client{b.port()};
  auto second = client{b.port()};
  while (b.connections() != 2)
    continue;
  auto third = client{b.port()};
  CHECK(third.rest() == "");
  CHECK(b.turned_away() == 1);
  first.say(post("x"));
  CHECK(first.answer().rfind("HTTP/1.1 200", 0) == 0);
}

TEST_CASE("interaction server: an address that is taken is told", "[interactions]") {
  auto b = bench{};
  auto options = interaction_server_options{};
  options.port = b.port();
  auto ioc = boost::asio::io_context{};
  CHECK_THROWS_WITH(
      (interaction_server{ioc, options, [](const inbound_request&) { return inbound_reply{}; }}),
      Catch::Contains("port " + std::to_string(options.port)));
  options.address = "not-an-address";
  CHECK_THROWS_AS(
      (interaction_server{ioc, options, [](const inbound_request&) { return inbound_reply{}; }}),
      std::runtime_error);
}
