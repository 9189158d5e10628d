#pragma once
// Registration of slash commands.
#include "messages/actors.hpp"
#include <string>
#include <vector>

namespace hearth {

/// These features are on in that guild: exactly their commands are to be registered there.
struct want_commands {
  guild_id guild;
  std::vector<std::string> features;
};
/// INTERNAL: a registration failed some time ago; guild 0 is the global scope.
struct retry_commands {
  guild_id guild;
};

} // namespace hearth

HEARTH_LOCAL_MESSAGE(want_commands)
HEARTH_LOCAL_MESSAGE(retry_commands)

namespace hearth {

/// Keeps Discord's list of our commands as declared. One.
using command_registrar_actor =
    caf::typed_actor<caf::reacts_to<bot_identity>,    // told by: main, at each READY
                     caf::reacts_to<want_commands>,   // told by: guild (through guild_env)
                     caf::reacts_to<retry_commands>>; // INTERNAL

} // namespace hearth
