#pragma once
// Commands about members' time zones; registered globally. Pure. Source: features B6.
#include "infra/interactions/command_table.hpp"
#include <vector>

namespace hearth {

const std::vector<command_spec>& people_commands();

} // namespace hearth
