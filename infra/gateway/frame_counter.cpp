#include "infra/gateway/frame_counter.hpp"
#include <algorithm>

namespace hearth {
namespace {

/// Length of a frame head, once its second byte is known.
size_t head_size(uint8_t second) noexcept {
  const auto length = second & 0x7f;
  return 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + ((second & 0x80) != 0 ? 4U : 0U);
}

uint64_t payload_size(const std::array<uint8_t, 14>& head) noexcept {
  const auto length = head[1] & 0x7fU;
  if (length < 126)
    return length;
  const auto bytes = length == 126 ? 2U : 8U;
  auto size = uint64_t{0};
  for (auto i = 0U; i < bytes; ++i)
    size = size << 8 | head[2 + i];
  return size;
}

} // namespace

size_t frame_counter::feed(std::string_view bytes) noexcept {
  auto complete = size_t{0};
  auto at = size_t{0};
  for (;;) {
    if (in_payload_) {
      const auto part = std::min<uint64_t>(payload_, bytes.size() - at);
      at += static_cast<size_t>(part);
      payload_ -= part;
      if (payload_ > 0)
        return complete;
      in_payload_ = false;
      complete += counts_ ? 1 : 0;
    }
    if (at == bytes.size())
      return complete;
    head_[have_++] = static_cast<uint8_t>(bytes[at++]);
    if (have_ < 2 || have_ < head_size(head_[1]))
      continue;
    const auto opcode = head_[0] & 0x0f;
    counts_ = opcode == 8 || (opcode < 8 && (head_[0] & 0x80) != 0);
    payload_ = payload_size(head_);
    in_payload_ = true;
    have_ = 0;
  }
}

} // namespace hearth
