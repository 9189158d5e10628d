#pragma once
// One table of truth for the configuration file: reading it, explaining it, comparing two of them,
// and its documentation all come from the same declarations. Pure.
#include "infra/settings/settings.hpp"
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hearth {

/// Where an option's value lives.
using option_place = std::variant<std::string* (*)(settings&), int64_t* (*)(settings&),
                                  bool* (*)(settings&), std::vector<user_id>* (*)(settings&)>;

/// One option. Its type and default are those of its place in a default-constructed `settings`.
struct option {
  std::string_view key;       ///< "gateway.compression"; the part before the dot is its section.
  std::string_view unit = {}; ///< "seconds", "bytes"; empty for none.
  option_place place = {};
  int64_t min = 0, max = 0; ///< Numbers: both included. Texts: longest length in max.
  std::vector<std::string_view> choices = {}; ///< Texts: one of these; empty: any.
  /// Texts: empty when good, else why not.
  std::string (*check)(std::string_view) = nullptr;
  bool reloadable = false;    ///< Applied on SIGHUP; else at the next start.
  std::string_view help = {}; ///< English sentences.
};

/// All options, in the order of the documentation.
const std::vector<option>& options();
/// The option of that key, or nullptr.
const option* find_option(std::string_view key);
/// The option's value as TOML writes it.
std::string value_text(const option& which, const settings& of);
/// "number, seconds, 1 to 600", "one of zstd, zlib, none".
std::string type_text(const option& which);

/// A mistake in the file or the environment.
struct settings_problem {
  std::string where; ///< "hearth.toml:12" or "HEARTH_PROFILE".
  std::string what;  ///< For the operator: what is wrong and what to write instead.
};
struct parsed_settings {
  settings value;
  std::vector<settings_problem> problems;     ///< Empty: `value` may be used.
  std::map<std::string, std::string> sources; ///< By key: who said it; absent: the default.
};

/// Reads a configuration file's text. `file` is its name in messages. `environment` holds HEARTH_*
/// variables: HEARTH_PROFILE and HEARTH_DISCORD_API win over the file, HEARTH_DATA_DIR too. A
/// section [prod], [preprod] or [sandbox] holds options of that profile, which win over the rest;
/// those of other profiles are checked all the same.
parsed_settings parse_settings(std::string_view text, const std::string& file,
                               const std::map<std::string, std::string>& environment);

/// One line each: "hearth.toml:12: …".
std::string problems_text(const std::vector<settings_problem>& problems);

/// What a reload would change.
struct settings_change {
  std::string key, from, to;
  bool reloadable = false;
};
std::vector<settings_change> changes(const settings& from, const settings& to);
/// `from` with those options of `to` that may change while running.
settings apply_reloadable(const settings& from, const settings& to);

/// For `hearthd --check`: every option, its value and who said so.
std::string explain(const parsed_settings& parsed);

/// The text of config/hearth.example.toml.
std::string example_file();
/// The reference table of config/README.md, Markdown.
std::string reference_table();

/// The key of the table most like `typed`, when it is like enough to be a slip.
std::optional<std::string_view> nearest_key(std::string_view typed);

} // namespace hearth
