#include "discord-sim/routes.hpp"
namespace sim {
void add_role_routes(core&) {}
}
