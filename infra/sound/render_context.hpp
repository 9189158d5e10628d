#pragma once
// hearthd --render: a soundscape into a file, to listen to.
#include <string>

namespace hearth::sound {

/// @param sound As in the catalog. @param duration "60s", "5m" or "90": a second to an hour.
/// @return Why not, for the operator; empty: the file is written (WAV, 16 bits, 48 kHz, stereo).
std::string render_to_file(const std::string& sound, const std::string& duration,
                           const std::string& file);

} // namespace hearth::sound
