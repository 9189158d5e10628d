#pragma once
// The voice gateway's TLS port: websockets only.
#include "discord-sim/event_loop.hpp"
#include "discord-sim/http.hpp"
#include "discord-sim/voice_certificate.hpp"

namespace sim {

class voice_listener {
public:
  using taker = std::function<void(std::shared_ptr<websocket>, const http_request&)>;

  /// Listens on 127.0.0.1; port 0 takes a free one. Throws std::runtime_error when it is taken.
  voice_listener(event_loop& loop, std::uint16_t port, const voice_certificate& certificate,
                 taker take);
  ~voice_listener();

  std::uint16_t port() const;

  struct impl;

private:
  std::shared_ptr<impl> impl_;
};

/// The server's UDP socket on 127.0.0.1.
class voice_udp {
public:
  /// Address and port of a client, in host order.
  struct peer {
    std::uint32_t address = 0;
    std::uint16_t port = 0;
    bool operator==(const peer& other) const {
      return address == other.address && port == other.port;
    }
  };
  /// `received` gets every datagram.
  voice_udp(event_loop& loop, std::function<void(peer, std::string_view)> received);
  ~voice_udp();

  std::uint16_t port() const;
  /// Sends at once; what the kernel does not take is lost, as UDP may be.
  void send(peer to, std::string_view datagram);

  struct impl;

private:
  std::shared_ptr<impl> impl_;
};

} // namespace sim
