#include <utility> // Asio 1.74 needs it first in C++20

#include "infra/gateway/byte_transport_socket.hpp"
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

namespace hearth {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

/// What both kinds share: the socket and how it gets connected.
class tcp_base : public byte_transport, public std::enable_shared_from_this<tcp_base> {
public:
  explicit tcp_base(net::io_context& io) : resolver_(io) {}

  void close() noexcept override {
    auto ignored = error_code{};
    resolver_.cancel();
    socket().shutdown(tcp::socket::shutdown_both, ignored);
    socket().close(ignored);
  }

protected:
  virtual tcp::socket& socket() noexcept = 0;

  void connect_tcp(const websocket_address& address, done handler) {
    resolver_.async_resolve(
        address.host, address.port,
        [self = shared_from_this(), handler = std::move(handler)](
            error_code error, const tcp::resolver::results_type& found) mutable {
          if (error)
            return handler(error);
          net::async_connect(
              self->socket(), found,
              [self, handler = std::move(handler)](error_code failed, const tcp::endpoint&) {
                auto ignored = error_code{};
                if (!failed) // payloads are small and must not wait for each other
                  self->socket().set_option(tcp::no_delay{true}, ignored);
                handler(failed);
              });
        });
  }

private:
  tcp::resolver resolver_;
};

class plain_transport final : public tcp_base {
public:
  explicit plain_transport(net::io_context& io) : tcp_base(io), socket_(io) {}
  void connect(const websocket_address& address, done handler) override {
    connect_tcp(address, std::move(handler));
  }
  void read(net::mutable_buffer into, moved handler) override {
    socket_.async_read_some(into, [self = shared_from_this(), handler = std::move(handler)](
                                      error_code error, size_t size) { handler(error, size); });
  }
  void write(net::const_buffer from, done handler) override {
    net::async_write(socket_, from,
                     [self = shared_from_this(),
                      handler = std::move(handler)](error_code error, size_t) { handler(error); });
  }

protected:
  tcp::socket& socket() noexcept override { return socket_; }

private:
  tcp::socket socket_;
};

class tls_transport final : public tcp_base {
public:
  tls_transport(net::io_context& io, const std::string& ca_file)
      : tcp_base(io), context_(net::ssl::context::tls_client),
        stream_(io, configured(context_, ca_file)) {}

  void connect(const websocket_address& address, done handler) override {
    const auto& host = address.host;
    if (SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str()) != 1)
      return connect_tcp(address, [handler = std::move(handler)](error_code) {
        handler(net::error::make_error_code(net::error::invalid_argument));
      });
    stream_.set_verify_callback(net::ssl::host_name_verification(host));
    connect_tcp(address, [this, self = shared_from_this(),
                          handler = std::move(handler)](error_code error) mutable {
      if (error)
        return handler(error);
      stream_.async_handshake(
          net::ssl::stream_base::client,
          [self, handler = std::move(handler)](error_code failed) { handler(failed); });
    });
  }
  void read(net::mutable_buffer into, moved handler) override {
    stream_.async_read_some(into, [self = shared_from_this(), handler = std::move(handler)](
                                      error_code error, size_t size) { handler(error, size); });
  }
  void write(net::const_buffer from, done handler) override {
    net::async_write(stream_, from,
                     [self = shared_from_this(),
                      handler = std::move(handler)](error_code error, size_t) { handler(error); });
  }

protected:
  tcp::socket& socket() noexcept override { return stream_.next_layer(); }

private:
  static net::ssl::context& configured(net::ssl::context& context, const std::string& ca_file) {
    context.set_default_verify_paths();
    auto unreadable = error_code{}; // then the handshake fails, which is told
    if (!ca_file.empty())
      context.load_verify_file(ca_file, unreadable);
    context.set_verify_mode(net::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS); // 34 kB less when idle
    return context;
  }

  net::ssl::context context_;
  net::ssl::stream<tcp::socket> stream_;
};

} // namespace

std::shared_ptr<byte_transport> make_transport(net::io_context& io, bool tls,
                                               const std::string& ca_file) {
  if (tls)
    return std::make_shared<tls_transport>(io, ca_file);
  return std::make_shared<plain_transport>(io);
}

} // namespace hearth
