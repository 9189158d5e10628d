#pragma once
// What the guild answers about members' time zones. Source: features B6.
#include "actors/root/core_call.hpp"

namespace hearth {

void run_setmytimezone(const core_call& call);
void run_getusertimezone(const core_call& call);
void run_gettimezones(const core_call& call);
void run_modsetusertimezone(const core_call& call);
/// Zones for what is typed, by city; each with the time it is there.
void complete_zone(const core_call& call);
/// custom_ids "people:...".
void run_people_component(const core_call& call, const custom_id& state);

/// The zone that a member means: an exact name, or the only one that fits what was typed. When
/// there is none, `call` has been answered.
std::optional<std::string> zone_meant(const core_call& call, const std::string& typed);

} // namespace hearth
