#pragma once
// Encryption between a client and the voice server (dave 2.2, 2.3): RTP headers and both AEAD
// modes.
#include "discord-sim/types.hpp"

namespace sim {

enum class voice_mode : std::uint8_t {
  aes256_gcm,
  xchacha20_poly1305,
  xsalsa20_lite ///< discontinued; see voice_options::legacy
};

std::string_view name_of(voice_mode mode);
std::optional<voice_mode> voice_mode_named(std::string_view name);

/// The parts of one RTP packet.
struct rtp_packet {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::uint32_t nonce = 0; ///< as big endian
  std::string payload;     ///< a DAVE frame or plain Opus
};

/// What an RTP packet claims before it is opened; nothing when it is none.
struct rtp_head {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::size_t size = 0; ///< of what is authenticated and not encrypted
  bool extended = false;
  bool padded = false;
};
std::optional<rtp_head> read_rtp_head(std::string_view packet);

/// Opens a packet under the client's key; nothing when it does not authenticate.
std::optional<rtp_packet> open_rtp(voice_mode mode, std::string_view key, std::string_view packet);
/// Seals one. With `extension` it has the header extension that Discord's own packets have (an
/// audio level), whose body is encrypted with the payload.
std::string seal_rtp(voice_mode mode, std::string_view key, const rtp_packet& packet,
                     bool extension);

} // namespace sim
