// The websocket client against a scripted server on loopback: order and completeness of messages,
// whatever the packets; endings of every kind; and that an old connection's news never arrive.
#include "tests/io/gateway/scripted_gateway.hpp"

#include "infra/gateway/websocket_client.hpp"
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

using namespace hearth;
using test::scripted_connection;
using test::scripted_gateway;

namespace {

/// A client on its own thread, whose events the test waits for.
class bench {
public:
  explicit bench(websocket_options options = {"DiscordBot (test, 1)"})
      : work_(io_.get_executor()),
        client_(std::make_unique<websocket_client>(
            io_, options,
            websocket_events{[this] { note("opened"); },
                             [this](padded_text text, bool binary) {
                               note((binary ? "binary " : "text ") + std::string{text.view()});
                               if (on_message)
                                 on_message(text.view());
                             },
                             [this] { ++drained_; },
                             [this](uint16_t code, const std::string& why) {
                               why_ = why;
                               note("closed " + std::to_string(code));
                             }})),
        thread_([this] { io_.run(); }) {}
  ~bench() {
    run([this] { client_.reset(); });
    work_.reset();
    thread_.join();
  }

  /// Runs on the client's thread, and waits for it.
  void run(const std::function<void()>& act) {
    auto done = std::promise<void>{};
    boost::asio::post(io_, [&] {
      act();
      done.set_value();
    });
    REQUIRE(done.get_future().wait_for(std::chrono::seconds{10}) == std::future_status::ready);
  }
  void connect(const std::string& url) {
    run([&] { client_->connect(url); });
  }
  std::string next() {
    auto lock = std::unique_lock{mutex_};
    if (!changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return !events_.empty(); }))
      return "nothing";
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }
  bool quiet() {
    run([] {}); // everything posted so far has run
    const auto lock = std::lock_guard{mutex_};
    return events_.empty();
  }
  websocket_client& client() { return *client_; }
  const std::string& why() const { return why_; }
  int drained() {
    auto count = 0;
    run([&] { count = drained_; });
    return count;
  }
  std::function<void(std::string_view)> on_message; ///< Runs on the client's thread.

private:
  void note(std::string event) {
    const auto lock = std::lock_guard{mutex_};
    events_.push_back(std::move(event));
    changed_.notify_all();
  }

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> events_;
  std::string why_;
  int drained_ = 0;
  std::unique_ptr<websocket_client> client_;
  std::thread thread_;
};

/// An unmasked frame, as servers send them.
std::string frame(int first, const std::string& payload) {
  auto bytes = std::string{};
  bytes += static_cast<char>(first);
  if (payload.size() < 126) {
    bytes += static_cast<char>(payload.size());
  } else {
    bytes += '\x7e';
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size() & 0xff);
  }
  return bytes + payload;
}

} // namespace

TEST_CASE("websocket client: messages both ways", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url() + "/?v=10&encoding=json");
  auto peer = server.accept();
  CHECK(peer.target() == "/?v=10&encoding=json");
  CHECK(peer.header("User-Agent") == "DiscordBot (test, 1)");
  CHECK(b.next() == "opened");
  peer.text("hello");
  peer.binary(std::string("\0\1", 2));
  CHECK(b.next() == "text hello");
  CHECK(b.next() == std::string("binary \0\1", 9));
  b.run([&] { CHECK(b.client().send("answer")); });
  CHECK(peer.receive() == "answer");
  b.run([&] { CHECK(b.client().send(std::string(200'000, 'x'))); });
  CHECK(peer.receive().size() == 200'000);
}

TEST_CASE("websocket client: a message in one packet with the handshake is not lost", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url());
  auto peer = server.incoming();
  // Corked: the answer and two frames leave together.
  const auto on = 1;
  ::setsockopt(peer.tcp().native_handle(), IPPROTO_TCP, 3 /* TCP_CORK */, &on, sizeof on);
  peer.accept();
  peer.text("first");
  peer.text("second");
  const auto off = 0;
  ::setsockopt(peer.tcp().native_handle(), IPPROTO_TCP, 3, &off, sizeof off);
  CHECK(b.next() == "opened");
  CHECK(b.next() == "text first");
  CHECK(b.next() == "text second");
}

TEST_CASE("websocket client: many messages of one packet come in one go", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url());
  auto peer = server.accept();
  REQUIRE(b.next() == "opened");
  auto packet = std::string{};
  for (auto i = 0; i < 100; ++i)
    packet += frame(0x81, std::to_string(i));
  packet += frame(0x89, "ping"); // answered although no message follows
  packet += frame(0x81, "half").substr(0, 3);
  const auto before = b.drained();
  peer.raw(packet);
  for (auto i = 0; i < 100; ++i)
    REQUIRE(b.next() == "text " + std::to_string(i));
  auto pong = std::promise<std::string>{};
  peer.websocket().control_callback(
      [&](boost::beast::websocket::frame_type type, boost::beast::string_view payload) {
        if (type == boost::beast::websocket::frame_type::pong)
          pong.set_value(std::string{payload});
      });
  b.run([&] { b.client().send("after"); });
  CHECK(peer.receive() == "after"); // the pong came before it
  auto came = pong.get_future();
  REQUIRE(came.wait_for(std::chrono::seconds{0}) == std::future_status::ready);
  CHECK(came.get() == "ping");
  peer.raw(frame(0x81, "half").substr(3));
  CHECK(b.next() == "text half");
  CHECK(b.drained() - before <= 8); // not a hundred
}

TEST_CASE("websocket client: a message cut into single bytes, and one of 8 MB", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url());
  auto peer = server.accept();
  REQUIRE(b.next() == "opened");
  for (const auto byte : frame(0x01, "frag") + frame(0x80, "ments"))
    peer.raw(std::string(1, byte));
  CHECK(b.next() == "text fragments");
  const auto big = std::string(8'000'000, 'g');
  peer.text(big);
  CHECK(b.next() == "text " + big);
  peer.text("small");
  CHECK(b.next() == "text small");
}

TEST_CASE("websocket client: the peer's close code arrives", "[gateway]") {
  const auto code = GENERATE(uint16_t{1000}, uint16_t{4004}, uint16_t{4014});
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url());
  auto peer = server.accept();
  REQUIRE(b.next() == "opened");
  peer.text("last words");
  peer.close(code);
  CHECK(b.next() == "text last words");
  CHECK(b.next() == "closed " + std::to_string(code));
  CHECK(b.quiet());
  b.run([&] { CHECK_FALSE(b.client().send("too late")); });
}

TEST_CASE("websocket client: endings without a code", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url());
  SECTION("cut amid a message") {
    auto peer = server.accept();
    REQUIRE(b.next() == "opened");
    peer.raw(frame(0x81, "whole") + frame(0x81, "half").substr(0, 4));
    CHECK(b.next() == "text whole");
    peer.cut();
    CHECK(b.next() == "closed 0");
  }
  SECTION("a close frame without one") {
    auto peer = server.accept();
    REQUIRE(b.next() == "opened");
    peer.raw(frame(0x88, ""));
    CHECK(b.next() == "closed 0");
  }
  SECTION("a frame that is none") {
    auto peer = server.accept();
    REQUIRE(b.next() == "opened");
    peer.raw(frame(0xf3, "reserved bits"));
    CHECK(b.next() == "closed 0");
  }
  SECTION("the handshake is refused") {
    auto peer = server.incoming();
    peer.raw("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    CHECK(b.next() == "closed 0");
  }
  SECTION("the handshake is garbage") {
    auto peer = server.incoming();
    peer.raw(std::string(100'000, 'x'));
    CHECK(b.next() == "closed 0");
  }
  SECTION("cut before the handshake") {
    server.incoming().cut();
    CHECK(b.next() == "closed 0");
  }
  CHECK(b.quiet());
}

TEST_CASE("websocket client: closing says the code and waits for the answer", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url());
  auto peer = server.accept();
  REQUIRE(b.next() == "opened");
  b.run([&] { b.client().close(4000); });
  peer.text("ignored");
  CHECK(peer.wait_closed() == 4000);
  CHECK(b.next() == "closed 4000");
  CHECK(b.quiet());
}

TEST_CASE("websocket client: a dead peer is cut after the grace", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{{"DiscordBot (test, 1)", 30'000, 50}};
  b.connect(server.url());
  auto peer = server.accept();
  REQUIRE(b.next() == "opened");
  b.run([&] { b.client().close(4000); }); // the peer reads nothing
  CHECK(b.next() == "closed 0");
}

TEST_CASE("websocket client: closing inside a message drops the rest of the packet", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.on_message = [&](std::string_view text) {
    if (text == "stop")
      b.client().close(4000);
  };
  b.connect(server.url());
  auto peer = server.accept();
  REQUIRE(b.next() == "opened");
  const auto before = b.drained();
  peer.raw(frame(0x81, "one") + frame(0x81, "stop") + frame(0x81, "three"));
  CHECK(b.next() == "text one");
  CHECK(b.next() == "text stop");
  CHECK(peer.wait_closed() == 4000);
  CHECK(b.next() == "closed 4000");
  CHECK(b.drained() == before + 1);
}

TEST_CASE("websocket client: a silent server is not waited for", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{{"DiscordBot (test, 1)", 50}};
  b.connect(server.url());
  auto peer = server.incoming(); // never answered
  CHECK(b.next() == "closed 0");
  CHECK(b.why() == "timed out while connecting");
}

TEST_CASE("websocket client: nobody listens, or the address is not allowed", "[gateway]") {
  auto b = bench{};
  const auto url = GENERATE(as<std::string>{}, "ws://127.0.0.1:1", "ws://gateway.discord.gg",
                            "http://127.0.0.1:1", "");
  b.connect(url);
  CHECK(b.next() == "closed 0");
  CHECK(b.quiet());
}

TEST_CASE("websocket client: closing while connecting cuts at once", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url());
  auto peer = server.incoming();
  b.run([&] { b.client().close(1000); });
  CHECK(b.next() == "closed 0");
  CHECK(b.quiet());
}

TEST_CASE("websocket client: a new connection silences the old one", "[gateway]") {
  auto server = scripted_gateway{};
  auto b = bench{};
  b.connect(server.url());
  auto old_peer = server.accept();
  REQUIRE(b.next() == "opened");
  b.connect(server.url() + "/second");
  auto peer = server.accept();
  CHECK(peer.target() == "/second");
  CHECK(b.next() == "opened");
  CHECK(old_peer.wait_closed() == 0);
  peer.text("news");
  CHECK(b.next() == "text news");
  CHECK(b.quiet());
}

TEST_CASE("websocket client: it can be dropped at any moment", "[gateway]") {
  auto server = scripted_gateway{};
  auto peers = std::vector<scripted_connection>{};
  SECTION("while connecting") {
    auto b = bench{};
    b.connect(server.url());
  }
  SECTION("while closing") {
    auto b = bench{};
    b.connect(server.url());
    peers.push_back(server.accept());
    REQUIRE(b.next() == "opened");
    b.run([&] { b.client().close(4000); });
  }
  SECTION("with a message under way") {
    auto b = bench{};
    b.connect(server.url());
    peers.push_back(server.accept());
    REQUIRE(b.next() == "opened");
    peers.back().raw(frame(0x81, "half").substr(0, 4));
  }
  CHECK((peers.empty() || peers.back().wait_closed() != 1));
}
