#pragma once
// What can be played: families of soundscapes with five variants each. Names are for ever: they are
// kept in buttons and in the database. Pure.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hearth::sound {

constexpr int variant_count = 5;

enum class family : uint8_t { rain, wind, sea, sparkles, stars, music, fire, train, night, noise };
constexpr size_t family_count = 10;

/// One soundscape.
struct scene {
  family of = family::rain;
  int variant = 1; ///< 1 to variant_count.
  friend bool operator==(const scene&, const scene&) = default;
};

/// A family as it is named everywhere: "rain", and its variants, "light", "heavy" ...
struct family_entry {
  family of;
  std::string_view name;
  std::array<std::string_view, variant_count> variants;
  std::array<float, variant_count> gains_db; ///< Bring each to -23 LUFS; measured, not guessed.
};
std::span<const family_entry> families();
const family_entry& entry_of(family which);
std::optional<family> parse_family(std::string_view name);

/// "rain:2". What parse_scene reads.
std::string to_string(const scene& which);
/// "rain:2", "rain:heavy", or "rain" for its first variant; nothing for anything else.
std::optional<scene> parse_scene(std::string_view text);

} // namespace hearth::sound
