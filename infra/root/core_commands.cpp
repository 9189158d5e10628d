#include "infra/root/core_commands.hpp"
#include "infra/interactions/command_options.hpp"

namespace hearth {
namespace {

/// Longer than any name it can be; what members type into a completed option.
constexpr uint16_t typed_max = 64;

std::vector<command_spec> declare() {
  return {
      {.name = "help", .options = {completed_option("topic", typed_max, false)}},
      {.name = "about"},
      {.name = "modversion", .who = allowed::moderator},
      {.name = "modfeature",
       .who = allowed::administrator,
       .options = {completed_option("feature", typed_max),
                   plain_option("enable", option_type::boolean)}},
      {.name = "modlanguage",
       .who = allowed::administrator,
       .options = {{.name = "language",
                    .type = option_type::string,
                    .required = true,
                    .choices = {{.value = "en", .text = "choice.language.en"},
                                {.value = "fr", .text = "choice.language.fr"}}}}},
      {.name = "modtimezone",
       .who = allowed::administrator,
       .options = {completed_option("zone", typed_max)}},
      {.name = "modchannel",
       .who = allowed::administrator,
       .subcommands = {{.name = "set",
                        .options = {completed_option("kind", typed_max),
                                    plain_option("channel", option_type::channel)}},
                       {.name = "see"},
                       {.name = "clear", .options = {completed_option("kind", typed_max)}}}},
      {.name = "modbotpermission", .who = allowed::moderator},
      {.name = "modvoicecurrentactivity", .who = allowed::moderator},
      {.name = "modresetcache", .who = allowed::owner},
  };
}

} // namespace

const std::vector<command_spec>& core_commands() {
  static const auto commands = declare();
  return commands;
}

} // namespace hearth
