#pragma once
// Names of dispatches as small numbers. Pure.
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hearth {

/// Every dispatch that the daemon knows by name (to handle or to count it). Source: discord-api
/// 1.10-1.15. What Discord adds later is `other`.
enum class event_kind : uint8_t {
  other,
  ready,
  resumed,
  guild_create,
  guild_update,
  guild_delete,
  role_create,
  role_update,
  role_delete,
  channel_create,
  channel_update,
  channel_delete,
  emojis_update,
  member_add,
  member_update,
  member_remove,
  user_update,
  voice_state,
  voice_server,
  interaction,
  message_create,
  message_update,
  message_delete,
  message_delete_bulk,
  reaction_add,
  reaction_remove,
  presence,
  typing,
  rate_limited,
};
constexpr size_t event_kind_count = static_cast<size_t>(event_kind::rate_limited) + 1;

/// The kind of a dispatch's `t`; a few nanoseconds.
event_kind kind_of(std::string_view type) noexcept;
/// Its `t`; "OTHER" for other.
std::string_view name_of(event_kind kind) noexcept;

} // namespace hearth
