#pragma once
// Rules of application commands (discord-api 3.4, 15.12, 16).
#include "discord-sim/form_errors.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

namespace sim {

/// Kinds of commands (discord-api 3.4).
namespace command_type {
inline constexpr int slash = 1;
inline constexpr int user = 2;
inline constexpr int message = 3;
inline constexpr int entry_point = 4;
} // namespace command_type

/// Kinds of options (discord-api 3.4).
namespace option_type {
inline constexpr int sub_command = 1;
inline constexpr int group = 2;
inline constexpr int string = 3;
inline constexpr int integer = 4;
inline constexpr int boolean = 5;
inline constexpr int user = 6;
inline constexpr int channel = 7;
inline constexpr int role = 8;
inline constexpr int mentionable = 9;
inline constexpr int number = 10;
inline constexpr int attachment = 11;
} // namespace option_type

/// Checks one command definition found at `at` and gives it in its stored form: every field of the
/// response of 15.12 that the definition decides (not id, application_id, guild_id, version).
nlohmann::json check_command(const nlohmann::json& body, bool of_guild, const form_path& at,
                             form_errors& errors);

/// Checks a PATCH body: `stored` with the given fields replaced, checked as a whole.
nlohmann::json check_command_patch(const nlohmann::json& stored, const nlohmann::json& body,
                                   bool of_guild, form_errors& errors);

/// Checks a bulk PUT list: each command, and that names are unique per type.
nlohmann::json check_command_list(const nlohmann::json& body, bool of_guild, form_errors& errors);

/// True for a locale that Discord knows (discord-api 3.4).
bool is_locale(std::string_view locale);

} // namespace sim
