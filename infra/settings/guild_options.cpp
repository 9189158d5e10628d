#include "infra/settings/guild_options.hpp"
#include <algorithm>
#include <charconv>

namespace hearth {

const std::string* option_of(const guild_settings& settings, std::string_view key) {
  const auto found = settings.options.find(std::string{key});
  return found == settings.options.end() || found->second.empty() ? nullptr : &found->second;
}

std::optional<int> number_option_of(const guild_settings& settings, std::string_view key, int min,
                                    int max) {
  const auto* set = option_of(settings, key);
  if (!set)
    return std::nullopt;
  auto number = 0;
  const auto* end = set->data() + set->size();
  const auto [stop, error] = std::from_chars(set->data(), end, number);
  if (error != std::errc{} || stop != end)
    return std::nullopt;
  return std::clamp(number, min, max);
}

std::optional<std::string> language_of(const guild_settings& settings,
                                       std::string_view preferred_locale, const catalog& texts) {
  if (const auto* set = option_of(settings, "language"))
    return *set;
  const auto speaks = texts.language_of(preferred_locale);
  if (preferred_locale.substr(0, speaks.size()) != speaks)
    return std::nullopt;
  return std::string{speaks};
}

} // namespace hearth
