#pragma once
// Packets as they travel: RTP header in clear, the rest under the session's key, its nonce behind.
// Pure over an AEAD key. Source: dave 2.3.
//   header | ciphertext | tag (16) | nonce (4); the AEAD's nonce is those 4 bytes, then zeros.
#include "infra/dave/crypto_suite.hpp"
#include "infra/voice/rtp.hpp"
#include "infra/voice/transport_mode.hpp"
#include <memory>

namespace hearth::voice {

constexpr size_t packet_nonce_size = 4;
constexpr size_t packet_overhead = rtp_header_size + dave::aead_tag_size + packet_nonce_size;

/// Bytes of the AEAD's nonce: 12 or 24.
constexpr size_t nonce_size_of(transport_mode mode) noexcept {
  return mode == transport_mode::aes256_gcm ? 12 : 24;
}

/// Our stream of one voice session. For one thread.
class packet_sealer {
public:
  /// @param key Of `mode`. @param first Sequence and timestamp of the first packet: random.
  packet_sealer(std::unique_ptr<dave::aead_key> key, transport_mode mode, rtp_header first);
  /// Seals one 20 ms frame. @param out Must not overlap `frame`.
  /// @return The packet's size in `out`; 0 when it has not room for packet_overhead more bytes, or
  /// when the key has sealed 2^32 - 1 packets (2.7 years) and a new session is due.
  size_t seal(byte_view frame, std::span<uint8_t> out);
  /// Lets time pass without a packet. @param samples Of 48 kHz.
  void skip(uint32_t samples) noexcept { next_.timestamp += samples; }
  /// Header of the next packet.
  const rtp_header& next() const noexcept { return next_; }

private:
  std::unique_ptr<dave::aead_key> key_;
  size_t nonce_size_;
  rtp_header next_;
  uint32_t nonce_ = 0; ///< Of the last packet: never twice under one key.
};

/// A packet of somebody else's, open.
struct opened_packet {
  rtp_header header;
  byte_view payload; ///< A DAVE frame, or plain Opus; valid until the next `open`.
};

/// Everybody else's packets of one voice session. For one thread.
class packet_opener {
public:
  packet_opener(std::unique_ptr<dave::aead_key> key, transport_mode mode)
      : key_(std::move(key)), nonce_size_(nonce_size_of(mode)) {}
  /// Nothing unless it is RTP of payload type 120 and its tag fits.
  std::optional<opened_packet> open(byte_view packet);

private:
  std::unique_ptr<dave::aead_key> key_;
  size_t nonce_size_;
  std::vector<uint8_t> plain_;
};

} // namespace hearth::voice
