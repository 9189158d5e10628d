#pragma once
// Parts shared by the checks of commands and of their options. Private to validate_commands.
#include "discord-sim/form_fields.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace sim {

/// Checks the `options` of a command (depth 0), group (1) or sub-command (2); gives the stored
/// form.
nlohmann::json check_options(const form_fields& parent, int depth);

/// Checks a name of 1-32 characters; `slash` names follow the expression of discord-api 3.4.
std::string check_command_name(const form_fields& fields, std::string_view key, bool slash);

/// Checks a map of locale to text.
void check_localizations(const form_fields& fields, std::string_view key, std::size_t length_max,
                         bool slash_name);

/// The same, and copies it to `normal` when it is there.
void copy_localizations(const form_fields& fields, std::string_view key, std::size_t length_max,
                        bool slash_name, nlohmann::json& normal);

} // namespace sim
