#pragma once
// A websocket server that a test plays line by line on its own thread: each call blocks until the
// client did its part, or fails the test after ten seconds.
#include <utility> // Asio 1.74 needs it first in C++20

#include "tests/support/catch.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/socket.h>

namespace hearth::test {

/// The server's side of one connection.
class scripted_connection {
public:
  using stream = boost::beast::websocket::stream<boost::asio::ip::tcp::socket, false>;

  explicit scripted_connection(boost::asio::ip::tcp::socket socket)
      : ws_(std::make_unique<stream>(std::move(socket))) {
    const auto patience = timeval{10, 0};
    ::setsockopt(tcp().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    boost::beast::http::read(tcp(), request_buffer_, request_);
  }
  /// Accepts the upgrade. @param behind Frames sent in one packet with the HTTP answer.
  void accept() { ws_->accept(request_); }

  std::string target() const { return std::string{request_.target()}; }
  std::string header(const char* name) const { return std::string{request_[name]}; }

  /// The next message.
  std::string receive() {
    auto buffer = boost::beast::flat_buffer{};
    auto error = boost::system::error_code{};
    ws_->read(buffer, error);
    REQUIRE_FALSE(error);
    return boost::beast::buffers_to_string(buffer.data());
  }
  /// Waits for the end and returns its close code; 0 when there was none.
  uint16_t wait_closed() {
    auto error = boost::system::error_code{};
    while (!error) {
      auto buffer = boost::beast::flat_buffer{};
      ws_->read(buffer, error);
    }
    REQUIRE(error != boost::asio::error::try_again); // the patience is over
    return error == boost::beast::websocket::error::closed ? ws_->reason().code : uint16_t{0};
  }
  void text(const std::string& payload) {
    ws_->binary(false);
    ws_->write(boost::asio::buffer(payload));
  }
  void binary(const std::string& payload) {
    ws_->binary(true);
    ws_->write(boost::asio::buffer(payload));
  }
  void ping() { ws_->ping({}); }
  /// Bytes below the websocket.
  void raw(const std::string& bytes) { boost::asio::write(tcp(), boost::asio::buffer(bytes)); }
  void close(uint16_t code) {
    auto error = boost::system::error_code{};
    ws_->close(boost::beast::websocket::close_reason{code}, error);
  }
  /// Ends TCP without a close frame.
  void cut() {
    auto error = boost::system::error_code{};
    tcp().close(error);
  }
  boost::asio::ip::tcp::socket& tcp() { return ws_->next_layer(); }
  stream& websocket() { return *ws_; }

private:
  std::unique_ptr<stream> ws_;
  boost::beast::flat_buffer request_buffer_;
  boost::beast::http::request<boost::beast::http::string_body> request_;
};

/// Listens on a free loopback port.
class scripted_gateway {
public:
  scripted_gateway() : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {}
  std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  /// The next connection, its HTTP request read but not yet answered.
  scripted_connection incoming() {
    auto ready = pollfd{acceptor_.native_handle(), POLLIN, 0};
    REQUIRE(::poll(&ready, 1, 10'000) == 1);
    return scripted_connection{acceptor_.accept()};
  }
  scripted_connection accept() {
    auto connection = incoming();
    connection.accept();
    return connection;
  }
  /// Whether nobody tries to connect for that long.
  bool is_quiet(int for_ms) {
    auto ready = pollfd{acceptor_.native_handle(), POLLIN, 0};
    return ::poll(&ready, 1, for_ms) == 0;
  }

private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace hearth::test
