#include "discord-sim/routes.hpp"
namespace sim {
void add_guild_routes(core&) {}
}
