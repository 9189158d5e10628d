#include "infra/voice/rtp.hpp"

namespace hearth::voice {
namespace {

constexpr uint8_t version_2 = 0x80;
constexpr uint8_t padding_bit = 0x20;
constexpr uint8_t extension_bit = 0x10;
constexpr size_t extension_head_size = 4;

uint32_t number_at(byte_view from, size_t at, size_t size) {
  auto value = uint32_t{0};
  for (const auto byte : from.subspan(at, size))
    value = value << 8 | byte;
  return value;
}

} // namespace

void write_rtp_header(const rtp_header& header, std::span<uint8_t> out) {
  out[0] = version_2;
  out[1] = opus_payload_type;
  out[2] = static_cast<uint8_t>(header.sequence >> 8);
  out[3] = static_cast<uint8_t>(header.sequence);
  for (auto at = size_t{0}; at < 4; ++at) {
    out[4 + at] = static_cast<uint8_t>(header.timestamp >> (24 - 8 * at));
    out[8 + at] = static_cast<uint8_t>(header.ssrc >> (24 - 8 * at));
  }
}

std::optional<rtp_packet> read_rtp(byte_view packet) {
  if (packet.size() < rtp_header_size || (packet[0] & 0xc0) != version_2 ||
      (packet[1] & 0x7f) != opus_payload_type)
    return std::nullopt;
  auto clear_size = rtp_header_size + size_t{4} * (packet[0] & 0x0fU);
  auto found = rtp_packet{};
  found.header = {static_cast<uint16_t>(number_at(packet, 2, 2)), number_at(packet, 4, 4),
                  number_at(packet, 8, 4)};
  found.padded = (packet[0] & padding_bit) != 0;
  if ((packet[0] & extension_bit) != 0) {
    if (packet.size() < clear_size + extension_head_size)
      return std::nullopt;
    found.extension_size = size_t{4} * number_at(packet, clear_size + 2, 2);
    clear_size += extension_head_size;
  }
  if (packet.size() < clear_size)
    return std::nullopt;
  found.clear = packet.first(clear_size);
  found.rest = packet.subspan(clear_size);
  return found;
}

std::optional<byte_view> rtp_payload(const rtp_packet& packet, byte_view decrypted) {
  if (packet.extension_size > decrypted.size())
    return std::nullopt;
  auto payload = decrypted.subspan(packet.extension_size);
  if (!packet.padded)
    return payload;
  if (payload.empty() || payload.back() == 0 || payload.back() > payload.size())
    return std::nullopt;
  return payload.first(payload.size() - payload.back());
}

} // namespace hearth::voice
