#include "infra/voice/ambience_settings.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "infra/voice/word_text.hpp"
#include <algorithm>
#include <charconv>

namespace hearth {

namespace {

const std::string* find(const guild_settings& settings, const char* key) {
  const auto found = settings.options.find(key);
  return found == settings.options.end() || found->second.empty() ? nullptr : &found->second;
}

bool is_on(const guild_settings& settings, const char* key, bool otherwise) {
  const auto* set = find(settings, key);
  return set ? *set == "on" : otherwise;
}

} // namespace

ambience_settings ambience_settings_of(const guild_settings& settings, int default_idle_minutes) {
  auto read = ambience_settings{};
  read.idle_minutes = default_idle_minutes;
  if (const auto* idle = find(settings, idle_option)) {
    auto minutes = 0;
    const auto* end = idle->data() + idle->size();
    const auto [stop, error] = std::from_chars(idle->data(), end, minutes);
    if (error == std::errc{} && stop == end)
      read.idle_minutes = std::clamp(minutes, 1, idle_minutes_max);
  }
  read.welcome = is_on(settings, welcome_option, read.welcome);
  read.keywords = is_on(settings, keywords_option, read.keywords);
  read.status = is_on(settings, status_option, read.status);
  read.listed = is_on(settings, listed_option, read.listed);
  const auto* words = find(settings, keyword_list_option);
  read.keyword_list = keywords_in(words ? *words : default_keywords);
  return read;
}

} // namespace hearth
