#pragma once
// A byte stream to a host: TCP, or TLS over it. For websocket_client.cpp only.
#include "infra/gateway/websocket_url.hpp"
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace hearth {

/// Handlers run on the io_context's thread, never inside the call; after `close` they get an error.
class byte_transport {
public:
  using done = std::function<void(boost::system::error_code)>;
  using moved = std::function<void(boost::system::error_code, size_t)>;

  virtual ~byte_transport() = default;
  /// Resolves the name, connects and, for TLS, checks the certificate against the name.
  virtual void connect(const websocket_address& address, done handler) = 0;
  virtual void read(boost::asio::mutable_buffer into, moved handler) = 0;
  /// Writes all of it.
  virtual void write(boost::asio::const_buffer from, done handler) = 0;
  virtual void close() noexcept = 0;
};

/// @param ca_file PEM: authorities besides the system's; empty: none. One that cannot be read
/// trusts nobody more.
std::shared_ptr<byte_transport> make_transport(boost::asio::io_context& io, bool tls,
                                               const std::string& ca_file = {});

} // namespace hearth
