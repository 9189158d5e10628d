#pragma once
// HTTP/1.1 for signed interactions, by Boost.Beast on an Asio thread. Knows nothing of signatures
// or Discord. TLS is the business of the proxy before it.
#include "infra/interactions/signed_request.hpp"
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hearth {

struct interaction_server_options {
  std::string address = "127.0.0.1"; ///< Numeric.
  uint16_t port = 0;                 ///< 0: any free one.
  size_t body_bytes_max = 1024 * 1024;
  size_t head_bytes_max = 8 * 1024;
  size_t connections_max = 64;    ///< More are closed at once.
  int64_t request_ms_max = 5'000; ///< For a whole request to arrive, and for its answer to leave.
  int64_t idle_ms_max = 30'000;   ///< Between two requests of a connection.
};

/// Not thread safe: lives on the thread that runs `ioc`.
class interaction_server {
public:
  /// Called once for each whole request; must not throw and must not destroy the server.
  using on_request = std::function<inbound_reply(inbound_request)>;

  /// Listens at once. Throws std::runtime_error, with the address and the reason, when it cannot.
  interaction_server(boost::asio::io_context& ioc, interaction_server_options options,
                     on_request answer);
  /// Closes every connection without calling back.
  ~interaction_server();
  interaction_server(const interaction_server&) = delete;
  interaction_server& operator=(const interaction_server&) = delete;

  uint16_t port() const;
  /// Connections open now.
  size_t connections() const noexcept;
  /// Connections turned away because there were too many.
  uint64_t turned_away() const noexcept;

  class impl; ///< Hides Beast.

private:
  std::shared_ptr<impl> impl_; ///< Also held by handlers, which then find it closed.
};

} // namespace hearth
