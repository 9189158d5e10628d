#pragma once
// UDP to voice servers. One socket serves several sessions as long as their servers' addresses
// differ: so one sendmmsg carries packets of many channels. Incoming sound is dropped by a filter
// in the kernel, unless somebody wants to hear it.
#include "infra/voice/pacer_thread.hpp"
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hearth::voice {

/// An IP literal and a port; nothing for anything else: a voice server's name is not looked up.
std::optional<udp_address> parse_udp_address(const std::string& address, uint16_t port);

/// A packet that was not dropped: valid during the call.
using packet_handler = std::function<void(dave::byte_view)>;

class udp_socket;

/// One session's right to a socket. Sends from any thread by `port`; the rest as udp_pool.
class udp_lease {
public:
  udp_lease(std::shared_ptr<udp_socket> socket, udp_address peer);
  ~udp_lease();
  udp_lease(const udp_lease&) = delete;
  udp_lease& operator=(const udp_lease&) = delete;

  std::shared_ptr<packet_port> port() const;
  const udp_address& peer() const noexcept { return peer_; }
  /// Of IP discovery and keepalive. @return Whether it went out.
  bool send(dave::byte_view packet);

private:
  std::shared_ptr<udp_socket> socket_;
  udp_address peer_;
};

/// The sockets there are. For the thread of its io_context only.
class udp_pool {
public:
  /// @param hear Let incoming sound through to the handlers.
  udp_pool(boost::asio::io_context& io, bool hear) : io_(io), hear_(hear) {}
  /// A socket on which nobody talks to that peer yet. Null when the system gives none.
  std::unique_ptr<udp_lease> lease(const udp_address& peer, packet_handler handler);
  /// Of those in use.
  size_t sockets() const;

private:
  boost::asio::io_context& io_;
  bool hear_;
  std::vector<std::weak_ptr<udp_socket>> sockets_;
};

} // namespace hearth::voice
