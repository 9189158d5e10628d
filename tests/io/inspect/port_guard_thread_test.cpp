// The guard cuts connections that bring no certificate, and lets no more in than it may.
#include "infra/inspect/port_guard_thread.hpp"
#include "tests/support/catch.hpp"
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

constexpr int patience_ms = 10'000;

/// Stands for CAF: accepts and says nothing.
class server {
public:
  server() {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    auto address = sockaddr_in{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto size = socklen_t{sizeof address};
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 16);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~server() {
    for (const auto each : accepted_)
      ::close(each);
    ::close(listener_);
  }
  uint16_t port() const { return port_; }
  void accept_one() { accepted_.push_back(::accept(listener_, nullptr, nullptr)); }
  /// Closes those whose peer has gone, as CAF does.
  void drop(size_t which) { ::close(std::exchange(accepted_[which], -1)); }

private:
  int listener_ = -1;
  uint16_t port_ = 0;
  std::vector<int> accepted_;
};

class client {
public:
  explicit client(uint16_t port) {
    file_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    auto address = sockaddr_in{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(file_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  ~client() { ::close(file_); }
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  /// Connected within the time.
  bool connected(int wait_ms = patience_ms) const { return ready(POLLOUT, wait_ms); }
  bool send(size_t bytes) const {
    const auto text = std::string(bytes, 'x');
    return ::send(file_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes);
  }
  /// The other side has hung up within the time.
  bool cut(int wait_ms = patience_ms) const {
    auto byte = char{};
    return ready(POLLIN, wait_ms) && ::recv(file_, &byte, 1, 0) <= 0;
  }

private:
  bool ready(short what, int wait_ms) const {
    auto waits = pollfd{file_, what, 0};
    return ::poll(&waits, 1, wait_ms) == 1 && (waits.revents & what) != 0;
  }
  int file_ = -1;
};

} // namespace

TEST_CASE("port guard: who shows no certificate in time is cut, who does stays", "[inspect]") {
  auto listening = server{};
  auto limits = port_guard_limits{};
  limits.shake_max = 300ms;
  auto guard = port_guard{limits};
  guard.watch({listening.port()});
  const auto silent = client{listening.port()}, mumbling = client{listening.port()},
             honest = client{listening.port()};
  for (const auto* each : {&silent, &mumbling, &honest}) {
    REQUIRE(each->connected());
    listening.accept_one();
  }
  REQUIRE(mumbling.send(899));
  REQUIRE(honest.send(900));
  CHECK(silent.cut());
  CHECK(mumbling.cut());
  CHECK(guard.cut_silent() == 2);
  CHECK_FALSE(honest.cut(0));
  CHECK(guard.cut_idle() == 0);
}

TEST_CASE("port guard: who asks nothing for long is cut", "[inspect]") {
  auto listening = server{};
  auto limits = port_guard_limits{};
  limits.idle_max = 300ms;
  auto guard = port_guard{limits};
  guard.watch({listening.port()});
  const auto idle = client{listening.port()};
  REQUIRE(idle.connected());
  listening.accept_one();
  REQUIRE(idle.send(2'000));
  CHECK(idle.cut());
  CHECK(guard.cut_idle() == 1);
}

TEST_CASE("port guard: no more are let in than it may, the next one enters when one goes",
          "[inspect]") {
  auto listening = server{};
  auto limits = port_guard_limits{};
  limits.connections_max = 2;
  limits.shake_max = 60s;
  auto guard = port_guard{limits};
  guard.watch({listening.port()});
  const auto first = client{listening.port()}, second = client{listening.port()};
  for (const auto* each : {&first, &second}) {
    REQUIRE(each->connected());
    listening.accept_one();
  }
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (guard.times_full() == 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  REQUIRE(guard.times_full() == 1);
  const auto third = client{listening.port()};
  CHECK_FALSE(third.connected(200)); // the kernel drops its SYN
  listening.drop(0);
  CHECK(third.connected()); // it tries again by itself
}

TEST_CASE("port guard: other sockets of the process are left alone", "[inspect]") {
  auto watched = server{}, other = server{};
  auto limits = port_guard_limits{};
  limits.shake_max = 100ms;
  auto guard = port_guard{limits};
  guard.watch({watched.port()});
  const auto mine = client{watched.port()}, theirs = client{other.port()};
  REQUIRE(theirs.connected());
  other.accept_one();
  REQUIRE(mine.connected());
  watched.accept_one();
  CHECK(mine.cut());
  CHECK_FALSE(theirs.cut(0));
}
