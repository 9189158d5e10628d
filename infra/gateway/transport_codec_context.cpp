#include "infra/gateway/transport_codec_context.hpp"
#include <algorithm>
#include <zlib.h>
#include <zstd.h>

namespace hearth {
namespace {

constexpr size_t kept_bytes = 256 * 1024; // of the output buffer between messages
constexpr size_t step_bytes = 16 * 1024;  // least room offered to the decompressor
constexpr uint32_t small_messages = 64;   // in a row, before a big buffer is given back
constexpr int zstd_window_log_max = 25;   // 32 MiB: what a hostile peer may make us allocate

} // namespace

/// One direction of decompression into a buffer of its own.
struct transport_codec::stream {
  explicit stream(size_t bytes_max) : bytes_max_(bytes_max) {}
  virtual ~stream() = default;
  virtual outcome push(std::string_view input) = 0;

  /// Before the first byte of a message: a buffer that one huge guild blew up is given back later.
  void begin() {
    small_ = out_.size() * 4 < out_.capacity() ? small_ + 1 : 0;
    if (small_ > small_messages) {
      out_.shrink(kept_bytes);
      small_ = 0;
    }
    out_.clear();
  }
  bool too_big() const noexcept { return out_.size() > bytes_max_; }
  /// Room that is used whole, so that a big message takes few steps.
  size_t room() {
    out_.prepare(step_bytes);
    return out_.capacity() - out_.size();
  }

  padded_buffer out_;

private:
  size_t bytes_max_;
  uint32_t small_ = 0;
};

/// One zlib context; a message ends where the input does with the four bytes of a sync flush.
struct transport_codec::zlib_stream final : stream {
  explicit zlib_stream(size_t bytes_max) : stream(bytes_max) { ready_ = inflateInit(&z_) == Z_OK; }
  ~zlib_stream() override {
    if (ready_)
      inflateEnd(&z_);
  }
  zlib_stream(const zlib_stream&) = delete;
  zlib_stream& operator=(const zlib_stream&) = delete;

  outcome push(std::string_view input) override {
    if (!ready_)
      return outcome::broken;
    if (at_start_)
      begin();
    note_tail(input);
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data())); // zlib never writes it
    z_.avail_in = static_cast<uInt>(input.size());
    for (;;) {
      const auto room = std::min<size_t>(this->room(), UINT32_MAX);
      z_.next_out = reinterpret_cast<Bytef*>(out_.prepare(room));
      z_.avail_out = static_cast<uInt>(room);
      const auto result = inflate(&z_, Z_SYNC_FLUSH);
      out_.commit(room - z_.avail_out);
      if ((result != Z_OK && result != Z_BUF_ERROR) || too_big())
        return outcome::broken;
      if (z_.avail_out > 0) // it would have filled the room, had there been more
        break;
    }
    if (z_.avail_in > 0)
      return outcome::broken;
    at_start_ = tail_ == 0x0000ffffU;
    return at_start_ ? outcome::message : outcome::incomplete;
  }

private:
  void note_tail(std::string_view input) {
    for (const auto ch : input.substr(input.size() > 4 ? input.size() - 4 : 0))
      tail_ = tail_ << 8 | static_cast<uint8_t>(ch);
  }

  z_stream z_{};
  bool ready_ = false;
  bool at_start_ = true;
  uint32_t tail_ = 0; ///< The last four bytes of input.
};

/// One zstd context; each websocket message is one payload.
struct transport_codec::zstd_stream final : stream {
  explicit zstd_stream(size_t bytes_max) : stream(bytes_max), z_(ZSTD_createDCtx()) {
    if (z_ != nullptr)
      ZSTD_DCtx_setParameter(z_, ZSTD_d_windowLogMax, zstd_window_log_max);
  }
  ~zstd_stream() override { ZSTD_freeDCtx(z_); }
  zstd_stream(const zstd_stream&) = delete;
  zstd_stream& operator=(const zstd_stream&) = delete;

  outcome push(std::string_view input) override {
    if (z_ == nullptr)
      return outcome::broken;
    begin();
    auto in = ZSTD_inBuffer{input.data(), input.size(), 0};
    for (;;) {
      const auto room = this->room();
      auto out = ZSTD_outBuffer{out_.prepare(room), room, 0};
      const auto result = ZSTD_decompressStream(z_, &out, &in);
      out_.commit(out.pos);
      if (ZSTD_isError(result) != 0 || too_big())
        return outcome::broken;
      if (in.pos == in.size && out.pos < out.size)
        break;
    }
    return out_.size() > 0 ? outcome::message : outcome::incomplete;
  }

private:
  ZSTD_DCtx* z_;
};

transport_codec::transport_codec(compression mode, size_t bytes_max) {
  if (mode == compression::zlib)
    stream_ = std::make_unique<zlib_stream>(bytes_max);
  else if (mode == compression::zstd)
    stream_ = std::make_unique<zstd_stream>(bytes_max);
}

transport_codec::~transport_codec() = default;

transport_codec::outcome transport_codec::push(padded_text message, bool binary) {
  if (!binary) {
    text_ = message;
    return outcome::message;
  }
  if (!stream_)
    return outcome::broken; // nobody asked for compression
  const auto result = stream_->push(message.view());
  text_ = result == outcome::message ? stream_->out_.text() : padded_text{};
  return result;
}

} // namespace hearth
