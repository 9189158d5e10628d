#pragma once
// HTTP/1.1 on loopback with keep-alive and websocket upgrades.
#include "discord-sim/event_loop.hpp"
#include "discord-sim/http.hpp"

namespace sim {

using request_handler = std::function<void(http_request, respond)>;
using upgrade_handler = std::function<void(std::shared_ptr<websocket>, const http_request&)>;

struct http_server_options {
  std::uint16_t port = 0;
  request_handler on_request;
  /// Chooses who takes an upgrade of a path; an empty function refuses with 404.
  std::function<upgrade_handler(const http_request&)> find_upgrade;
  /// 25 MiB and some framing (discord-api 2.5); above: 413 and code 40005.
  std::size_t body_bytes_max = 26u << 20;
  /// True for requests that network faults must not touch (the control interface).
  std::function<bool(const http_request&)> spared;
};

class http_server {
public:
  /// Listens on 127.0.0.1. Throws std::runtime_error when the port is taken.
  http_server(event_loop& loop, http_server_options options);
  ~http_server();

  std::uint16_t port() const;
  /// Takes no new connections.
  void close();
  /// Fault: see network_mode; the port stays ours while refusing. `count` connections or, for
  /// `half`, answers meet it, then it ends by itself; 0: until it is changed.
  void set_network(network_mode mode, int count);
  /// Fault: ends open connections but those that served a spared request. Websockets are not ours.
  void cut();

  struct impl;

private:
  std::shared_ptr<impl> impl_;
};

} // namespace sim
