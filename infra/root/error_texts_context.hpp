#pragma once
// How errors of ours print in an actor system.
#include <caf/fwd.hpp>

namespace hearth {

/// Lets a system print an errc by its name and context; each system whose actors answer them needs
/// it.
void add_error_texts(caf::actor_system_config& config);

} // namespace hearth
