#pragma once
// What a guild has set for ambience and the spoken welcome, read from its options. Pure.
#include "messages/settings.hpp"
#include <string>
#include <vector>

namespace hearth {

/// Option keys, as stored by the settings.
inline constexpr auto idle_option = "voice.idle_minutes";
inline constexpr auto welcome_option = "voice.welcome";
inline constexpr auto keywords_option = "voice.keywords";
inline constexpr auto keyword_list_option = "voice.keyword_list";
inline constexpr auto status_option = "voice.status";
inline constexpr auto listed_option = "voice.listed";

/// Words that get a rain cloud where moderators have not chosen others. Source: features A5.
inline constexpr auto default_keywords = "rain pluie goutte raindrop";

struct ambience_settings {
  int idle_minutes = 30; ///< Without humans, then the bot leaves; 1..`idle_minutes_max`.
  bool welcome = false;  ///< The spoken welcome (/modenablebotvoice).
  bool keywords = true;  ///< Reactions; only where the operator has them on.
  std::vector<std::string> keyword_list; ///< Folded.
  bool status = true;                    ///< The voice channel's status shows what plays.
  bool listed = true;                    ///< Other guilds may see this one's name in /top.
};

/// Absent or damaged options count as the default: a guild must not stop for one.
/// @param default_idle_minutes The operator's, where the guild has not said.
ambience_settings ambience_settings_of(const guild_settings& settings, int default_idle_minutes);

} // namespace hearth
