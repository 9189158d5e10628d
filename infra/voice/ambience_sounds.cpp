#include "infra/voice/ambience_sounds.hpp"
#include "infra/voice/ambience_player.hpp"
#include "infra/voice/word_text.hpp"
#include <algorithm>

namespace hearth {

namespace {

constexpr auto file_prefix = std::string_view{"file:"};

bool is_file(std::string_view sound) { return sound.substr(0, file_prefix.size()) == file_prefix; }

std::optional<int> variant_of(std::string_view sound) {
  const auto colon = sound.find(':');
  if (colon == std::string_view::npos || sound.size() != colon + 2)
    return std::nullopt;
  const auto variant = sound.back() - '0';
  return variant >= 1 && variant <= variants_max ? std::optional{variant} : std::nullopt;
}

std::string family_name(const words& say, std::string_view family) {
  return say("voice.family." + std::string{family});
}

} // namespace

const std::vector<sound_family>& sound_families() {
  static const std::vector<sound_family> families = {
      {"rain", "🌧️", "rain"},
      {"wind", "🍃", "wind"},
      {"stars", "🌌", "stars"},
      {"sea", "🌊", "sea"},
      {"sparkles", "✨", "sparkles"},
      {"music", "🎵", "background-music"},
      {"fire", "🔥", ""},
      {"train", "🚂", ""},
      {"night", "🦗", ""},
      {"noise", "📻", ""},
  };
  return families;
}

const sound_family* find_family(std::string_view id) {
  for (const auto& family : sound_families())
    if (family.id == id)
      return &family;
  return nullptr;
}

const sound_family* family_of_command(std::string_view command) {
  for (const auto& family : sound_families())
    if (family.command == command && !command.empty())
      return &family;
  return nullptr;
}

std::string sound_id(std::string_view family, int variant) {
  return std::string{family} + ":" + std::to_string(variant);
}

std::string file_sound_id(std::string_view family, std::string_view file) {
  return std::string{file_prefix} + std::string{family} + "/" + std::string{file};
}

bool sound_exists(std::string_view sound, const own_sounds& own) {
  if (is_file(sound))
    return fits_buttons(sound) && std::find(own.begin(), own.end(), sound) != own.end();
  return variant_of(sound) && find_family(family_of(sound)) != nullptr;
}

std::string sound_name(const words& say, std::string_view sound) {
  if (is_file(sound)) {
    auto name = sound.substr(file_prefix.size());
    name.remove_prefix(std::min(name.find('/') + 1, name.size())); // npos + 1 is 0
    return std::string{name.substr(0, name.rfind('.'))};
  }
  const auto variant = variant_of(sound);
  if (!variant || !find_family(family_of(sound)))
    return std::string{sound};
  return say("voice.sound." + std::string{family_of(sound)} + "." + std::to_string(*variant));
}

std::string_view sound_emoji(std::string_view sound) {
  const auto* family = find_family(family_of(sound));
  return family ? family->emoji : "🎶";
}

std::vector<sound_choice> search_sounds(const words& say, const own_sounds& own,
                                        std::string_view typed, size_t limit) {
  const auto wanted = folded(typed);
  auto found = std::vector<sound_choice>{};
  const auto add = [&](std::string id, std::string shown) {
    if (found.size() >= limit)
      return;
    if (wanted.empty() || folded(shown).find(wanted) != std::string::npos ||
        folded(id).find(wanted) != std::string::npos)
      found.push_back({std::move(id), std::move(shown)});
  };
  // Nothing typed: one of each family first, as 25 places are fewer than there are sounds.
  const auto rounds = wanted.empty() ? variants_max : 1;
  for (auto round = 1; round <= rounds; ++round)
    for (const auto& family : sound_families())
      for (auto variant = round; variant <= (wanted.empty() ? round : variants_max); ++variant) {
        auto id = sound_id(family.id, variant);
        auto shown = family_name(say, family.id) + ": " + sound_name(say, id);
        add(std::move(id), std::move(shown));
      }
  for (const auto& id : own)
    if (fits_buttons(id))
      add(id, family_name(say, "own") + ": " + sound_name(say, id));
  return found;
}

std::optional<std::string> sound_typed(const words& say, const own_sounds& own,
                                       std::string_view typed) {
  if (sound_exists(typed, own))
    return std::string{typed};
  const auto wanted = folded(typed);
  if (wanted.empty())
    return std::nullopt;
  for (const auto& family : sound_families())
    if (wanted == family.id || wanted == family.command ||
        wanted == folded(family_name(say, family.id)))
      return sound_id(family.id, 1);
  const auto found = search_sounds(say, own, typed, 2);
  if (found.size() == 1)
    return found.front().id;
  for (const auto& each : search_sounds(say, own, typed, 25))
    if (folded(sound_name(say, each.id)) == wanted)
      return each.id;
  return std::nullopt;
}

} // namespace hearth
