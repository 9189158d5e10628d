#pragma once
// /help, derived from the one declaration of every command. Pure.
#include "infra/interactions/command_table.hpp"
#include "infra/interactions/permission_rules.hpp"
#include "infra/settings/catalog.hpp"
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// What one member may use in a guild.
struct help_viewer {
  std::string locale;
  member_facts member;
  caller_facts facts;
  std::vector<std::string> features; ///< Those that are on; "core" goes without saying.
  /// "</name sub:id>" or "`/name sub`".
  std::function<std::string(std::string_view)> mention;
};

/// Commands that the viewer may use, in order of declaration. Being in voice is no condition here:
/// it passes.
std::vector<const command_spec*> usable_commands(const std::vector<command_spec>& commands,
                                                 const help_viewer& viewer);

struct help_page {
  std::string title, text; ///< At most 256 and 4096 units.
};
/// All usable commands, grouped, a line each; without their descriptions when that would be too
/// long.
help_page help_overview(const std::vector<command_spec>& commands, const help_viewer& viewer,
                        const catalog& texts);
/// One command (with or without slash) or one feature (by id or name). No title: there is no such
/// thing for the viewer.
help_page help_topic(const std::vector<command_spec>& commands, const help_viewer& viewer,
                     const catalog& texts, std::string_view topic);
/// One topic as it is offered while typing.
struct help_topic_offer {
  std::string id;   ///< What `help_topic` takes.
  std::string name; ///< At most 100 units: "Who plays tonight", "/rain — Rain in your ...".
  bool operator==(const help_topic_offer&) const = default;
};
/// Topics whose id or name contains what was typed, at most 25: features first, then commands.
std::vector<help_topic_offer> help_topics(const std::vector<command_spec>& commands,
                                          const help_viewer& viewer, const catalog& texts,
                                          std::string_view typed);

} // namespace hearth
