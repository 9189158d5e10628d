#pragma once
// The schedule as the guild knows a feature: its job, its channel, what it must be allowed to do.
#include "actors/root/guild_env.hpp"
#include "actors/schedule/schedule.hpp"

namespace hearth {

/// For guild_env::features. `parts` is kept for every schedule spawned.
feature_entry schedule_entry(schedule_parts_ptr parts);

} // namespace hearth
