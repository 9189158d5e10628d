#pragma once
// How gateway payloads are compressed. Pure.
#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth {

/// Transport compression of the gateway. Source: discord-api 1.2.
enum class compression : uint8_t { none, zlib, zstd };

/// The value of the `compress` query; empty for none.
constexpr std::string_view to_query(compression mode) noexcept {
  return mode == compression::zlib   ? "zlib-stream"
         : mode == compression::zstd ? "zstd-stream"
                                     : std::string_view{};
}

/// The names of the option: "none", "zlib", "zstd".
constexpr std::optional<compression> parse_compression(std::string_view name) noexcept {
  if (name == "none")
    return compression::none;
  if (name == "zlib")
    return compression::zlib;
  if (name == "zstd")
    return compression::zstd;
  return std::nullopt;
}

} // namespace hearth
