#include "infra/voice/ambience_settings.hpp"
#include "infra/settings/guild_options.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "infra/voice/word_text.hpp"

namespace hearth {

namespace {

bool is_on(const guild_settings& settings, const char* key, bool otherwise) {
  const auto* set = option_of(settings, key);
  return set ? *set == "on" : otherwise;
}

} // namespace

ambience_settings ambience_settings_of(const guild_settings& settings, int default_idle_minutes) {
  auto read = ambience_settings{};
  read.idle_minutes =
      number_option_of(settings, idle_option, 1, idle_minutes_max).value_or(default_idle_minutes);
  read.welcome = is_on(settings, welcome_option, read.welcome);
  read.keywords = is_on(settings, keywords_option, read.keywords);
  read.status = is_on(settings, status_option, read.status);
  read.listed = is_on(settings, listed_option, read.listed);
  const auto* words = option_of(settings, keyword_list_option);
  read.keyword_list = keywords_in(words ? *words : default_keywords);
  return read;
}

} // namespace hearth
