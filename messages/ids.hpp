#pragma once
// Discord's identifiers as distinct types, so that a channel can never be passed for a guild.
#include <charconv>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

/// An unsigned 64-bit Discord id; 0 means "none". Source: discord-api 0, "Ground rules".
template <class Tag> struct snowflake {
  uint64_t value = 0;
  explicit operator bool() const noexcept { return value != 0; }
  auto operator<=>(const snowflake&) const = default;
  /// Creation time, Unix milliseconds: (id >> 22) + 1420070400000.
  int64_t created_ms() const noexcept { return static_cast<int64_t>(value >> 22) + 1420070400000; }
};

using guild_id = snowflake<struct guild_tag>;
using channel_id = snowflake<struct channel_tag>;
using user_id = snowflake<struct user_tag>;
using role_id = snowflake<struct role_tag>;
using message_id = snowflake<struct message_tag>;
using emoji_id = snowflake<struct emoji_tag>;
using interaction_id = snowflake<struct interaction_tag>;
using application_id = snowflake<struct application_tag>;
using command_id = snowflake<struct command_tag>;

/// Decimal text, as Discord sends ids.
template <class Tag> std::string to_string(snowflake<Tag> id) { return std::to_string(id.value); }

/// Parses 1 to 20 decimal digits that fit 64 bits; anything else is nullopt.
template <class Id> std::optional<Id> parse_id(std::string_view text) {
  auto id = Id{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id.value);
  if (error != std::errc{} || stop != end || text.empty())
    return std::nullopt;
  return id;
}

} // namespace hearth

template <class Tag> struct std::hash<hearth::snowflake<Tag>> {
  size_t operator()(hearth::snowflake<Tag> id) const noexcept {
    return std::hash<uint64_t>{}(id.value >> 12); // the low bits hardly differ
  }
};
