#pragma once
// Basic types of the local Discord.
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

using json = nlohmann::json;

/// A Discord id: 64 bits, 17-19 decimal digits on the wire (discord-api 0 and 16 "(10)").
/// 0 means "none" everywhere in the simulator; it is never a valid id.
using snowflake = std::uint64_t;

/// Milliseconds since 1970-01-01 UTC on the domain clock (see clock.hpp).
using unix_ms = std::int64_t;

/// First millisecond of Discord's epoch (discord-api 0).
inline constexpr unix_ms discord_epoch_ms = 1420070400000;

/// The id as the JSON string that Discord sends.
std::string id_text(snowflake id);

/// `"123..."`, or JSON null when `id` is 0.
json id_or_null(snowflake id);

/// Reads a path or JSON id: 1-20 decimal digits that fit in 63 bits. Nothing else.
std::optional<snowflake> parse_id(std::string_view text);

/// The same for a JSON value: string or unsigned number (discord-api 0: numbers are accepted).
std::optional<snowflake> parse_id(const json& value);

/// Domain time that an id was made at.
unix_ms time_of(snowflake id);

/// `2026-11-20T12:00:00.123000+00:00` (discord-api 15.9).
std::string iso_time(unix_ms at);

/// Reads ISO 8601 with offset or Z, with or without fraction. Nothing on any other text.
std::optional<unix_ms> parse_iso_time(std::string_view text);

} // namespace sim
