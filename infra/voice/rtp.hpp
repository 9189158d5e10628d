#pragma once
// RTP as Discord's voice servers speak it. Pure. Source: RFC 3550 5.1, 5.3.1; dave 2.2, 2.3.
#include "infra/dave/bytes.hpp"
#include <optional>

namespace hearth::voice {

using dave::byte_view;

constexpr uint8_t opus_payload_type = 0x78; ///< 120.
constexpr size_t rtp_header_size = 12;
constexpr uint32_t samples_per_frame = 960; ///< 20 ms at 48 kHz: step of the timestamp.

struct rtp_header {
  uint16_t sequence = 0;
  uint32_t timestamp = 0; ///< Samples.
  uint32_t ssrc = 0;
};

/// Version 2, no padding, extension or sources. @param out Exactly rtp_header_size bytes.
void write_rtp_header(const rtp_header& header, std::span<uint8_t> out);

/// A received packet, of which the header and four bytes of an extension are in clear.
struct rtp_packet {
  rtp_header header;
  byte_view clear;           ///< Header, sources, the extension's first four bytes: authenticated.
  byte_view rest;            ///< Encrypted: the extension's body, payload, padding.
  size_t extension_size = 0; ///< Bytes of the extension's body at the beginning of `rest`.
  bool padded = false;       ///< The last byte of `rest` tells how many to drop.
};
/// Nothing unless it is a whole RTP packet of version 2 with payload type 120.
std::optional<rtp_packet> read_rtp(byte_view packet);

/// The payload in what `rest` was decrypted to; nothing when extension or padding are too long.
std::optional<byte_view> rtp_payload(const rtp_packet& packet, byte_view decrypted);

} // namespace hearth::voice
