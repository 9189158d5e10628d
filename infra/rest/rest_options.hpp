#pragma once
// How the REST side of one bot is set up. Plain data.
#include "infra/rest/rate_gate.hpp"
#include "infra/settings/secret.hpp"
#include <cstdint>
#include <string>

namespace hearth {

struct rest_options {
  /// HEARTH_DISCORD_API: without version and slash at the end; see api_base_trouble().
  std::string api = "https://discord.com/api";
  secret token; ///< The bot's; sent as `Authorization: Bot …`, never printed.
  /// `DiscordBot (<url>, <version>) …`: another shape is blocked (discord-api 2.1).
  std::string user_agent;
  gate_limits limits = {};
  int64_t try_ms_max = 20'000; ///< One try, connecting included.
  /// One try of a callback that may be repeated: a kept connection that has silently died must not
  /// cost the whole of the 3 s that Discord gives.
  int64_t callback_try_ms_max = 1'200;
  int64_t deadline_ms_max = int64_t{15} * 60'000; ///< Longer ones are cut to this.
  uint32_t connections_max = 64;
  size_t answer_bytes_max = 16UL * 1024 * 1024;
};

} // namespace hearth
