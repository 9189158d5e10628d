#pragma once
// Reading one guild's options, for every area that has some. Pure.
#include "infra/settings/catalog.hpp"
#include "messages/settings.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

/// What the guild has set; nullptr when it has not.
const std::string* option_of(const guild_settings& settings, std::string_view key);
/// The same as a whole number brought into min..max; nothing when it is none.
std::optional<int> number_option_of(const guild_settings& settings, std::string_view key, int min,
                                    int max);
/// The language of what everybody in the guild sees: the one it has set, or Discord's for it where
/// we speak that. Nothing: the operator's.
/// @param preferred_locale guild_snapshot::preferred_locale.
std::optional<std::string> language_of(const guild_settings& settings,
                                       std::string_view preferred_locale, const catalog& texts);

} // namespace hearth
