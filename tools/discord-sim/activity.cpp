#include "discord-sim/core.hpp"

namespace sim {

void add_activity_routes(core&) {}

} // namespace sim
