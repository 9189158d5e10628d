#pragma once
// Which address the voice server sees us at. Pure. Source: dave 2.1.
#include "infra/dave/bytes.hpp"
#include <array>
#include <optional>
#include <string>

namespace hearth::voice {

constexpr size_t discovery_size = 74;
constexpr int64_t discovery_retry_ms = 1'000;
constexpr int64_t keepalive_ms = 5'000;

/// Sent until it is answered.
std::array<uint8_t, discovery_size> discovery_request(uint32_t ssrc);

struct discovered_address {
  std::string address; ///< IPv4 or IPv6 in text.
  uint16_t port = 0;
};
/// Nothing unless it is the answer to our request.
std::optional<discovered_address> read_discovery_answer(dave::byte_view packet, uint32_t ssrc);

/// Keeps address translation on the way open. @param count Of those sent before.
std::array<uint8_t, 8> keepalive_packet(uint64_t count);

} // namespace hearth::voice
