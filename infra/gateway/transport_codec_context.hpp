#pragma once
// Decompresses what one gateway connection sends. Source: discord-api 1.2, 7 (lessons 3, 22).
#include "infra/gateway/padded_text.hpp"
#include "infra/gateway/transport.hpp"
#include <memory>

namespace hearth {

/// The decompression context of one connection: make a new one for each, a stale one sees garbage.
class transport_codec {
public:
  enum class outcome : uint8_t {
    message,    ///< `text` has a payload (or several, back to back).
    incomplete, ///< More frames are needed.
    broken,     ///< Garbage, or more than the bound: the connection is of no further use.
  };
  /// @param bytes_max Bound of one decompressed message.
  explicit transport_codec(compression mode, size_t bytes_max = size_t{64} << 20);
  ~transport_codec();
  transport_codec(const transport_codec&) = delete;
  transport_codec& operator=(const transport_codec&) = delete;

  /// Takes one websocket message. Text ones are passed through: the frame's type decides.
  outcome push(padded_text message, bool binary);
  /// The payload after `message`; valid until the next push and as long as what was pushed.
  padded_text text() const noexcept { return text_; }

private:
  struct stream;
  struct zlib_stream;
  struct zstd_stream;

  std::unique_ptr<stream> stream_;
  padded_text text_;
};

} // namespace hearth
