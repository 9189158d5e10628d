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
/// All usable commands, grouped; without their descriptions when that would be too long.
help_page help_overview(const std::vector<command_spec>& commands, const help_viewer& viewer,
                        const catalog& texts);
/// One command (with or without slash) or one feature. No title: there is no such thing for the
/// viewer.
help_page help_topic(const std::vector<command_spec>& commands, const help_viewer& viewer,
                     const catalog& texts, std::string_view topic);
/// Topics that contain what was typed, at most 25: features first, then commands.
std::vector<std::string> help_topics(const std::vector<command_spec>& commands,
                                     const help_viewer& viewer, std::string_view typed);

} // namespace hearth
