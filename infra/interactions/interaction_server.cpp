#include "infra/interactions/interaction_server.hpp"
#include <chrono>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
// Asio 1.74 needs <utility> first.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace hearth {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

class connection;

} // namespace

class interaction_server::impl : public std::enable_shared_from_this<impl> {
public:
  impl(asio::io_context& ioc, interaction_server_options options, on_request answer)
      : options_(std::move(options)), answer_(std::move(answer)), acceptor_(ioc), breather_(ioc) {}

  void listen();
  void close();
  void accept();
  uint16_t port() const { return port_; }
  const interaction_server_options& options() const { return options_; }

  /// Empty once the server is closed.
  const on_request& answer() const { return answer_; }
  void left(connection* which) { open_.erase(which); }

  uint64_t turned_away = 0;
  size_t open() const noexcept { return open_.size(); }

private:
  void accepted(beast::error_code error, tcp::socket socket);

  interaction_server_options options_;
  on_request answer_;
  tcp::acceptor acceptor_;
  asio::steady_timer breather_;
  std::set<connection*> open_;
  uint16_t port_ = 0;
};

namespace {

/// One connection: requests one after the other.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(std::shared_ptr<interaction_server::impl> server, tcp::socket socket)
      : server_(std::move(server)), stream_(std::move(socket)) {}
  ~connection() { server_->left(this); }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// @param wait_ms For the head of the next request to be there.
  void read_head(int64_t wait_ms) {
    const auto& bounds = server_->options();
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(bounds.head_bytes_max));
    parser_->body_limit(bounds.body_bytes_max);
    stream_.expires_after(std::chrono::milliseconds{wait_ms});
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code error, size_t) { self->got_head(error); });
  }
  void cut() {
    auto ignored = beast::error_code{};
    stream_.socket().close(ignored);
  }

private:
  void got_head(beast::error_code error) {
    if (error)
      return refuse(error);
    // A body of known size that is too long is refused before it is sent.
    stream_.expires_after(std::chrono::milliseconds{server_->options().request_ms_max});
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code failed, size_t) {
                       if (failed)
                         self->refuse(failed);
                       else
                         self->got_request();
                     });
  }

  /// What is no request gets one answer if the peer may still read it; the rest is silence.
  void refuse(beast::error_code error) {
    if (error == http::error::body_limit)
      return write({413, {}, {}}, false);
    if (error == http::error::header_limit)
      return write({431, {}, {}}, false);
    if (error.category() == beast::error_code{http::error::bad_method}.category() &&
        error != http::error::end_of_stream && error != http::error::partial_message)
      write({400, {}, {}}, false);
  }

  void got_request() {
    if (!server_->answer())
      return;
    auto& raw = parser_->get();
    auto request = inbound_request{};
    request.method = std::string{raw.method_string()};
    for (const auto& field : raw)
      request.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    request.body = std::move(raw.body());
    const auto keep = raw.keep_alive();
    write(server_->answer()(std::move(request)), keep);
  }

  void write(inbound_reply reply, bool keep) {
    answer_ = {};
    answer_.version(11);
    answer_.result(reply.status);
    answer_.keep_alive(keep);
    if (!reply.content_type.empty())
      answer_.set(http::field::content_type, reply.content_type);
    answer_.body() = std::move(reply.body);
    answer_.prepare_payload();
    stream_.expires_after(std::chrono::milliseconds{server_->options().request_ms_max});
    http::async_write(stream_, answer_,
                      [self = shared_from_this(), keep](beast::error_code error, size_t) {
                        if (error)
                          return;
                        if (keep && self->server_->answer())
                          self->read_head(self->server_->options().idle_ms_max);
                        else
                          self->say_goodbye();
                      });
  }

  /// The rest of what the peer still sends is thrown away, within bounds: closing a socket with
  /// unread bytes would reset it before the answer was read.
  void say_goodbye() {
    auto ignored = beast::error_code{};
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    drain();
  }
  void drain() {
    constexpr auto drained_max = size_t{1} << 20;
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(4096),
                            [self = shared_from_this()](beast::error_code error, size_t n) {
                              self->drained_ += n;
                              if (!error && self->drained_ < drained_max)
                                self->drain();
                            });
  }

  std::shared_ptr<interaction_server::impl> server_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> answer_;
  size_t drained_ = 0;
};

} // namespace

void interaction_server::impl::listen() {
  try {
    const auto where = tcp::endpoint{asio::ip::make_address(options_.address), options_.port};
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error(fmt::format("cannot listen on {} port {}: {}", options_.address,
                                         options_.port, error.code().message()));
  }
  accept();
}

void interaction_server::impl::close() {
  auto ignored = beast::error_code{};
  acceptor_.close(ignored);
  breather_.cancel();
  answer_ = nullptr;
  const auto open = open_; // copied: they leave it
  for (auto* const each : open)
    each->cut();
}

void interaction_server::impl::accept() {
  acceptor_.async_accept([self = shared_from_this()](beast::error_code error, tcp::socket socket) {
    self->accepted(error, std::move(socket));
  });
}

void interaction_server::impl::accepted(beast::error_code error, tcp::socket socket) {
  if (!acceptor_.is_open())
    return;
  if (error) { // out of file descriptors, most likely: a breath, not a loop
    breather_.expires_after(std::chrono::milliseconds{100});
    breather_.async_wait([self = shared_from_this()](beast::error_code stopped) {
      if (!stopped && self->acceptor_.is_open())
        self->accept();
    });
    return;
  }
  if (open_.size() >= options_.connections_max) {
    ++turned_away; // closed by its destructor
  } else {
    auto ignored = beast::error_code{};
    socket.set_option(tcp::no_delay(true), ignored);
    const auto made = std::make_shared<connection>(shared_from_this(), std::move(socket));
    open_.insert(made.get());
    made->read_head(options_.request_ms_max);
  }
  accept();
}

interaction_server::interaction_server(asio::io_context& ioc, interaction_server_options options,
                                       on_request answer)
    : impl_(std::make_shared<impl>(ioc, std::move(options), std::move(answer))) {
  impl_->listen();
}
interaction_server::~interaction_server() { impl_->close(); }
uint16_t interaction_server::port() const { return impl_->port(); }
size_t interaction_server::connections() const noexcept { return impl_->open(); }
uint64_t interaction_server::turned_away() const noexcept { return impl_->turned_away; }

} // namespace hearth
