#pragma once
// Loads a world from TOML (config/sim/demo.toml documents the format).
#include "discord-sim/world.hpp"

namespace sim {

/// Ids not given in the file follow from the names, so that they stay when the file grows.
/// `now` dates the members' joining. Throws std::runtime_error "FILE:LINE: reason".
world load_world(std::string_view toml, const std::string& file_name, unix_ms now);
/// Reads the file; throws "FILE: reason" when it cannot be read.
world load_world_file(const std::string& path, unix_ms now);
/// The same from the text embedded at build time: config/sim/demo.toml.
world load_demo_world(unix_ms now);

} // namespace sim
