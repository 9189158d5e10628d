#include "discord-sim/routes.hpp"
namespace sim {
void add_channel_routes(core&) {}
}
