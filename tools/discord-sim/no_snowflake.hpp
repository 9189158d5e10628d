#pragma once
// What Discord says of a text that should have been an id (discord-api 15.2).
#include <algorithm>
#include <string>
#include <string_view>

namespace sim {

/// Code and text of one leaf.
struct no_snowflake_leaf {
  std::string code;
  std::string text;
};

/// Digits that do not fit are too large a number; anything else is no number.
inline no_snowflake_leaf no_snowflake(std::string_view text) {
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  if (digits)
    return {"NUMBER_TYPE_MAX",
            "snowflake value should be less than or equal to 9223372036854775807."};
  return {"NUMBER_TYPE_COERCE", "Value \"" + std::string(text) + "\" is not snowflake."};
}

} // namespace sim
