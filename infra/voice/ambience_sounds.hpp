#pragma once
// The sounds that members choose from: families, each with five variants, and the operator's own
// files. Names and pictures only; how they sound is infra/sound. Pure.
#include "infra/settings/words.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

inline constexpr int variants_max = 5;

/// One family. Its name: locale key "voice.family.<id>"; its variants': "voice.sound.<id>.<1..5>".
struct sound_family {
  std::string_view id;      ///< "rain", as in "rain:2".
  std::string_view emoji;   ///< On its buttons.
  std::string_view command; ///< Name of its own slash command; empty: by /ambience only.
};
const std::vector<sound_family>& sound_families();
/// The family of that id, or nullptr.
const sound_family* find_family(std::string_view id);
/// The family that a slash command plays, or nullptr.
const sound_family* family_of_command(std::string_view command);

/// "rain:2".
std::string sound_id(std::string_view family, int variant);
/// "file:rain/lake.ogg".
std::string file_sound_id(std::string_view family, std::string_view file);

/// Operator's own files, as ids; those that do not fit (`fits_buttons`) are passed over. The select
/// of a message shows the first 25.
using own_sounds = std::vector<std::string>;

/// Whether that sound can be played: a variant that there is, or a file that is listed.
bool sound_exists(std::string_view sound, const own_sounds& own);
/// What members call it: "Light rain", or a file's name without folder and ending. Not escaped.
std::string sound_name(const words& say, std::string_view sound);
/// The emoji of its family; a note for others.
std::string_view sound_emoji(std::string_view sound);

struct sound_choice {
  std::string id, name;
};
/// Sounds whose name, family or id has what was typed, in order of the families, own files last; at
/// most `limit`. Case and accents do not matter.
std::vector<sound_choice> search_sounds(const words& say, const own_sounds& own,
                                        std::string_view typed, size_t limit);
/// What somebody typed instead of choosing: an id, or the name of a sound or family (its first
/// variant).
std::optional<std::string> sound_typed(const words& say, const own_sounds& own,
                                       std::string_view typed);

} // namespace hearth
