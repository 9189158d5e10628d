#pragma once
// One sender's keys in one epoch: a chain that can only be walked forwards. Pure.
// Source: RFC 9420 9.1 (its key chain), dave 4.1.
#include "infra/dave/labels.hpp"

namespace hearth::dave {

constexpr uint32_t generation_shift = 24; ///< A generation lasts for 2^24 frames.

class key_ratchet {
public:
  /// @param base 16 bytes, from the epoch's exporter.
  key_ratchet(const crypto_suite& crypto, byte_view base)
      : crypto_(&crypto), secret_(to_bytes(base)) {}
  /// Of the key that `next_key` gives out.
  uint32_t generation() const noexcept { return generation_; }
  /// The AES-128 key of the generation; then forgets what it came from.
  bytes next_key() {
    auto key = derive_tree_secret(*crypto_, secret_, "key", generation_, aead_key_size);
    secret_ = derive_tree_secret(*crypto_, secret_, "secret", generation_, hash_size);
    ++generation_;
    return key;
  }

private:
  const crypto_suite* crypto_;
  bytes secret_;
  uint32_t generation_ = 0;
};

} // namespace hearth::dave
