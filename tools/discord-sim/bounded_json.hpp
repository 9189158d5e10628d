#pragma once
// Parsing of strangers' JSON: bounded in depth, so that no text can exhaust the stack.
#include "discord-sim/types.hpp"

namespace sim {

/// Deepest nesting taken; real requests stay below 20.
inline constexpr std::size_t json_depth_max = 200;

/// The value, or nothing when the text is no JSON (also: not UTF-8) or nests too deeply.
std::optional<json> parse_json(std::string_view text);

} // namespace sim
