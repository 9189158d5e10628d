#include "infra/voice/ip_discovery.hpp"
#include <algorithm>

namespace hearth::voice {
namespace {

constexpr uint16_t request_type = 1;
constexpr uint16_t answer_type = 2;
constexpr uint16_t body_size = 70; // all but type and this
constexpr size_t ssrc_at = 4;
constexpr size_t address_at = 8;
constexpr size_t address_size = 64;
constexpr size_t port_at = 72;

uint16_t u16_at(dave::byte_view from, size_t at) {
  return static_cast<uint16_t>(from[at] << 8 | from[at + 1]);
}

} // namespace

std::array<uint8_t, discovery_size> discovery_request(uint32_t ssrc) {
  auto packet = std::array<uint8_t, discovery_size>{};
  packet[1] = request_type;
  packet[3] = body_size;
  for (auto at = size_t{0}; at < 4; ++at)
    packet[ssrc_at + at] = static_cast<uint8_t>(ssrc >> (24 - 8 * at));
  return packet;
}

std::optional<discovered_address> read_discovery_answer(dave::byte_view packet, uint32_t ssrc) {
  if (packet.size() != discovery_size || u16_at(packet, 0) != answer_type ||
      u16_at(packet, 2) != body_size)
    return std::nullopt;
  const auto asked = discovery_request(ssrc);
  if (!std::equal(asked.begin() + ssrc_at, asked.begin() + address_at, packet.begin() + ssrc_at))
    return std::nullopt;
  const auto field = packet.subspan(address_at, address_size);
  const auto end = std::find(field.begin(), field.end(), 0);
  const auto is_address = [](uint8_t ch) {
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f') || (ch >= 'A' && ch <= 'F') ||
           ch == '.' || ch == ':';
  };
  auto found = discovered_address{{field.begin(), end}, u16_at(packet, port_at)};
  if (end == field.end() || end == field.begin() || found.port == 0 ||
      !std::all_of(field.begin(), end, is_address))
    return std::nullopt;
  return found;
}

std::array<uint8_t, 8> keepalive_packet(uint64_t count) {
  auto packet = std::array<uint8_t, 8>{};
  for (auto at = size_t{0}; at < packet.size(); ++at)
    packet[at] = static_cast<uint8_t>(count >> (8 * at));
  return packet;
}

} // namespace hearth::voice
