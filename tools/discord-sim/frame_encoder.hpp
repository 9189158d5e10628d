#pragma once
// Transport compression of the gateway (discord-api 1.2): one context per connection.
#include <memory>
#include <string>
#include <string_view>

namespace sim {

class frame_encoder {
public:
  virtual ~frame_encoder() = default;
  /// The bytes of one websocket message that carries `text`, flushed so that the receiver can
  /// decode all of it.
  virtual std::string encode(std::string_view text) = 0;
};

/// zlib-stream: ends with 00 00 FF FF. zstd-stream: flushed blocks of one endless frame. nullptr
/// for any other name ("" = no compression).
std::unique_ptr<frame_encoder> make_frame_encoder(std::string_view name);

/// A standalone zlib stream (RFC 1950), for `compress:true` in IDENTIFY.
std::string zlib_whole(std::string_view text);

} // namespace sim
