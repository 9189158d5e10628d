#include "infra/schedule/schedule_commands.hpp"
#include "infra/schedule/schedule_settings.hpp"
#include "messages/gateway.hpp"

namespace hearth {

namespace {

std::vector<choice_spec> day_choices() {
  auto choices = std::vector<choice_spec>{};
  for (auto day = 0; day < 7; ++day)
    choices.push_back({std::to_string(day), "schedule.weekday." + std::to_string(day)});
  choices.push_back({std::string{"all"}, "schedule.every_day"});
  return choices;
}

command_spec command(std::string name, allowed who, std::vector<option_spec> options = {}) {
  auto made = command_spec{};
  made.name = std::move(name);
  made.feature = schedule_feature;
  made.who = who;
  made.options = std::move(options);
  return made;
}

option_spec option(std::string name, option_type type, bool required = true) {
  auto made = option_spec{};
  made.name = std::move(name);
  made.type = type;
  made.required = required;
  return made;
}

option_spec channel(std::vector<uint8_t> kinds) {
  auto made = option("channel", option_type::channel);
  made.channel_kinds = std::move(kinds);
  return made;
}

std::vector<option_spec> posting_options() {
  constexpr auto text = static_cast<uint8_t>(channel_kind::text);
  constexpr auto announcement = static_cast<uint8_t>(channel_kind::announcement);
  auto hours = option("hours", option_type::string, false);
  hours.max_length = 20;
  auto post_at = option("post_at", option_type::string, false);
  post_at.max_length = 10;
  auto ready = option("ready", option_type::integer, false);
  ready.min = 0; // never
  ready.max = ready_count_max;
  return {channel({text, announcement}), hours, post_at, ready};
}

std::vector<command_spec> declared() {
  constexpr auto voice = static_cast<uint8_t>(channel_kind::voice);
  constexpr auto stage = static_cast<uint8_t>(channel_kind::stage);
  auto day = option("day", option_type::string);
  day.choices = day_choices();
  auto time = option("time", option_type::string);
  time.autocomplete = true;
  time.max_length = 40;
  return {
      command("addschedule", allowed::everyone),
      command("removeschedule", allowed::everyone, {day}),
      command("seeschedule", allowed::everyone, {option("user", option_type::user, false)}),
      command("modadduserschedule", allowed::moderator,
              {option("member", option_type::user), time}),
      command("modrefreshschedule", allowed::moderator),
      command("modforcesendschedule", allowed::moderator),
      command("modapplyschedule", allowed::moderator),
      command("modtextschedulechannel", allowed::administrator, posting_options()),
      command("modseeschedulechannel", allowed::administrator),
      command("modvoicechannel", allowed::administrator, {channel({voice, stage})}),
      command("modseevoicechannels", allowed::administrator),
      command("modresetvoicechannel", allowed::administrator),
  };
}

} // namespace

const std::vector<command_spec>& schedule_commands() {
  static const auto commands = declared();
  return commands;
}

} // namespace hearth
