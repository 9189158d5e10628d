#pragma once
// Which events to ask Discord for, computed from what the enabled features want. Pure.
#include "messages/gateway.hpp"
#include <cstdint>
#include <string>

namespace hearth {

/// Bits of the IDENTIFY intents. Source: discord-api 1.6.
namespace intent_bit {
constexpr uint32_t guilds = 1U << 0;
constexpr uint32_t guild_members = 1U << 1; // privileged
constexpr uint32_t guild_expressions = 1U << 3;
constexpr uint32_t guild_voice_states = 1U << 7;
constexpr uint32_t guild_presences = 1U << 8; // privileged
constexpr uint32_t guild_messages = 1U << 9;
constexpr uint32_t guild_message_reactions = 1U << 10;
constexpr uint32_t message_content = 1U << 15; // privileged
} // namespace intent_bit

/// The bits to identify with.
uint32_t intents_for(const gateway_wants& wants) noexcept;

/// The portal switches that these bits need, in the portal's words and joined by " and "; empty
/// when none. Source: discord-api 1.6.
std::string privileged_switches(uint32_t intents);

} // namespace hearth
