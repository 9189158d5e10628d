#include "infra/dave/frame_sealer.hpp"

namespace hearth::dave {

frame_sealer::frame_sealer(const crypto_suite& crypto, byte_view base, uint64_t sealed_before)
    : crypto_(crypto), ratchet_(crypto, base), count_(sealed_before) {}

size_t frame_sealer::seal(byte_view frame, std::span<uint8_t> out) {
  if (out.size() < frame.size() + sealed_overhead_max)
    return 0;
  ++count_;
  const auto generation = count_ >> generation_shift;
  while (!key_ || ratchet_.generation() <= generation)
    key_ = crypto_.aead(ratchet_.next_key());
  const auto nonce = static_cast<uint32_t>(count_);
  const auto tag = out.subspan(frame.size(), media_tag_size);
  if (!key_->seal(media_nonce(nonce), {}, frame, out.data(), tag))
    return 0;
  const auto sealed = frame.size() + media_tag_size;
  return sealed + write_media_trailer(nonce, out.subspan(sealed));
}

} // namespace hearth::dave
