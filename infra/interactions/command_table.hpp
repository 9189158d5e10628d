#pragma once
// The one declaration of every slash command: registration, help, checks and documentation derive
// from it. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hearth {

/// Who may use a command; each includes those below it. Checked again in the handler by `refusal`.
enum class allowed : uint8_t {
  everyone,
  in_voice,      ///< Members in a voice channel of the guild.
  moderator,     ///< The guild's Mod role, or Manage Server.
  administrator, ///< Administrator.
  owner          ///< The guild's owner, or an owner of the bot.
};

/// Option types. Source: discord-api 3.4; the numbers go over the wire.
enum class option_type : uint8_t {
  string = 3,
  integer = 4,
  boolean = 5,
  user = 6,
  channel = 7,
  role = 8,
  mentionable = 9,
  number = 10,
  attachment = 11
};

/// One fixed choice of an option.
struct choice_spec {
  std::variant<std::string, int64_t> value; ///< What the handler gets; text at most 100 characters.
  std::string text; ///< Locale key of what members see, such as "choice.feature.schedule".
};

/// One option of a command. Its help text is the locale key
/// `command.<command>[.<group>][.<subcommand>].<option>.description`.
struct option_spec {
  std::string name; ///< Lower case, 1..32.
  option_type type = option_type::string;
  bool required = false;
  bool autocomplete = false;               ///< string, integer, number only; excludes `choices`.
  std::vector<choice_spec> choices = {};   ///< At most 25.
  std::optional<int64_t> min = {};         ///< integer, number: smallest value.
  std::optional<int64_t> max = {};         ///< integer, number: largest value.
  std::optional<uint16_t> min_length = {}; ///< string: characters, 0..6000.
  std::optional<uint16_t> max_length = {}; ///< string: characters, 1..6000.
  std::vector<uint8_t> channel_kinds = {}; ///< channel: numbers of channel_kind; empty = any.
};

/// One branch of a command. Its help text is `command.<command>[.<group>].<name>.description`; a
/// group's is `command.<command>.<group>.description`.
struct subcommand_spec {
  std::string name;
  std::string group = {}; ///< Empty: directly below the command.
  std::vector<option_spec> options = {};
  std::optional<allowed> who = {}; ///< Narrower than the command's; checked in the handler only.
};

enum class command_kind : uint8_t { slash = 1, user_menu = 2, message_menu = 3 };

/// One command. Its help text is `command.<name>.description` (none for context menus).
struct command_spec {
  std::string name;             ///< Slash: lower case, 1..32, no spaces. Menus: as shown.
  std::string feature = "core"; ///< "core" is registered globally, others while the feature is on.
  command_kind type = command_kind::slash;
  allowed who = allowed::everyone;
  std::vector<subcommand_spec> subcommands = {}; ///< Excludes `options`.
  std::vector<option_spec> options = {};         ///< Required ones first.
  bool ephemeral = true;    ///< Whether its answer is, needed when it must be deferred.
  bool opens_modal = false; ///< Answers with a modal, so it can never be deferred.
};

/// All commands of all areas. Each area declares its own as `const std::vector<command_spec>&` in
/// infra/<area>/<area>_commands.hpp; command_table.cpp collects them.
const std::vector<command_spec>& all_commands();

/// The command of that name and type, or nullptr.
const command_spec* find_command(std::string_view name, command_kind type = command_kind::slash);

/// Names of the features that have commands, "core" left out, in order of declaration.
std::vector<std::string> command_features();

/// Who may use `subcommand` ("group sub", "sub" or empty) of a command.
allowed who_may(const command_spec& command, std::string_view subcommand);

/// What replaced a `!name` of the former bots, such as "/server"; empty when nothing did.
/// Source: features 12, "Legacy ! names".
std::string_view legacy_equivalent(std::string_view name);

} // namespace hearth
