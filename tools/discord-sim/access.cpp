#include "discord-sim/access.hpp"

#include "discord-sim/core.hpp"
#include "discord-sim/permissions.hpp"

namespace sim {

std::uint64_t rights_in(sim::core& c, const channel& where, snowflake user) {
  return effective_permissions(c.world, where, user, c.clock.now());
}

message& plain_message(rest_call& call, const channel& where) {
  auto* found = call.core.world.find_message(where.id, call.id("message"));
  if (found == nullptr || found->ephemeral)
    throw fail(10008);
  return *found;
}

bool is_textual(const channel& where) {
  return where.type != channel_type::category && where.type != channel_type::forum;
}

} // namespace sim
