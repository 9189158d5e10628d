#pragma once
// What a member may do, in a guild and in one channel. Pure. Source: discord-api 5, 15.13.
#include "messages/gateway.hpp"
#include <cstdint>
#include <string_view>
#include <vector>

namespace hearth {

namespace permission_bit {
constexpr uint64_t administrator = 1ULL << 3;
constexpr uint64_t manage_channels = 1ULL << 4;
constexpr uint64_t manage_guild = 1ULL << 5;
constexpr uint64_t add_reactions = 1ULL << 6;
constexpr uint64_t view_channel = 1ULL << 10;
constexpr uint64_t send_messages = 1ULL << 11;
constexpr uint64_t send_tts = 1ULL << 12;
constexpr uint64_t manage_messages = 1ULL << 13;
constexpr uint64_t embed_links = 1ULL << 14;
constexpr uint64_t attach_files = 1ULL << 15;
constexpr uint64_t read_message_history = 1ULL << 16;
constexpr uint64_t mention_everyone = 1ULL << 17;
constexpr uint64_t use_external_emojis = 1ULL << 18;
constexpr uint64_t connect = 1ULL << 20;
constexpr uint64_t speak = 1ULL << 21;
constexpr uint64_t manage_roles = 1ULL << 28;
constexpr uint64_t send_messages_in_threads = 1ULL << 38;
constexpr uint64_t set_voice_channel_status = 1ULL << 48;
/// All bits known today (52 is the highest; 47 is unused).
constexpr uint64_t all = ((1ULL << 53) - 1) & ~(1ULL << 47);
} // namespace permission_bit

/// Permissions in the guild as a whole: the owner and administrators have all.
/// @param roles The member's, without @everyone; unknown ones count nothing.
uint64_t guild_permissions(const guild_snapshot& guild, user_id user,
                           const std::vector<role_id>& roles);

/// Permissions in one channel, before Discord's implicit rules: the value that Discord itself sends
/// in interactions.
uint64_t channel_permissions(const guild_snapshot& guild, const channel_facts& channel,
                             user_id user, const std::vector<role_id>& roles);

/// What is left of a channel's permissions in practice: without VIEW_CHANNEL nothing, without
/// SEND_MESSAGES no embeds, files, TTS or mentions, in voice without CONNECT nothing but viewing.
uint64_t effective_permissions(uint64_t permissions, channel_kind kind) noexcept;

/// Whether a member whose highest role is the best of `roles` stands above `target` and may so
/// assign it. Equal positions: the lower id ranks higher. Managed roles can never be assigned.
bool may_assign(const guild_snapshot& guild, user_id user, const std::vector<role_id>& roles,
                role_id target);

/// The English name of one bit as Discord's settings show it, such as "Send Messages"; empty when
/// it is none that the daemon uses.
std::string_view permission_name(uint64_t bit) noexcept;

} // namespace hearth
