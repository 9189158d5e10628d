#include "infra/sound/catalog.hpp"
#include <algorithm>

namespace hearth::sound {
namespace {

constexpr auto table = std::array<family_entry, family_count>{{
    {family::rain,
     "rain",
     {"light", "heavy", "tent", "thunder", "window"},
     {-4.2F, -11.4F, -4.7F, -8.2F, -3.6F}},
    {family::wind,
     "wind",
     {"breeze", "forest", "storm", "mountain", "hearthside"},
     {-7.4F, -5.6F, -7.2F, -4.3F, -4.6F}},
    {family::sea,
     "sea",
     {"beach", "ocean", "lapping", "pebbles", "hull"},
     {-8.1F, -11.8F, -0.1F, -9, -6.5F}},
    {family::sparkles,
     "sparkles",
     {"dust", "box", "chimes", "frost", "fireflies"},
     {-2.1F, -3.2F, -5.8F, -2.8F, -2.6F}},
    {family::stars,
     "stars",
     {"clear", "bowls", "aurora", "shooting", "milky"},
     {-4, -2.6F, -2.2F, -4.9F, -4.9F}},
    {family::music,
     "music",
     {"dawn", "lantern", "deep", "lullaby", "harbour"},
     {3.6F, 2.2F, -0.8F, -1.2F, -0.8F}},
    {family::fire,
     "fire",
     {"hearth", "campfire", "embers", "stove", "woods"},
     {-2.9F, -7.7F, 1, -7.4F, -6.5F}},
    {family::train,
     "train",
     {"express", "sleeper", "branch", "steam", "rain"},
     {-4.6F, -4.6F, -4, -2.2F, -5.4F}},
    {family::night,
     "night",
     {"meadow", "pond", "wood", "warm", "tent"},
     {4.2F, 4.1F, 3.6F, 4.7F, 3.1F}},
    {family::noise,
     "noise",
     {"brown", "pink", "white", "soft", "deep"},
     {-11, -18.1F, -23.2F, -15.2F, -9.7F}},
}};

} // namespace

std::span<const family_entry> families() { return table; }

const family_entry& entry_of(family which) { return table.at(static_cast<size_t>(which)); }

std::optional<family> parse_family(std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& one) { return one.name == name; });
  return found == table.end() ? std::nullopt : std::optional(found->of);
}

std::string to_string(const scene& which) {
  return std::string(entry_of(which.of).name) + ":" + std::to_string(which.variant);
}

std::optional<scene> parse_scene(std::string_view text) {
  const auto colon = text.find(':');
  const auto of = parse_family(text.substr(0, colon));
  if (!of)
    return std::nullopt;
  if (colon == std::string_view::npos)
    return scene{*of, 1};
  const auto variant = text.substr(colon + 1);
  const auto& names = entry_of(*of).variants;
  for (auto i = 0; i < variant_count; ++i)
    if (variant == names[static_cast<size_t>(i)] || variant == std::to_string(i + 1))
      return scene{*of, i + 1};
  return std::nullopt;
}

} // namespace hearth::sound
