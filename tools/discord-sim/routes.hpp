#pragma once
// Groups of routes, each in its own .cpp; add_core_routes (core.hpp) adds them all.
#include "discord-sim/core.hpp"

namespace sim {

void add_guild_routes(core& c);
void add_channel_routes(core& c);
void add_overwrite_routes(core& c);
void add_role_routes(core& c);
void add_member_routes(core& c);

} // namespace sim
