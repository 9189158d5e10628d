#pragma once
// HTTP messages as plain values, free of any library.
#include "discord-sim/types.hpp"
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace sim {

/// Header names compare without case.
using header_list = std::vector<std::pair<std::string, std::string>>;

struct http_request {
  std::string method;
  std::string path; ///< percent-encoding kept; without the query
  std::vector<std::pair<std::string, std::string>> query; ///< decoded, repeated keys kept
  header_list headers;
  std::string body;
  std::string remote; ///< "address:port"

  /// Value of a header, "" when absent.
  std::string_view header(std::string_view name) const;
  /// First value of a query key.
  std::optional<std::string_view> query_value(std::string_view key) const;
};

struct http_response {
  int status = 200;
  header_list headers;
  std::string body;
  std::chrono::milliseconds delay{0}; ///< fault: written that much later
  bool reset = false;                 ///< fault: drop the connection instead of answering
  bool bare = false;                  ///< fault: not Discord's own answer; no rate limit headers
  bool later = false;                 ///< the handler took rest_call::defer() and answers itself

  /// JSON answer with Content-Type application/json.
  static http_response of(int status, const json& body);
  static http_response text(int status, std::string body, std::string content_type);
  /// 204: no body, no Content-Type (discord-api 8).
  static http_response none();
};

/// Takes the answer to one request; a second call has no effect.
using respond = std::function<void(http_response)>;

/// What befalls connections before anything is read of them but its first lines (faults).
enum class network_mode {
  open,   ///< nothing
  refuse, ///< nobody listens: connecting fails
  reset,  ///< accepted, then reset
  silent, ///< accepted, never answered
  half    ///< the answer ends in its middle
};

/// %XX and, in queries, + decoded; malformed escapes stay as they are.
std::string percent_decode(std::string_view text, bool plus_is_space = false);

/// One websocket connection as the simulator sees it. All callbacks run on the simulator's thread.
class websocket {
public:
  virtual ~websocket() = default;
  /// Queues a frame; the text is shared with other receivers.
  virtual void send(std::shared_ptr<const std::string> data, bool binary) = 0;
  /// Sends a close frame, then ends the connection.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  /// Ends the TCP connection without a close frame (fault).
  virtual void drop() = 0;
  /// Bytes queued and not yet written.
  virtual std::size_t queued() const = 0;

  std::function<void(std::string_view data, bool binary)> on_message;
  /// Once, whoever closed. `code` 0: without a close frame.
  std::function<void(std::uint16_t code)> on_close;
};

} // namespace sim
