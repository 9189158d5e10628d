#include "infra/root/core_commands.hpp"

namespace hearth {
namespace {

/// Longer than any name it can be; what members type into a completed option.
constexpr uint16_t typed_max = 64;

option_spec completed(const char* name, bool required) {
  return {.name = name,
          .type = option_type::string,
          .required = required,
          .autocomplete = true,
          .max_length = typed_max};
}

std::vector<command_spec> declare() {
  return {
      {.name = "help", .options = {completed("topic", false)}},
      {.name = "about"},
      {.name = "modversion", .who = allowed::moderator},
      {.name = "modfeature",
       .who = allowed::administrator,
       .options = {completed("feature", true),
                   {.name = "enable", .type = option_type::boolean, .required = true}}},
      {.name = "modlanguage",
       .who = allowed::administrator,
       .options = {{.name = "language",
                    .type = option_type::string,
                    .required = true,
                    .choices = {{.value = "en", .text = "choice.language.en"},
                                {.value = "fr", .text = "choice.language.fr"}}}}},
      {.name = "modtimezone", .who = allowed::administrator, .options = {completed("zone", true)}},
      {.name = "modchannel",
       .who = allowed::administrator,
       .subcommands =
           {{.name = "set",
             .options = {completed("kind", true),
                         {.name = "channel", .type = option_type::channel, .required = true}}},
            {.name = "see"},
            {.name = "clear", .options = {completed("kind", true)}}}},
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
