#pragma once
// What a user chose or typed into components, checked as Discord's client does (discord-api 3.5,
// 16).
#include "discord-sim/control.hpp"
#include "discord-sim/interaction_data.hpp"

namespace sim {

/// The values of a select (or of a modal's choices): number within its bounds, each one existing;
/// entities are added to `resolved`. `optional` allows none at all. Throws control_error.
json checked_values(const json& component, const json& values, bool optional, resolver& resolved);

/// The `components` of a modal submit for `values` ({custom_id: value | [values]}), in the order of
/// the modal, unanswered ones included. Throws control_error.
json filled_modal(const act_call& act, const json& components, const json& values,
                  const channel& where, resolver& resolved);

} // namespace sim
