#include "discord-sim/bounded_json.hpp"

#include <algorithm>

namespace sim {

namespace {

/// Depth of brackets outside of strings; enough to judge, the parser checks that they match.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{'))
      deepest = std::max(deepest, ++depth);
    else if (!quoted && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return deepest;
}

} // namespace

std::optional<json> parse_json(std::string_view text) {
  // Copying, comparing and writing a tree recurse: its depth must be small.
  if (depth_of(text) > json_depth_max)
    return std::nullopt;
  auto value = json::parse(text, nullptr, false);
  if (value.is_discarded())
    return std::nullopt;
  return value;
}

} // namespace sim
