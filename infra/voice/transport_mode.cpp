#include "infra/voice/transport_mode.hpp"

namespace hearth::voice {
namespace {

constexpr auto names = std::array<std::string_view, transport_modes>{
    "aead_aes256_gcm_rtpsize", "aead_xchacha20_poly1305_rtpsize"};

} // namespace

std::string_view to_string(transport_mode mode) noexcept {
  return names[static_cast<size_t>(mode)];
}

std::optional<transport_mode> parse_transport_mode(std::string_view name) noexcept {
  for (auto at = size_t{0}; at < names.size(); ++at) {
    if (names[at] == name)
      return static_cast<transport_mode>(at);
  }
  return std::nullopt;
}

std::optional<transport_mode> choose_transport_mode(std::span<const std::string> offered,
                                                    const transport_costs& costs) noexcept {
  auto best = std::optional<transport_mode>{};
  for (const auto& name : offered) {
    const auto mode = parse_transport_mode(name);
    if (mode && (!best || costs[static_cast<size_t>(*mode)] < costs[static_cast<size_t>(*best)]))
      best = mode;
  }
  return best;
}

} // namespace hearth::voice
