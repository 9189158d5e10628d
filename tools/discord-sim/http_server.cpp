#include "discord-sim/http_server.hpp"
#include "discord-sim/api_error.hpp"
#include "discord-sim/websocket_beast.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <set>
#include <stdexcept>

namespace sim {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

/// A connection as the fault "cut" sees it.
struct cuttable {
  virtual ~cuttable() = default;
  virtual void cut() = 0;
};

} // namespace

struct http_server::impl {
  impl(event_loop& l, http_server_options o) : loop(l), options(std::move(o)), acceptor(l.io()) {}
  event_loop& loop;
  http_server_options options;
  tcp::acceptor acceptor;
  /// While refusing: holds the port, so that nobody else is given it meanwhile.
  std::optional<tcp::socket> holder;
  tcp::endpoint where;
  network_mode mode = network_mode::open;
  int left = 0; ///< how often the mode still counts; 0: without end
  std::set<cuttable*> open;

  /// The mode for one more connection or answer.
  network_mode take() {
    const auto now = mode;
    if (now != network_mode::open && left > 0 && --left == 0)
      mode = network_mode::open;
    return now;
  }
};

namespace {

void read_query(std::string_view text, http_request& out) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      out.query.emplace_back(percent_decode(pair.substr(0, equals), true),
                             percent_decode(pair.substr(std::min(equals + 1, pair.size())), true));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

http_request plain_request(const http::request<http::string_body>& in, std::string remote) {
  http_request out;
  out.method = std::string(in.method_string());
  const std::string_view target(in.target().data(), in.target().size());
  const auto mark = std::min(target.find('?'), target.size());
  out.path = std::string(target.substr(0, mark));
  read_query(target.substr(std::min(mark + 1, target.size())), out);
  for (const auto& field : in)
    out.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  out.body = in.body();
  out.remote = std::move(remote);
  return out;
}

std::string wire_text(const http_response& r, bool keep_alive, bool head) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(r.status));
  std::string out = "HTTP/1.1 " + std::to_string(r.status) + " ";
  out.append(reason.data(), reason.size());
  out += "\r\n";
  for (const auto& [name, value] : r.headers)
    out += name + ": " + value + "\r\n";
  // 204 and 304 have no body, hence no length (RFC 9110 8.6).
  if (r.status != 204 && r.status != 304)
    out += "Content-Length: " + std::to_string(r.body.size()) + "\r\n";
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  if (!head && r.status != 204)
    out += r.body;
  return out;
}

/// Fault "connection reset": linger 0 makes close() send RST.
void reset_socket(tcp::socket& socket) {
  beast::error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

class connection : public cuttable, public std::enable_shared_from_this<connection> {
public:
  connection(std::shared_ptr<http_server::impl> server, tcp::socket socket)
      : server_(std::move(server)), socket_(std::move(socket)) {
    beast::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    const auto peer = socket_.remote_endpoint(ignored);
    remote_ = peer.address().to_string(ignored) + ":" + std::to_string(peer.port());
    server_->open.insert(this);
  }
  ~connection() override { server_->open.erase(this); }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  void cut() override {
    if (!spared_)
      reset_socket(socket_);
  }

  void read_head() {
    parser_.emplace();
    parser_->body_limit(server_->options.body_bytes_max);
    parser_->header_limit(32u << 10);
    http::async_read_header(socket_, buffer_, *parser_,
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                              self->got_head(error);
                            });
  }

private:
  void got_head(beast::error_code error) {
    if (error == http::error::body_limit) {
      too_large();
      return;
    }
    if (error)
      return; // closed, or no HTTP
    if (meets_fault())
      return;
    if (beast::websocket::is_upgrade(parser_->get())) {
      upgrade();
      return;
    }
    // curl asks before it sends a large body.
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      static const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      asio::async_write(socket_, asio::buffer(go_on),
                        [self = shared_from_this()](beast::error_code e, std::size_t) {
                          if (!e)
                            self->read_body();
                        });
      return;
    }
    read_body();
  }

  // What the network does to this request; nothing to the control interface's.
  bool meets_fault() {
    spared_ =
        server_->options.spared && server_->options.spared(plain_request(parser_->get(), remote_));
    if (spared_ || server_->mode == network_mode::open)
      return false;
    switch (server_->take()) {
    case network_mode::reset:
      reset_socket(socket_);
      return true;
    case network_mode::silent:
      drain(); // until the client has had enough
      return true;
    case network_mode::half:
      half_ = true;
      break;
    default: // refused connections never come here; open ones go on
      break;
    }
    if (!half_ || !beast::websocket::is_upgrade(parser_->get()))
      return false;
    keep_alive_ = false;
    send("HTTP/1.1 101 Switching Pro");
    return true;
  }

  void read_body() {
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (error == http::error::body_limit)
                         self->too_large();
                       else if (!error)
                         self->handle();
                     });
  }

  void too_large() {
    keep_alive_ = false;
    write(fail(40005).to_response());
  }

  void upgrade() {
    const auto request = plain_request(parser_->get(), remote_);
    auto taker = server_->options.find_upgrade(request);
    if (!taker) {
      keep_alive_ = false;
      write(http_response::text(404, "nothing here speaks websocket\n", "text/plain"));
      return;
    }
    accept_websocket(std::move(socket_), parser_->release(),
                     [taker = std::move(taker), request](std::shared_ptr<websocket> open) {
                       taker(std::move(open), request);
                     });
  }

  void handle() {
    keep_alive_ = parser_->keep_alive();
    head_ = parser_->get().method() == http::verb::head;
    auto request = plain_request(parser_->get(), remote_);
    auto answered = std::make_shared<bool>(false);
    server_->options.on_request(std::move(request),
                                [self = shared_from_this(), answered](http_response response) {
                                  if (std::exchange(*answered, true))
                                    return;
                                  self->answer(std::move(response));
                                });
  }

  void answer(http_response response) {
    if (response.delay.count() > 0) {
      const auto delay = std::exchange(response.delay, std::chrono::milliseconds{0});
      server_->loop.after(delay, [self = shared_from_this(), response = std::move(response)] {
        self->answer(response);
      });
      return;
    }
    if (response.reset) {
      reset_socket(socket_);
      return;
    }
    write(response);
  }

  void write(const http_response& response) {
    auto text = wire_text(response, keep_alive_, head_);
    if (std::exchange(half_, false)) {
      keep_alive_ = false;
      text.resize(text.size() / 2);
    }
    send(std::move(text));
  }

  void send(std::string text) {
    out_ = std::move(text);
    asio::async_write(socket_, asio::buffer(out_),
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        if (error)
                          return;
                        if (self->keep_alive_)
                          self->read_head();
                        else
                          self->linger(error);
                      });
  }

  // A refused upload is still on its way: closing now would reset the connection before the client
  // has read the answer.
  void linger(beast::error_code error) {
    socket_.shutdown(tcp::socket::shutdown_send, error);
    drain();
  }

  void drain() {
    buffer_.consume(buffer_.size());
    socket_.async_read_some(buffer_.prepare(65536),
                            [self = shared_from_this()](beast::error_code error, std::size_t n) {
                              self->drained_ += n;
                              if (!error && self->drained_ < (256u << 20))
                                self->drain();
                            });
  }

  std::shared_ptr<http_server::impl> server_;
  tcp::socket socket_;
  std::string remote_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string out_;
  std::size_t drained_ = 0;
  bool keep_alive_ = true;
  bool head_ = false;
  bool half_ = false;   ///< fault: the answer ends in its middle
  bool spared_ = false; ///< its last request was the control interface's
};

// Throws boost::system::system_error.
void listen(http_server::impl& server) {
  auto& acceptor = server.acceptor;
  acceptor.open(server.where.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(server.where);
  acceptor.listen();
  server.where = acceptor.local_endpoint();
}

void accept_next(std::shared_ptr<http_server::impl> server) {
  auto& acceptor = server->acceptor;
  acceptor.async_accept(
      [server = std::move(server)](beast::error_code error, tcp::socket socket) mutable {
        if (error == asio::error::operation_aborted || !server->acceptor.is_open())
          return;
        if (!error)
          std::make_shared<connection>(server, std::move(socket))->read_head();
        accept_next(std::move(server));
      });
}

} // namespace

http_server::http_server(event_loop& loop, http_server_options options)
    : impl_(std::make_shared<impl>(loop, std::move(options))) {
  impl_->where = {asio::ip::address_v4::loopback(), impl_->options.port};
  try {
    listen(*impl_);
  } catch (const boost::system::system_error& e) {
    throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(impl_->options.port) +
                             ": " + e.code().message());
  }
  accept_next(impl_);
}

http_server::~http_server() { close(); }

std::uint16_t http_server::port() const { return impl_->where.port(); }

void http_server::set_network(network_mode mode, int count) {
  auto& server = *impl_;
  const bool refusing = server.holder.has_value();
  server.mode = mode;
  server.left = count;
  if (refusing == (mode == network_mode::refuse))
    return;
  if (!refusing) {
    server.acceptor.close();
    // Bound, but not listening: connecting is refused.
    server.holder.emplace(server.loop.io(), server.where.protocol());
    server.holder->set_option(tcp::socket::reuse_address(true));
    server.holder->bind(server.where);
    return;
  }
  server.holder.reset();
  listen(server);
  accept_next(impl_);
}

void http_server::cut() {
  const auto open = impl_->open; // copied: cutting ends them
  for (auto* connection : open)
    connection->cut();
}

void http_server::close() {
  boost::system::error_code ignored;
  impl_->acceptor.close(ignored);
}

} // namespace sim
