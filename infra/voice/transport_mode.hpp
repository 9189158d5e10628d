#pragma once
// How packets between us and the voice server are encrypted. Pure. Source: dave 2.3.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hearth::voice {

enum class transport_mode : uint8_t {
  aes256_gcm, ///< Offered where the server has AES instructions.
  xchacha20,  ///< Always offered.
};
constexpr size_t transport_modes = 2;
constexpr size_t transport_key_size = 32;

/// As in op 2 and op 1: "aead_aes256_gcm_rtpsize".
std::string_view to_string(transport_mode mode) noexcept;
std::optional<transport_mode> parse_transport_mode(std::string_view name) noexcept;

/// CPU for one packet of 200 bytes, nanoseconds, by mode.
using transport_costs = std::array<double, transport_modes>;

/// The cheapest of those offered that we know; nothing when there is none.
std::optional<transport_mode> choose_transport_mode(std::span<const std::string> offered,
                                                    const transport_costs& costs) noexcept;

} // namespace hearth::voice
