#include "infra/dave/media_frame.hpp"
#include <algorithm>

namespace hearth::dave {
namespace {

constexpr uint8_t marker = 0xfa; // twice
constexpr size_t fixed_tail = 3; // size and marker

/// ULEB128 of at most 32 bits, taken from the front. Nothing when it is cut off or too big.
std::optional<uint32_t> take_uleb(byte_view& from) {
  auto value = uint64_t{0};
  for (auto at = size_t{0}; at < from.size() && at < 5; ++at) {
    value |= uint64_t{from[at] & 0x7fU} << (7 * at);
    if ((from[at] & 0x80) != 0)
      continue;
    from = from.subspan(at + 1);
    if (value > UINT32_MAX)
      return std::nullopt;
    return static_cast<uint32_t>(value);
  }
  return std::nullopt;
}

} // namespace

std::optional<media_trailer> read_media_trailer(byte_view frame) {
  if (frame.size() < trailer_size_min || frame[frame.size() - 1] != marker ||
      frame[frame.size() - 2] != marker)
    return std::nullopt;
  const auto size = size_t{frame[frame.size() - fixed_tail]};
  if (size < trailer_size_min || size > frame.size())
    return std::nullopt;
  auto found = media_trailer{};
  found.interleaved = frame.first(frame.size() - size);
  auto rest = frame.subspan(found.interleaved.size(), size - fixed_tail);
  found.tag = rest.first(media_tag_size);
  rest = rest.subspan(media_tag_size);
  const auto nonce = take_uleb(rest);
  if (!nonce)
    return std::nullopt;
  found.nonce = *nonce;
  auto end = size_t{0}; // of the range before
  while (!rest.empty()) {
    const auto offset = take_uleb(rest);
    const auto length = offset ? take_uleb(rest) : std::nullopt;
    if (!length || *offset < end || *offset > found.interleaved.size() ||
        *length > found.interleaved.size() - *offset)
      return std::nullopt;
    found.clear.push_back({*offset, *length});
    end = size_t{*offset} + *length;
  }
  return found;
}

size_t write_media_trailer(uint32_t nonce, std::span<uint8_t> out) {
  auto at = size_t{0};
  for (; nonce >= 0x80; nonce >>= 7)
    out[at++] = static_cast<uint8_t>(nonce | 0x80);
  out[at++] = static_cast<uint8_t>(nonce);
  out[at] = static_cast<uint8_t>(media_tag_size + at + fixed_tail);
  out[at + 1] = out[at + 2] = marker;
  return at + fixed_tail;
}

std::array<uint8_t, 12> media_nonce(uint32_t nonce) noexcept {
  return {0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          static_cast<uint8_t>(nonce),
          static_cast<uint8_t>(nonce >> 8),
          static_cast<uint8_t>(nonce >> 16),
          static_cast<uint8_t>(nonce >> 24)};
}

bool is_silence(byte_view frame) noexcept {
  return frame.size() == sizeof silence_frame &&
         std::equal(frame.begin(), frame.end(), std::begin(silence_frame));
}

} // namespace hearth::dave
