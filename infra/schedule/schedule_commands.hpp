#pragma once
// The commands of "who plays tonight". Pure.
#include "infra/interactions/command_table.hpp"
#include <vector>

namespace hearth {

/// Declared once; collected by command_table.cpp. Source: features 12, "Schedule", "Channels".
const std::vector<command_spec>& schedule_commands();

/// Name of the feature, of its daily job and of its channel kind, wherever they are stored.
inline constexpr auto schedule_feature = "schedule";
inline constexpr auto schedule_job = "daily_schedule";
inline constexpr auto schedule_channel = "schedule";

} // namespace hearth
