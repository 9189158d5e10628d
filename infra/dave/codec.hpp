#pragma once
// The TLS presentation language with MLS's variable-size vectors: a bounds-checked reader of what
// strangers sent and the writer. Pure. Source: RFC 9420 2.1, dave 5.1.
#include "infra/dave/bytes.hpp"

namespace hearth::dave {

/// Reads from borrowed bytes, which must outlive the reader and the views it gives out. Every
/// function throws `failure` rather than read past the end.
class reader {
public:
  explicit reader(byte_view from) : rest_(from) {}
  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint64_t u64() { return number(8); }
  /// The next `count` bytes as they are.
  byte_view take(size_t count);
  /// opaque x<V>.
  byte_view vector() { return take(length()); }
  bytes vector_bytes() { return to_bytes(vector()); }
  /// The header of a vector: 1, 2 or 4 bytes, shortest form only.
  size_t length();
  /// optional<T>: whether T follows.
  bool present();
  bool empty() const noexcept { return rest_.empty(); }
  byte_view rest() const noexcept { return rest_; }
  /// Refuses trailing bytes.
  void end() const;

private:
  uint64_t number(size_t size);
  byte_view rest_;
};

/// Big-endian numbers and vectors, one behind the other.
class writer {
public:
  writer& u8(uint8_t value) { return number(value, 1); }
  writer& u16(uint16_t value) { return number(value, 2); }
  writer& u32(uint32_t value) { return number(value, 4); }
  writer& u64(uint64_t value) { return number(value, 8); }
  writer& raw(byte_view from);
  /// opaque x<V>. @throws failure above 2^30 - 1 bytes.
  writer& vector(byte_view from);
  /// The header alone.
  writer& length(size_t size);
  const bytes& view() const noexcept { return out_; }
  bytes take() { return std::move(out_); }

private:
  writer& number(uint64_t value, size_t size);
  bytes out_;
};

} // namespace hearth::dave
