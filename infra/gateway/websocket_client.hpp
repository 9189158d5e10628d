#pragma once
// One websocket at a time, over TLS or, on loopback, plain TCP. The library behind it is heavy: it
// stays inside the .cpp files.
#include "infra/gateway/padded_text.hpp"
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hearth {

struct websocket_options {
  std::string user_agent;                      ///< Discord refuses clients without a proper one.
  int64_t connect_ms_max = 30'000;             ///< Name, TCP, TLS and handshake together.
  int64_t close_ms_max = 1'500;                ///< For the peer's close frame; then TCP is cut.
  size_t message_bytes_max = size_t{64} << 20; ///< Big guilds are several MB.
  size_t unsent_bytes_max = size_t{1} << 20;   ///< A peer that does not read is cut off.
  std::string ca_file = {}; ///< PEM: authorities besides the system's; empty: none.
};

/// What happens on a connection. Called on the thread of the io_context, never from inside a call
/// of the client, and never for a connection that a later `connect` replaced. They must not destroy
/// the client.
struct websocket_events {
  std::function<void()> opened;
  /// One message, valid during the call.
  std::function<void(padded_text, bool binary)> message;
  /// All messages of one read were told: time to pass on what they amounted to.
  std::function<void()> drained;
  /// Exactly once for each `connect`: it failed, or the connection ended. `code` is the peer's
  /// close code, 0 when there was none.
  std::function<void(uint16_t code, const std::string& why)> closed;
};

/// Not thread-safe: all calls on the thread of its io_context. Certificates are checked against the
/// system's authorities and the host's name. Source: discord-api 1.1, 1.4, 7 (lessons 1-3).
class websocket_client {
public:
  websocket_client(boost::asio::io_context& io, websocket_options options, websocket_events events);
  /// Drops the connection; no event comes any more.
  ~websocket_client();
  websocket_client(const websocket_client&) = delete;
  websocket_client& operator=(const websocket_client&) = delete;

  /// Connects to what `parse_websocket_url` accepts. An older connection is dropped without a word.
  void connect(const std::string& url);
  /// Sends one text message. False when there is no open connection.
  bool send(std::string_view text);
  /// The same for a binary message.
  bool send_binary(std::string_view bytes);
  /// Says goodbye with this code; `closed` follows within the grace. Messages still arriving are
  /// thrown away. While connecting it cuts at once.
  void close(uint16_t code);

  class connection; ///< Of the .cpp.

private:
  void drop();

  boost::asio::io_context& io_;
  websocket_options options_;
  websocket_events events_;
  std::shared_ptr<connection> connection_;
};

} // namespace hearth
