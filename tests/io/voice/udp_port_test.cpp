// Goal: sessions share sockets as far as their peers differ, hear what is theirs, and are not woken
// by sound. Method: real sockets on loopback.
#include <utility> // Asio 1.74 needs it first in C++20

#include "infra/voice/udp_port_socket.hpp"
#include "tests/support/catch.hpp"
#include <boost/asio/ip/udp.hpp>
#include <chrono>

using namespace hearth::voice;
namespace net = boost::asio;
using net::ip::udp;

namespace {

/// A voice server's socket.
struct peer {
  explicit peer(net::io_context& io)
      : socket(io, udp::endpoint{net::ip::address_v4::loopback(), 0}) {}
  udp::socket socket;
  udp::endpoint from; ///< Of what was read last.

  udp_address address() const {
    const auto at = parse_udp_address("127.0.0.1", socket.local_endpoint().port());
    REQUIRE(at);
    return *at;
  }
  /// What waits; loopback delivers before send returns.
  std::vector<uint8_t> read() {
    auto bytes = std::vector<uint8_t>(2'000);
    bytes.resize(socket.receive_from(net::buffer(bytes), from));
    return bytes;
  }
  void send(const std::vector<uint8_t>& bytes) { socket.send_to(net::buffer(bytes), from); }
};

const auto request = std::vector<uint8_t>{0, 1, 0, 70};
const auto answer = std::vector<uint8_t>{0, 2, 0, 70, 1};
const auto sound = std::vector<uint8_t>{0x90, 0x78, 0, 1, 2, 3};

void run(net::io_context& io) {
  io.restart();
  io.run_for(std::chrono::milliseconds{20}); // what the kernel has dropped never comes
}

} // namespace

TEST_CASE("udp address: IP literals only", "[voice]") {
  const auto four = parse_udp_address("192.0.2.7", 50'000);
  REQUIRE(four);
  CHECK(four->size == 16);
  REQUIRE(parse_udp_address("2001:db8::1", 1));
  CHECK(parse_udp_address("2001:db8::1", 1)->size == 28);
  for (const auto* wrong : {"", "localhost", "1.2.3", "1.2.3.4.5", "::1]", "1.2.3.4 "})
    CHECK_FALSE(parse_udp_address(wrong, 1));
  CHECK_FALSE(parse_udp_address("192.0.2.7", 0));
}

TEST_CASE("udp pool: one socket for many peers, another for the same peer", "[voice]") {
  auto io = net::io_context{};
  auto pool = udp_pool{io, false};
  auto one = peer{io}, two = peer{io};
  auto a = pool.lease(one.address(), {});
  auto b = pool.lease(two.address(), {});
  REQUIRE(a);
  CHECK(pool.sockets() == 1);
  CHECK(a->port() == b->port());
  auto c = pool.lease(one.address(), {}); // another session on the same server
  CHECK(pool.sockets() == 2);
  CHECK(c->port() != a->port());
  c.reset();
  CHECK(pool.sockets() == 1);
  const auto kept = b->port(); // as the pacer does, for a moment longer
  a.reset();
  b.reset();
  CHECK(pool.sockets() == 0);
  const auto packet = udp_packet{request, nullptr};
  auto to = one.address();
  CHECK(kept->send(std::array{udp_packet{packet.bytes, &to}}) == 1);
  CHECK(one.read() == request);
  run(io);
}

TEST_CASE("udp pool: everybody hears their own peer, and sound wakes nobody", "[voice]") {
  const auto hear = GENERATE(false, true);
  auto io = net::io_context{};
  auto pool = udp_pool{io, hear};
  auto one = peer{io}, two = peer{io}, stranger = peer{io};
  auto heard = std::vector<std::pair<int, std::vector<uint8_t>>>{};
  const auto note = [&](int who) {
    return [&heard, who](hearth::dave::byte_view packet) {
      heard.emplace_back(who, std::vector<uint8_t>(packet.begin(), packet.end()));
    };
  };
  auto a = pool.lease(one.address(), note(1));
  auto b = pool.lease(two.address(), note(2));
  CHECK(a->send(request));
  CHECK(b->send(request));
  one.read();
  two.read();
  stranger.from = one.from;
  two.send(answer);
  one.send(sound);
  stranger.send(answer);
  one.send(answer);
  run(io);
  auto expected = std::vector<std::pair<int, std::vector<uint8_t>>>{{2, answer}, {1, answer}};
  if (hear)
    expected.insert(expected.begin() + 1, {1, sound});
  CHECK(heard == expected);
  a.reset();
  one.send(answer); // nobody's any more
  run(io);
  CHECK(heard.size() == expected.size());
  b.reset();
  run(io);
}

TEST_CASE("udp port: a batch of packets arrives whole and in order", "[voice]") {
  auto io = net::io_context{};
  auto pool = udp_pool{io, false};
  auto one = peer{io};
  const auto to = one.address();
  auto lease = pool.lease(to, {});
  auto bytes = std::vector<std::vector<uint8_t>>{};
  auto packets = std::vector<udp_packet>{};
  for (auto number = 0; number < 150; ++number)
    bytes.push_back(std::vector<uint8_t>(100, static_cast<uint8_t>(number)));
  for (const auto& each : bytes)
    packets.push_back({each, &to});
  CHECK(lease->port()->send(packets) == 150);
  for (const auto& each : bytes)
    CHECK(one.read() == each);
  lease.reset();
  run(io);
}
