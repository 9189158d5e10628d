#include "infra/voice/voice_close_rules.hpp"

namespace hearth::voice {

voice_close_rule rule_for_voice_close(uint16_t code) noexcept {
  using enum voice_close;
  switch (code) {
  case 4001:
    return {reconnect, "unknown opcode sent"};
  case 4002:
    return {reconnect, "undecodable payload sent"};
  case 4003:
    return {reconnect, "not authenticated"};
  case 4004:
    return {join_again, "authentication failed"};
  case 4005:
    return {reconnect, "already authenticated"};
  case 4006:
    return {join_again, "session is no longer valid"};
  case 4009:
    return {join_again, "session timed out"};
  case 4011:
    return {join_again, "voice server not found"};
  case 4012:
    return {reconnect, "unknown protocol selected"};
  case 4014:
    return {wait, "disconnected: moved, kicked, or the main session ended"};
  case 4015:
    return {resume, "voice server crashed"};
  case 4016:
    return {reconnect, "unknown encryption mode selected"};
  case 4017:
    return {fatal, "the channel demands DAVE, which was not offered"};
  case 4020:
    return {reconnect, "bad request sent"};
  case 4021:
    return {leave, "rate limited"};
  case 4022:
    return {leave, "call ended for everybody"};
  default:
    if (code < 4000)
      return {resume, code == 0 ? "connection lost" : "closed by the server"};
    return {reconnect, "unknown close code"};
  }
}

} // namespace hearth::voice
