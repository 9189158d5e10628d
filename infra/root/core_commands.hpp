#pragma once
// Commands that are there in every guild, whatever features are on. Pure. Source: features 12,
// group "Core".
#include "infra/interactions/command_table.hpp"
#include <vector>

namespace hearth {

/// /help, /about and what moderators set and see of the bot itself; registered globally.
const std::vector<command_spec>& core_commands();

} // namespace hearth
