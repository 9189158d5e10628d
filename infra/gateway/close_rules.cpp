#include "infra/gateway/close_rules.hpp"
#include <fmt/format.h>

namespace hearth {
namespace {

constexpr std::string_view portal = "https://discord.com/developers/applications";

} // namespace

close_rule rule_for_close(uint16_t code) noexcept {
  using enum close_action;
  switch (code) {
  case 0:
  case 1006:
    return {resume, "connection lost"};
  case 1000: // libraries differ; one resume is harmless, a refused one identifies
  case 1001:
    return {resume, "closed by the server"};
  case 4000:
    return {resume, "unknown error"};
  case 4001:
    return {back_off, "bad opcode sent"};
  case 4002:
    return {back_off, "undecodable or oversized payload sent"};
  case 4003:
    return {identify, "not authenticated, or session invalidated"};
  case 4004:
    return {fatal, "authentication failed"};
  case 4005:
    return {resume, "already authenticated"};
  case 4007:
    return {identify, "invalid sequence number"};
  case 4008:
    return {back_off, "too many payloads sent"};
  case 4009:
    return {identify, "session timed out"};
  case 4010:
    return {fatal, "invalid shard"};
  case 4011:
    return {fatal, "sharding required"};
  case 4012:
    return {fatal, "invalid API version"};
  case 4013:
    return {fatal, "invalid intents"};
  case 4014:
    return {fatal, "disallowed intents"};
  default:
    return {back_off, "unknown close code"};
  }
}

std::string fatal_advice(uint16_t code, std::string_view switches) {
  switch (code) {
  case 4004:
    return fmt::format("Discord refused the bot token (close code 4004). Reset it at {}, page "
                       "\"Bot\", and set HEARTH_DISCORD_TOKEN to the new one.",
                       portal);
  case 4010:
    return "Discord refused the shard number (close code 4010). The number of shards must be a "
           "multiple of the number that Discord assigned to this bot.";
  case 4011:
    return "The bot is in too many guilds for one gateway connection (close code 4011). Raise the "
           "number of shards.";
  case 4012:
    return "Discord no longer speaks this gateway version (close code 4012). Install a newer "
           "Hearth.";
  case 4013:
    return "Discord does not know an intent that was asked for (close code 4013). This is an error "
           "in Hearth: please report it with this line.";
  case 4014:
    if (switches.empty())
      return "Discord refused an intent that should need no switch (close code 4014). This is an "
             "error in Hearth: please report it with this line.";
    return fmt::format("Discord refused a privileged intent (close code 4014). Switch on {} at {}, "
                       "page \"Bot\", section \"Privileged Gateway Intents\"; or switch off the "
                       "feature that needs it.",
                       switches, portal);
  default:
    return fmt::format("Discord closed the gateway for good (close code {}).", code);
  }
}

} // namespace hearth
