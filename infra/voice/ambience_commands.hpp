#pragma once
// The commands of ambience and of the spoken welcome. Pure.
#include "infra/interactions/command_table.hpp"
#include <vector>

namespace hearth {

/// Declared once; collected by command_table.cpp. Source: features 12, "Ambience", and A1-A6, B14.
const std::vector<command_spec>& ambience_commands();

/// Name of the feature, wherever it is stored; the first part of its custom_ids (`voice_area`).
inline constexpr auto ambience_feature = "voice";

/// Bounds of what members and moderators may ask for.
inline constexpr int sleep_minutes_max = 12 * 60;
inline constexpr int focus_minutes_max = 180;
inline constexpr int focus_rounds_max = 12;
inline constexpr int idle_minutes_max = 24 * 60;
inline constexpr int spoken_name_max = 40; ///< Characters.

} // namespace hearth
