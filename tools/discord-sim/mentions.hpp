#pragma once
// Mentions in text and what allowed_mentions leaves of them (discord-api 4, 15.11, 16).
#include "discord-sim/form_fields.hpp"
#include "discord-sim/types.hpp"

#include <set>
#include <string_view>
#include <vector>

namespace sim {

/// What a text mentions, each once, in order of occurrence.
struct text_mentions {
  std::vector<snowflake> users;
  std::vector<snowflake> roles;
  bool everyone = false; ///< @everyone or @here
};

/// Finds <@id>, <@!id>, <@&id>, @everyone and @here outside of code.
text_mentions find_mentions(std::string_view text);

/// The request's allowed_mentions, or a default.
struct allowed_mentions {
  bool users = true;
  bool roles = true;
  bool everyone = true;
  std::set<snowflake> user_ids;
  std::set<snowflake> role_ids;
  bool replied_user = true; ///< defaults to false once allowed_mentions is sent (16)

  /// Default of interactions and webhooks (15.11).
  static allowed_mentions users_only();
};

/// Reads `allowed_mentions` of a body; `fallback` when it is absent.
allowed_mentions read_allowed_mentions(const form_fields& body, allowed_mentions fallback);

/// What may ping of what the text names; permissions are the caller's matter.
text_mentions allow(const text_mentions& named, const allowed_mentions& allowed);

} // namespace sim
