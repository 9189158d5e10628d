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
};

class http_server {
public:
  /// Listens on 127.0.0.1. Throws std::runtime_error when the port is taken.
  http_server(event_loop& loop, http_server_options options);
  ~http_server();

  std::uint16_t port() const;
  /// Takes no new connections.
  void close();

  struct impl;

private:
  std::shared_ptr<impl> impl_;
};

} // namespace sim
