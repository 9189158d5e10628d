#pragma once
// HTTP by libcurl's multi interface on an Asio thread: keep-alive, HTTP/1.1 or 2, gzip, multipart.
// Knows nothing of Discord but the shape of its multipart bodies.
#include "infra/rest/limit_headers.hpp"
#include "messages/rest.hpp"
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// One exchange as it goes over the wire.
struct http_exchange {
  http_method method = http_method::get;
  std::string url;
  std::string target; ///< Path and query in place of the URL's, percent-encoded; empty: its own.
  std::vector<std::string> headers;  ///< Complete lines, "Name: value", without line break.
  std::string body;                  ///< JSON; empty for none.
  std::vector<file_part> files = {}; ///< Not empty: multipart with `body` as payload_json.
  int64_t timeout_ms = 10'000;       ///< Of everything, connecting included.
  bool fresh = false;                ///< On a new connection: the kept ones are in doubt.
  bool may_repeat = true; ///< Whether the body may be sent again when a kept connection breaks.
};

/// What came of it.
struct http_outcome {
  uint16_t status = 0; ///< 0: no answer, see `trouble`.
  answer_headers headers;
  std::string body;        ///< Decompressed.
  std::string trouble;     ///< Without an answer: why, for the log.
  bool maybe_sent = false; ///< The server may have received the request.
  uint8_t sendings = 0;    ///< Times it went out (libcurl repeats on a stale connection).
  bool timed_out = false;
};

/// Bounds of the client.
struct http_limits {
  uint32_t connections_max = 64; ///< To the one host; further exchanges wait for one.
  size_t answer_bytes_max = 16UL * 1024 * 1024; ///< Decompressed; a longer answer is trouble.
  int64_t connect_ms_max = 10'000;
};

/// Not thread safe: lives on the thread that runs `ioc`. Redirects are not followed: the token must
/// never reach another host (discord-api 7, lesson 25).
class http_client {
public:
  using on_done = std::function<void(http_outcome)>;

  /// @param plain_http Whether http:// is allowed (loopback; the caller has checked).
  http_client(boost::asio::io_context& ioc, bool plain_http, http_limits limits = {});
  /// Drops what is under way without calling back.
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Starts an exchange; `done` is called once, later, from the thread of `ioc`.
  void start(http_exchange exchange, on_done done);
  /// Exchanges under way.
  size_t active() const noexcept;

private:
  class impl;
  std::shared_ptr<impl> impl_; ///< Also held by handlers, which then find it closed.
};

} // namespace hearth
