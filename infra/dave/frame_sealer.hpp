#pragma once
// Encrypts what we say, in one epoch. Pure. Source: dave 4.1, 4.2.
#include "infra/dave/key_ratchet.hpp"
#include "infra/dave/media_frame.hpp"

namespace hearth::dave {

/// One for each epoch in which we speak; for one thread at a time.
class frame_sealer {
public:
  /// @param base Our base secret of the epoch. @param sealed_before Frames counted already: tests.
  frame_sealer(const crypto_suite& crypto, byte_view base, uint64_t sealed_before = 0);
  /// Encrypts a whole Opus frame. @param out Must not overlap.
  /// @return Its size in `out`; 0 when it has not room for sealed_overhead_max more bytes.
  size_t seal(byte_view frame, std::span<uint8_t> out);

private:
  const crypto_suite& crypto_;
  key_ratchet ratchet_;
  std::unique_ptr<aead_key> key_;
  uint64_t count_; ///< The nonce on the wire is its low 32 bits.
};

} // namespace hearth::dave
