#include "actors/inspect/facade_impl.hpp"

namespace hearth {

steer_actor spawn_steer_facade(caf::actor_system& system, steer_actor target,
                               facade_limits limits) {
  return system.spawn<facade<steer_actor>>("steer-facade", std::move(target), limits);
}

} // namespace hearth
