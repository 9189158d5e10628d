#include "infra/voice/ambience_commands.hpp"
#include "infra/interactions/command_options.hpp"
#include "infra/voice/ambience_sounds.hpp"

namespace hearth {

namespace {

constexpr uint16_t typed_max = 100; // a sound's name or id
constexpr uint16_t words_max = 400;

option_spec sound() { return completed_option("sound", typed_max); }

option_spec enable() { return plain_option("enable", option_type::boolean); }

/// Its variants by name; the texts are those of the buttons.
option_spec track(const sound_family& family) {
  auto made = plain_option("track", option_type::integer, false);
  for (auto variant = 1; variant <= variants_max; ++variant)
    made.choices.push_back({static_cast<int64_t>(variant), "voice.sound." + std::string{family.id} +
                                                               "." + std::to_string(variant)});
  return made;
}

command_spec family_command(std::string name) {
  const auto* family = family_of_command(name);
  return {.name = std::move(name),
          .who = allowed::in_voice,
          .options = {track(*family), number_option("volume", 0, 100, false)},
          .ephemeral = false}; // everybody in the channel uses its buttons
}

command_spec player_command() {
  const auto volume = number_option("volume", 0, 100, false);
  auto subcommands = std::vector<subcommand_spec>{
      {.name = "play", .options = {sound(), volume}},
      {.name = "mix", .options = {sound(), volume}},
      {.name = "stop"},
      {.name = "pause"},
      {.name = "resume"},
      {.name = "volume", .options = {number_option("percent", 0, 100)}},
      {.name = "now", .who = allowed::everyone},
      {.name = "sleep", .options = {number_option("minutes", 0, sleep_minutes_max)}},
      {.name = "focus",
       .options = {number_option("work", 0, focus_minutes_max),
                   number_option("rest", 0, focus_minutes_max, false),
                   number_option("rounds", 1, focus_rounds_max, false)}},
      {.name = "stay", .options = {enable()}, .who = allowed::moderator},
  };
  return {.name = "ambience",
          .who = allowed::in_voice,
          .subcommands = std::move(subcommands),
          .ephemeral = false};
}

command_spec settings_command() {
  auto subcommands = std::vector<subcommand_spec>{
      {.name = "see"},
      {.name = "idle", .options = {number_option("minutes", 1, idle_minutes_max)}},
      {.name = "keywords", .options = {enable(), text_option("words", words_max, false)}},
      {.name = "status", .options = {enable()}},
      {.name = "listed", .options = {enable()}},
  };
  return {.name = "modambience", .who = allowed::moderator, .subcommands = std::move(subcommands)};
}

std::vector<command_spec> declared() {
  auto scope = plain_option("scope", option_type::string, false);
  scope.choices = {{std::string{"members"}, "voice.top_members"},
                   {std::string{"servers"}, "voice.top_servers"}};
  return of_feature(
      ambience_feature,
      {family_command("rain"),
       family_command("wind"),
       family_command("sparkles"),
       family_command("stars"),
       family_command("sea"),
       family_command("background-music"),
       player_command(),
       {.name = "top", .options = {scope}},
       {.name = "total"},
       {.name = "setmyspokenname",
        .options = {text_option("name", spoken_name_max, false),
                    plain_option("named", option_type::boolean, false)}},
       settings_command(),
       {.name = "modenablebotvoice", .who = allowed::administrator, .options = {enable()}}});
}

} // namespace

const std::vector<command_spec>& ambience_commands() {
  static const auto commands = declared();
  return commands;
}

} // namespace hearth
