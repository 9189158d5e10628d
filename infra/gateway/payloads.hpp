#pragma once
// What is sent to the gateway, as JSON text. Pure. Source: discord-api 1.3, 1.5, 10.
#include "infra/gateway/session_rules.hpp"
#include "infra/settings/secret.hpp"
#include "messages/gateway.hpp"
#include <string>

namespace hearth {

/// Of IDENTIFY.
struct identify_data {
  uint32_t intents = 0;
  int32_t shard = 0;
  int32_t shards = 1;
  std::string presence; ///< Custom status; empty for none.
};

std::string heartbeat_payload(int64_t seq);                                   ///< op 1; -1 = null.
std::string identify_payload(const secret& token, const identify_data& data); ///< op 2. Secret.
std::string resume_payload(const secret& token, const resume_point& point);   ///< op 6. Secret.
std::string presence_payload(const std::string& text);                        ///< op 3.
std::string voice_state_payload(const update_voice_state& state);             ///< op 4.
std::string sim_time_payload(int64_t now_ms); ///< op 200, to a simulator.

} // namespace hearth
