#pragma once
// Files compiled into the program: the page's and the demo world (see embed.cmake).
#include <string_view>

namespace sim {

/// Contents of a file of tools/discord-sim/page/ by its path below it, or "demo.toml". Empty when
/// there is no such file.
std::string_view embedded_file(std::string_view name);

} // namespace sim
