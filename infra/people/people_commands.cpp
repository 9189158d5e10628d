#include "infra/people/people_commands.hpp"
#include "messages/gateway.hpp"

namespace hearth {
namespace {

option_spec zone_option(bool required) {
  return {.name = "zone",
          .type = option_type::string,
          .required = required,
          .autocomplete = true,
          .max_length = uint16_t{64}};
}
option_spec member_option() {
  return {.name = "member", .type = option_type::user, .required = true};
}

std::vector<command_spec> declare() {
  constexpr auto voice = static_cast<uint8_t>(channel_kind::voice);
  constexpr auto stage = static_cast<uint8_t>(channel_kind::stage);
  return {
      {.name = "setmytimezone", .options = {zone_option(false)}},
      {.name = "getusertimezone", .options = {member_option()}},
      {.name = "gettimezones",
       .options = {{.name = "voice_channel",
                    .type = option_type::channel,
                    .channel_kinds = {voice, stage}}},
       .ephemeral = false},
      {.name = "modsetusertimezone",
       .who = allowed::moderator,
       .options = {member_option(), zone_option(true)}},
  };
}

} // namespace

const std::vector<command_spec>& people_commands() {
  static const auto commands = declare();
  return commands;
}

} // namespace hearth
