#include "actors/inspect/facade_impl.hpp"

namespace hearth {

inspect_actor spawn_inspect_facade(caf::actor_system& system, inspect_actor target,
                                   facade_limits limits) {
  return system.spawn<facade<inspect_actor>>("inspect-facade", std::move(target), limits);
}

} // namespace hearth
