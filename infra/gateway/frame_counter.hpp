#pragma once
// Counts the complete websocket messages in a stream of bytes, so that the reader knows how many it
// may take without waiting. It checks nothing: the websocket library does. Pure. Source: RFC 6455,
// section 5.2.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hearth {

class frame_counter {
public:
  /// The next bytes of the stream. Returns how many messages they completed: the last frames of
  /// data messages and close frames; pings and pongs are none.
  size_t feed(std::string_view bytes) noexcept;

private:
  std::array<uint8_t, 14> head_{};
  size_t have_ = 0;      ///< Bytes of the frame head seen so far.
  uint64_t payload_ = 0; ///< Bytes of payload still to come.
  bool counts_ = false;  ///< The frame under way completes a message.
  bool in_payload_ = false;
};

} // namespace hearth
