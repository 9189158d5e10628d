#include "infra/dave/codec.hpp"
#include "infra/dave/failure.hpp"

namespace hearth::dave {
namespace {

constexpr size_t one_byte_limit = 0x40;
constexpr size_t two_byte_limit = 0x4000;
constexpr size_t four_byte_limit = 0x40000000;

} // namespace

byte_view reader::take(size_t count) {
  require(count <= rest_.size(), "message ends too early");
  const auto taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

uint64_t reader::number(size_t size) {
  auto value = uint64_t{0};
  for (const auto byte : take(size))
    value = value << 8 | byte;
  return value;
}

size_t reader::length() {
  const auto first = u8();
  const auto prefix = first >> 6;
  require(prefix != 3, "vector header with an invalid prefix");
  auto value = size_t{first} & 0x3f;
  for (const auto byte : take((size_t{1} << prefix) - 1))
    value = value << 8 | byte;
  const auto least = prefix == 0 ? 0 : prefix == 1 ? one_byte_limit : two_byte_limit;
  require(value >= least, "vector header longer than needed");
  return value;
}

bool reader::present() {
  const auto flag = u8();
  require(flag <= 1, "neither present nor absent");
  return flag == 1;
}

void reader::end() const { require(rest_.empty(), "bytes after the end of the message"); }

writer& writer::number(uint64_t value, size_t size) {
  for (auto shift = size * 8; shift > 0;)
    out_.push_back(static_cast<uint8_t>(value >> (shift -= 8)));
  return *this;
}

writer& writer::raw(byte_view from) {
  out_.insert(out_.end(), from.begin(), from.end());
  return *this;
}

writer& writer::length(size_t size) {
  require(size < four_byte_limit, "vector too long to be sent");
  if (size < one_byte_limit)
    return u8(static_cast<uint8_t>(size));
  if (size < two_byte_limit)
    return u16(static_cast<uint16_t>(size | 0x4000));
  return u32(static_cast<uint32_t>(size | 0x80000000));
}

writer& writer::vector(byte_view from) { return length(from.size()).raw(from); }

} // namespace hearth::dave
