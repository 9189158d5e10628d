#include "discord-sim/frame_encoder.hpp"
#include <stdexcept>
#include <zlib.h>
#include <zstd.h>

namespace sim {

namespace {

class zlib_encoder : public frame_encoder {
public:
  zlib_encoder() {
    if (deflateInit(&stream_, Z_DEFAULT_COMPRESSION) != Z_OK)
      throw std::runtime_error("zlib: cannot start a stream");
  }
  ~zlib_encoder() override { deflateEnd(&stream_); }
  zlib_encoder(const zlib_encoder&) = delete;
  zlib_encoder& operator=(const zlib_encoder&) = delete;

  std::string encode(std::string_view text) override {
    std::string out;
    out.resize(deflateBound(&stream_, text.size()) + 16);
    std::size_t done = 0;
    // zlib's interface is not const-correct; it does not write to next_in.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    for (;;) {
      stream_.next_out = reinterpret_cast<Bytef*>(out.data()) + done;
      stream_.avail_out = static_cast<uInt>(out.size() - done);
      deflate(&stream_, Z_SYNC_FLUSH);
      done = out.size() - stream_.avail_out;
      if (stream_.avail_out != 0)
        break;
      out.resize(out.size() * 2);
    }
    out.resize(done);
    return out;
  }

private:
  z_stream stream_{};
};

class zstd_encoder : public frame_encoder {
public:
  zstd_encoder() : context_(ZSTD_createCCtx()) {
    if (!context_)
      throw std::runtime_error("zstd: cannot start a stream");
  }
  ~zstd_encoder() override { ZSTD_freeCCtx(context_); }
  zstd_encoder(const zstd_encoder&) = delete;
  zstd_encoder& operator=(const zstd_encoder&) = delete;

  std::string encode(std::string_view text) override {
    std::string out;
    out.resize(ZSTD_compressBound(text.size()) + 64);
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    for (;;) {
      const auto left = ZSTD_compressStream2(context_, &to, &in, ZSTD_e_flush);
      if (ZSTD_isError(left))
        throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(left));
      if (left == 0 && in.pos == in.size)
        break;
      out.resize(out.size() * 2);
      to.dst = out.data();
      to.size = out.size();
    }
    out.resize(to.pos);
    return out;
  }

private:
  ZSTD_CCtx* context_;
};

} // namespace

std::unique_ptr<frame_encoder> make_frame_encoder(std::string_view name) {
  if (name == "zlib-stream")
    return std::make_unique<zlib_encoder>();
  if (name == "zstd-stream")
    return std::make_unique<zstd_encoder>();
  return nullptr;
}

std::string zlib_whole(std::string_view text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string out(size, '\0');
  if (compress(reinterpret_cast<Bytef*>(out.data()), &size,
               reinterpret_cast<const Bytef*>(text.data()),
               static_cast<uLong>(text.size())) != Z_OK)
    throw std::runtime_error("zlib: cannot compress");
  out.resize(size);
  return out;
}

} // namespace sim
