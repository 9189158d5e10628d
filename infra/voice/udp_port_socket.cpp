#include <utility> // Asio 1.74 needs it first in C++20

#include "infra/voice/udp_port_socket.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstring>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hearth::voice {
namespace {

constexpr size_t packets_per_call = 64;
constexpr size_t received_max = 2'048; // bytes of a packet; RTP of audio is below 1'500
constexpr int buffer_bytes = 1 << 20;  // of the system, for sending: a burst of many channels

/// Refuses RTP and RTCP (version 2) before it wakes anybody. The first byte of UDP's payload comes
/// behind its header of 8. Source: socket(7), SO_ATTACH_FILTER.
bool drop_sound(int socket) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 8),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xc0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x80, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, 0xffff),
  };
  const auto program = sock_fprog{static_cast<unsigned short>(std::size(code)), code};
  return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

/// A descriptor that is closed when the last one lets go, on whatever thread.
class descriptor final : public packet_port {
public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() override { ::close(number_); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int number() const noexcept { return number_; }

  size_t send(std::span<const udp_packet> packets) override {
    auto done = size_t{0};
    while (done < packets.size()) {
      const auto count = std::min(packets.size() - done, packets_per_call);
      std::array<iovec, packets_per_call> parts; // only what is sent is filled
      std::array<mmsghdr, packets_per_call> heads;
      for (auto at = size_t{0}; at < count; ++at) {
        const auto& packet = packets[done + at];
        parts[at] = {const_cast<uint8_t*>(packet.bytes.data()), packet.bytes.size()};
        heads[at] = {};
        heads[at].msg_hdr.msg_name = const_cast<uint8_t*>(packet.to->raw.data());
        heads[at].msg_hdr.msg_namelen = packet.to->size;
        heads[at].msg_hdr.msg_iov = &parts[at];
        heads[at].msg_hdr.msg_iovlen = 1;
      }
      const auto sent = ::sendmmsg(number_, heads.data(), static_cast<unsigned>(count),
                                   MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent > 0) {
        done += static_cast<size_t>(sent);
        continue;
      }
      if (sent < 0 && errno == EINTR)
        continue;
      break; // the system has no room
    }
    return done;
  }

private:
  int number_;
};

bool same_peer(const udp_address& a, const sockaddr_storage& from) {
  const auto family = from.ss_family;
  if (family == AF_INET) {
    auto known = sockaddr_in{};
    if (a.size != sizeof known)
      return false;
    std::memcpy(&known, a.raw.data(), sizeof known);
    const auto& other = reinterpret_cast<const sockaddr_in&>(from);
    return known.sin_port == other.sin_port && known.sin_addr.s_addr == other.sin_addr.s_addr;
  }
  auto known = sockaddr_in6{};
  if (family != AF_INET6 || a.size != sizeof known)
    return false;
  std::memcpy(&known, a.raw.data(), sizeof known);
  const auto& other = reinterpret_cast<const sockaddr_in6&>(from);
  return known.sin6_port == other.sin6_port &&
         std::memcmp(&known.sin6_addr, &other.sin6_addr, sizeof known.sin6_addr) == 0;
}

} // namespace

std::optional<udp_address> parse_udp_address(const std::string& address, uint16_t port) {
  auto out = udp_address{};
  auto four = sockaddr_in{};
  auto six = sockaddr_in6{};
  if (port == 0)
    return std::nullopt;
  if (::inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    std::memcpy(out.raw.data(), &four, sizeof four);
    out.size = sizeof four;
    return out;
  }
  if (::inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    static_assert(sizeof six <= sizeof out.raw);
    std::memcpy(out.raw.data(), &six, sizeof six);
    out.size = sizeof six;
    return out;
  }
  return std::nullopt;
}

/// The socket of several leases. The pacer may still hold the descriptor when the last has ended.
class udp_socket : public std::enable_shared_from_this<udp_socket> {
public:
  udp_socket(boost::asio::io_context& io, int number, bool six)
      : port_(std::make_shared<descriptor>(number)), six_(six), readable_(io) {}

  bool start(bool hear) {
    const auto watched = ::dup(port_->number()); // Asio's own: closed on its thread
    if (watched < 0)
      return false;
    readable_.assign(watched);
    if (!hear && !drop_sound(port_->number()))
      return false;
    wait();
    return true;
  }
  void stop() {
    auto ignored = boost::system::error_code{};
    readable_.close(ignored);
  }

  bool fits(const udp_address& peer) const {
    return six_ == (peer.size == sizeof(sockaddr_in6)) &&
           std::none_of(users_.begin(), users_.end(),
                        [&](const auto& user) { return user.first == peer; });
  }
  void add(const udp_address& peer, packet_handler handler) {
    users_.emplace_back(peer, std::move(handler));
  }
  void remove(const udp_address& peer) {
    users_.erase(std::remove_if(users_.begin(), users_.end(),
                                [&](const auto& user) { return user.first == peer; }),
                 users_.end());
    if (users_.empty())
      stop();
  }
  bool in_use() const noexcept { return !users_.empty(); }
  const std::shared_ptr<descriptor>& port() const noexcept { return port_; }

private:
  void wait() {
    readable_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [self = shared_from_this()](boost::system::error_code error) {
                           if (error || !self->in_use())
                             return;
                           self->receive();
                           if (self->in_use())
                             self->wait();
                         });
  }
  void receive() {
    auto from = sockaddr_storage{};
    for (auto count = size_t{0}; count < packets_per_call; ++count) {
      auto size = socklen_t{sizeof from};
      const auto got = ::recvfrom(port_->number(), received_.data(), received_.size(), MSG_DONTWAIT,
                                  reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 0)
        return;
      const auto user = std::find_if(users_.begin(), users_.end(), [&](const auto& known) {
        return same_peer(known.first, from);
      });
      if (user == users_.end() || !user->second)
        continue;                        // a stranger
      const auto handler = user->second; // it may end its lease
      handler(dave::byte_view{received_.data(), static_cast<size_t>(got)});
    }
  }

  std::shared_ptr<descriptor> port_;
  bool six_;
  boost::asio::posix::stream_descriptor readable_;
  std::vector<std::pair<udp_address, packet_handler>> users_;
  std::array<uint8_t, received_max> received_{};
};

udp_lease::udp_lease(std::shared_ptr<udp_socket> socket, udp_address peer)
    : socket_(std::move(socket)), peer_(peer) {}
udp_lease::~udp_lease() { socket_->remove(peer_); }
std::shared_ptr<packet_port> udp_lease::port() const { return socket_->port(); }
bool udp_lease::send(dave::byte_view packet) {
  const auto one = udp_packet{packet, &peer_};
  return socket_->port()->send({&one, 1}) == 1;
}

std::unique_ptr<udp_lease> udp_pool::lease(const udp_address& peer, packet_handler handler) {
  sockets_.erase(std::remove_if(sockets_.begin(), sockets_.end(),
                                [](const auto& weak) {
                                  const auto socket = weak.lock();
                                  return !socket || !socket->in_use();
                                }),
                 sockets_.end());
  auto socket = std::shared_ptr<udp_socket>{};
  for (const auto& weak : sockets_)
    if (const auto known = weak.lock(); known && known->fits(peer)) {
      socket = known;
      break;
    }
  if (!socket) {
    const auto six = peer.size == sizeof(sockaddr_in6);
    const auto number =
        ::socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (number < 0)
      return nullptr;
    ::setsockopt(number, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    socket = std::make_shared<udp_socket>(io_, number, six);
    if (!socket->start(hear_))
      return nullptr;
    sockets_.push_back(socket);
  }
  socket->add(peer, std::move(handler));
  return std::make_unique<udp_lease>(std::move(socket), peer);
}

size_t udp_pool::sockets() const {
  return static_cast<size_t>(std::count_if(sockets_.begin(), sockets_.end(), [](const auto& weak) {
    const auto socket = weak.lock();
    return socket && socket->in_use();
  }));
}

} // namespace hearth::voice
