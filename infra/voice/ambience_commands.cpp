#include "infra/voice/ambience_commands.hpp"
#include "infra/voice/ambience_sounds.hpp"

namespace hearth {

namespace {

constexpr uint16_t typed_max = 100; // a sound's name or id
constexpr uint16_t words_max = 400;

option_spec option(std::string name, option_type type, bool required = true) {
  auto made = option_spec{};
  made.name = std::move(name);
  made.type = type;
  made.required = required;
  return made;
}

option_spec number(std::string name, int min, int max, bool required = true) {
  auto made = option(std::move(name), option_type::integer, required);
  made.min = min;
  made.max = max;
  return made;
}

option_spec text(std::string name, uint16_t max, bool required = true) {
  auto made = option(std::move(name), option_type::string, required);
  made.max_length = max;
  return made;
}

option_spec sound(bool required = true) {
  auto made = text("sound", typed_max, required);
  made.autocomplete = true;
  return made;
}

option_spec enable(bool required = true) {
  return option("enable", option_type::boolean, required);
}

/// Its variants by name; the texts are those of the buttons.
option_spec track(const sound_family& family) {
  auto made = number("track", 1, variants_max, false);
  made.min = {};
  made.max = {};
  for (auto variant = 1; variant <= variants_max; ++variant)
    made.choices.push_back({static_cast<int64_t>(variant), "voice.sound." + std::string{family.id} +
                                                               "." + std::to_string(variant)});
  return made;
}

command_spec command(std::string name, allowed who, std::vector<option_spec> options = {}) {
  auto made = command_spec{};
  made.name = std::move(name);
  made.feature = ambience_feature;
  made.who = who;
  made.options = std::move(options);
  return made;
}

command_spec family_command(std::string name) {
  const auto* family = family_of_command(name);
  auto made = command(std::move(name), allowed::in_voice,
                      {track(*family), number("volume", 0, 100, false)});
  made.ephemeral = false; // everybody in the channel uses its buttons
  return made;
}

command_spec player_command() {
  auto made = command("ambience", allowed::in_voice);
  made.ephemeral = false;
  const auto volume = number("volume", 0, 100, false);
  made.subcommands = {
      {.name = "play", .options = {sound(), volume}},
      {.name = "mix", .options = {sound(), volume}},
      {.name = "stop"},
      {.name = "pause"},
      {.name = "resume"},
      {.name = "volume", .options = {number("percent", 0, 100)}},
      {.name = "now", .who = allowed::everyone},
      {.name = "sleep", .options = {number("minutes", 0, sleep_minutes_max)}},
      {.name = "focus",
       .options = {number("work", 0, focus_minutes_max),
                   number("rest", 0, focus_minutes_max, false),
                   number("rounds", 1, focus_rounds_max, false)}},
      {.name = "stay", .options = {enable()}, .who = allowed::moderator},
  };
  return made;
}

command_spec settings_command() {
  auto made = command("modambience", allowed::moderator);
  made.subcommands = {
      {.name = "see"},
      {.name = "idle", .options = {number("minutes", 1, idle_minutes_max)}},
      {.name = "keywords", .options = {enable(), text("words", words_max, false)}},
      {.name = "status", .options = {enable()}},
      {.name = "listed", .options = {enable()}},
  };
  return made;
}

std::vector<command_spec> declared() {
  auto scope = option("scope", option_type::string, false);
  scope.choices = {{std::string{"members"}, "voice.top_members"},
                   {std::string{"servers"}, "voice.top_servers"}};
  return {
      family_command("rain"),
      family_command("wind"),
      family_command("sparkles"),
      family_command("stars"),
      family_command("sea"),
      family_command("background-music"),
      player_command(),
      command("top", allowed::everyone, {scope}),
      command("total", allowed::everyone),
      command("setmyspokenname", allowed::everyone,
              {text("name", spoken_name_max, false), option("named", option_type::boolean, false)}),
      settings_command(),
      command("modenablebotvoice", allowed::administrator, {enable()}),
  };
}

} // namespace

const std::vector<command_spec>& ambience_commands() {
  static const auto commands = declared();
  return commands;
}

} // namespace hearth
