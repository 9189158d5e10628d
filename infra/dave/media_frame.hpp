#pragma once
// The layout of an encrypted media frame, read from strangers and written. Pure; nothing throws.
// Source: dave 4.2, 4.3 (DAVE 1, "Payload Format").
#include "infra/dave/bytes.hpp"
#include <array>
#include <optional>

namespace hearth::dave {

constexpr size_t media_tag_size = 8; ///< AES-128-GCM's tag, cut.
/// tag, one byte of nonce, size, marker.
constexpr size_t trailer_size_min = media_tag_size + 1 + 1 + 2;
constexpr size_t sealed_overhead_max = media_tag_size + 5 + 1 + 2;

/// Five silent Opus frames end a transmission; any of them may come in clear.
inline constexpr uint8_t silence_frame[] = {0xf8, 0xff, 0xfe};

/// A part that was left readable for the relay: of video, never of Opus.
struct clear_range {
  size_t offset = 0;
  size_t size = 0;
};
struct media_trailer {
  byte_view interleaved; ///< Clear ranges and ciphertext, as they lie.
  byte_view tag;
  uint32_t nonce = 0;
  std::vector<clear_range> clear; ///< Ascending, apart, inside of `interleaved`.
};

/// Nothing unless the frame is a well-formed encrypted one.
std::optional<media_trailer> read_media_trailer(byte_view frame);

/// Writes the trailer of a frame without clear ranges behind its tag.
/// @param out At least sealed_overhead_max - media_tag_size bytes. @return Bytes written.
size_t write_media_trailer(uint32_t nonce, std::span<uint8_t> out);

/// The 12 bytes of AES-GCM: zeros, then the nonce, little endian.
std::array<uint8_t, 12> media_nonce(uint32_t nonce) noexcept;

bool is_silence(byte_view frame) noexcept;

} // namespace hearth::dave
