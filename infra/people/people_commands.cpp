#include "infra/people/people_commands.hpp"
#include "infra/interactions/command_options.hpp"

namespace hearth {
namespace {

/// Longer than any zone.
constexpr uint16_t typed_max = 64;

std::vector<command_spec> declare() {
  const auto member = plain_option("member", option_type::user);
  const auto voice =
      channel_option("voice_channel", {channel_kind::voice, channel_kind::stage}, false);
  return {
      {.name = "setmytimezone", .options = {completed_option("zone", typed_max, false)}},
      {.name = "getusertimezone", .options = {member}},
      {.name = "gettimezones", .options = {voice}, .ephemeral = false},
      {.name = "modsetusertimezone",
       .who = allowed::moderator,
       .options = {member, completed_option("zone", typed_max)}},
  };
}

} // namespace

const std::vector<command_spec>& people_commands() {
  static const auto commands = declare();
  return commands;
}

} // namespace hearth
