#pragma once
// The actor systems that speak to other processes: the two facades', and hearthctl's.
#include "infra/inspect/certificates_context.hpp"
#include <caf/actor_system_config.hpp>

namespace hearth {

/// One scheduler thread, mutual TLS with the given files, and a name that the other side must have
/// as well. Nothing can be spawned from afar: no actor type is registered.
struct wire_config : caf::actor_system_config {
  /// The files must have passed certificate_trouble(): CAF ends the process over bad ones.
  wire_config(const certificate_files& files, inspect_right right);
};

/// Takes out what CAF itself offers to peers under a name: asking for any registered actor,
/// changing the configuration, spawning.
void clear_registry(caf::actor_system& system);

} // namespace hearth
