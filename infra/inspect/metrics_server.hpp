#pragma once
// A small HTTP/1.1 server for monitoring: GET and HEAD of a few pages that are made on the spot.
// Bounded in every way, since anybody on the machine may connect.
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hearth {

struct monitor_page {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8"; ///< Content-Type.
  std::string body;
};

struct monitor_limits {
  size_t connections_max = 16;    ///< More are closed at once.
  int64_t request_ms_max = 5'000; ///< From the connection, or the last answer, to a whole request.
  int64_t answer_ms_max = 5'000;  ///< For the reader to take the answer.
  size_t head_bytes_max = 8'192;  ///< Of a request.
  size_t requests_max = 1'000;    ///< On one connection; then it is closed.
};

/// Listens from its construction to its destruction. All runs on the thread of `ioc`, `page` too.
class metrics_server {
public:
  /// The page of a path such as "/metrics" (without query); status 404 for others.
  using page_function = std::function<monitor_page(const std::string& path)>;

  /// @param address Such as "127.0.0.1" or "::1". @param port 0: any free one.
  /// Throws boost::system::system_error when the address cannot be had.
  metrics_server(boost::asio::io_context& ioc, const std::string& address, uint16_t port,
                 page_function page, monitor_limits limits = {});
  /// Stops listening and drops all connections. From any thread but that of `ioc`, which must
  /// still run.
  ~metrics_server();
  metrics_server(const metrics_server&) = delete;
  metrics_server& operator=(const metrics_server&) = delete;

  uint16_t port() const noexcept;

private:
  class impl;
  std::shared_ptr<impl> impl_; ///< Also held by handlers, which then find it closed.
};

} // namespace hearth
