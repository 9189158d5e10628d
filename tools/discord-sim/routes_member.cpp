#include "discord-sim/routes.hpp"
namespace sim {
void add_member_routes(core&) {}
}
