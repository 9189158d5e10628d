#include "infra/inspect/metrics_server.hpp"
#include <utility>
// Asio 1.74 needs <utility> first.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>
#include <future>
#include <optional>
#include <set>

namespace hearth {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;

} // namespace

class metrics_server::impl : public std::enable_shared_from_this<impl> {
public:
  impl(asio::io_context& ioc, const std::string& address, uint16_t port, page_function page,
       monitor_limits limits)
      : acceptor_(ioc), page_(std::move(page)), limits_(limits) {
    const auto where = tcp::endpoint{asio::ip::make_address(address), port};
    acceptor_.open(where.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen(static_cast<int>(limits.connections_max));
    port_ = acceptor_.local_endpoint().port();
  }

  uint16_t port() const noexcept { return port_; }

  void start() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] { self->accept(); });
  }

  /// Afterwards the page function is not called any more.
  void stop_and_wait() {
    auto closed = std::promise<void>{};
    asio::post(acceptor_.get_executor(), [self = shared_from_this(), &closed] {
      self->close();
      closed.set_value();
    });
    closed.get_future().wait();
  }

private:
  void accept() {
    if (closed_)
      return;
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      self->accepted(error, std::move(socket));
    });
  }

  void close() {
    closed_ = true;
    page_ = nullptr;
    auto ignored = error_code{};
    acceptor_.close(ignored);
    for (auto* each : connections_)
      each->stream.close();
  }

  struct connection {
    connection(tcp::socket socket, std::shared_ptr<impl> owner)
        : stream(std::move(socket)), owner(std::move(owner)) {
      this->owner->connections_.insert(this);
    }
    ~connection() { owner->connections_.erase(this); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    std::optional<http::request_parser<http::empty_body>> parser;
    http::response<http::string_body> answer;
    size_t served = 0;
    std::shared_ptr<impl> owner;
  };
  using connection_ptr = std::shared_ptr<connection>;

  void accepted(error_code error, tcp::socket socket) {
    if (closed_)
      return;
    if (!error && connections_.size() < limits_.connections_max)
      read(std::make_shared<connection>(std::move(socket), shared_from_this()));
    if (!error || error == asio::error::connection_aborted)
      return accept();
    // No descriptors, most likely: waiting a moment is better than a busy loop.
    const auto pause = std::make_shared<asio::steady_timer>(acceptor_.get_executor());
    pause->expires_after(std::chrono::seconds{1});
    pause->async_wait([self = shared_from_this(), pause](error_code) { self->accept(); });
  }

  void read(const connection_ptr& peer) {
    peer->parser.emplace();
    peer->parser->header_limit(static_cast<uint32_t>(limits_.head_bytes_max));
    peer->parser->body_limit(0); // a body is refused
    peer->stream.expires_after(std::chrono::milliseconds{limits_.request_ms_max});
    http::async_read(peer->stream, peer->buffer, *peer->parser,
                     [self = shared_from_this(), peer](error_code error, size_t) {
                       if (!error && !self->closed_)
                         self->respond(peer);
                     });
  }

  void respond(const connection_ptr& peer) {
    const auto& asked = peer->parser->get();
    auto made = monitor_page{405, "text/plain; charset=utf-8", "only GET and HEAD\n"};
    if (asked.method() == http::verb::get || asked.method() == http::verb::head) {
      const auto target = std::string{asked.target()};
      try {
        made = page_(target.substr(0, target.find('?')));
      } catch (const std::exception&) {
        made = {500, "text/plain; charset=utf-8", "this page could not be made\n"};
      }
    }
    auto& answer = peer->answer;
    answer = {static_cast<http::status>(made.status), asked.version()};
    answer.set(http::field::content_type, made.type);
    answer.set(http::field::cache_control, "no-store");
    answer.keep_alive(asked.keep_alive() && ++peer->served < limits_.requests_max);
    answer.body() = std::move(made.body);
    answer.prepare_payload();
    if (made.status == 405)
      answer.set(http::field::allow, "GET, HEAD");
    const auto head_only = asked.method() == http::verb::head;
    if (head_only)
      answer.body().clear(); // the length stays
    peer->stream.expires_after(std::chrono::milliseconds{limits_.answer_ms_max});
    const auto written = [self = shared_from_this(), peer](error_code error, size_t) {
      if (error || self->closed_)
        return;
      if (peer->answer.keep_alive())
        return self->read(peer);
      auto ignored = error_code{};
      peer->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    };
    if (!head_only)
      return http::async_write(peer->stream, answer, written);
    const auto head = std::make_shared<http::response_serializer<http::string_body>>(answer);
    http::async_write_header(peer->stream, *head, [head, written](error_code error, size_t size) {
      written(error, size);
    });
  }

  tcp::acceptor acceptor_;
  page_function page_;
  monitor_limits limits_;
  uint16_t port_ = 0;
  std::set<connection*> connections_;
  bool closed_ = false;
};

metrics_server::metrics_server(asio::io_context& ioc, const std::string& address, uint16_t port,
                               page_function page, monitor_limits limits)
    : impl_(std::make_shared<impl>(ioc, address, port, std::move(page), limits)) {
  impl_->start();
}

metrics_server::~metrics_server() { impl_->stop_and_wait(); }

uint16_t metrics_server::port() const noexcept { return impl_->port(); }

} // namespace hearth
