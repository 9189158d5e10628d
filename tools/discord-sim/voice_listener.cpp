#include "discord-sim/voice_listener.hpp"
#include "discord-sim/websocket_stream.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <stdexcept>

namespace sim {

namespace asio = boost::asio;
namespace http = beast::http;

using tls_stream = beast::ssl_stream<tcp::socket>;

template <> struct stream_parts<tls_stream> {
  static tcp::socket& socket(tls_stream& stream) { return stream.next_layer(); }
  static std::size_t waiting(const tls_stream&) { return 0; }
  static void cork(tls_stream&, bool) {}
};

namespace {

constexpr std::chrono::seconds handshake_max{10};

std::string query_part(std::string_view target, std::string_view key) {
  const auto mark = target.find('?');
  auto rest = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    if (pair.substr(0, key.size()) == key && pair.substr(key.size(), 1) == "=")
      return std::string(pair.substr(key.size() + 1));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

} // namespace

struct voice_listener::impl : std::enable_shared_from_this<voice_listener::impl> {
  impl(event_loop& l, taker t) : loop(l), take(std::move(t)), acceptor(l.io()) {}

  // One connection until its websocket stands.
  struct guest : std::enable_shared_from_this<guest> {
    guest(std::shared_ptr<impl> s, tcp::socket socket)
        : server(std::move(s)), stream(std::move(socket), server->context) {}

    void start() {
      // Whoever does not finish the handshake is cut off.
      deadline = server->loop.timer(handshake_max, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
          beast::error_code ignored;
          self->stream.next_layer().close(ignored);
        }
      });
      stream.async_handshake(asio::ssl::stream_base::server,
                             [self = shared_from_this()](beast::error_code error) {
                               if (!error)
                                 self->read();
                             });
    }

    void read() {
      http::async_read(stream, buffer, request,
                       [self = shared_from_this()](beast::error_code error, std::size_t) {
                         if (!error)
                           self->upgrade();
                       });
    }

    void upgrade() {
      deadline.reset();
      http_request seen;
      const std::string_view target(request.target().data(), request.target().size());
      seen.path = std::string(target.substr(0, target.find('?')));
      if (auto version = query_part(target, "v"); !version.empty())
        seen.query.emplace_back("v", std::move(version));
      if (!ws::is_upgrade(request))
        return; // the connection ends with us
      std::make_shared<beast_websocket<tls_stream>>(std::move(stream))
          ->accept(std::move(request),
                   [server = server, seen = std::move(seen)](std::shared_ptr<websocket> open) {
                     if (server->take)
                       server->take(std::move(open), seen);
                   });
    }

    std::shared_ptr<impl> server;
    tls_stream stream;
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    std::unique_ptr<timer_handle> deadline;
  };

  void accept() {
    acceptor.async_accept([self = shared_from_this()](beast::error_code error, tcp::socket socket) {
      if (error)
        return;
      std::make_shared<guest>(self, std::move(socket))->start();
      self->accept();
    });
  }

  event_loop& loop;
  taker take;
  asio::ssl::context context{asio::ssl::context::tls_server};
  tcp::acceptor acceptor;
};

voice_listener::voice_listener(event_loop& loop, std::uint16_t port,
                               const voice_certificate& certificate, taker take)
    : impl_(std::make_shared<impl>(loop, std::move(take))) {
  try {
    impl_->context.use_certificate_chain(asio::buffer(certificate.certificate));
    impl_->context.use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
    const tcp::endpoint where(asio::ip::address_v4::loopback(), port);
    impl_->acceptor.open(where.protocol());
    impl_->acceptor.set_option(tcp::acceptor::reuse_address(true));
    impl_->acceptor.bind(where);
    impl_->acceptor.listen();
  } catch (const boost::system::system_error& e) {
    throw std::runtime_error("voice port " + std::to_string(port) + ": " + e.code().message());
  }
  impl_->accept();
}

voice_listener::~voice_listener() {
  impl_->take = nullptr;
  beast::error_code ignored;
  impl_->acceptor.close(ignored);
}

std::uint16_t voice_listener::port() const { return impl_->acceptor.local_endpoint().port(); }

} // namespace sim
