#include "infra/schedule/schedule_commands.hpp"
#include "infra/interactions/command_options.hpp"
#include "infra/schedule/schedule_settings.hpp"

namespace hearth {

namespace {

std::vector<choice_spec> day_choices() {
  auto choices = std::vector<choice_spec>{};
  for (auto day = 0; day < 7; ++day)
    choices.push_back({std::to_string(day), "schedule.weekday." + std::to_string(day)});
  choices.push_back({std::string{"all"}, "schedule.every_day"});
  return choices;
}

std::vector<option_spec> posting_options() {
  return {channel_option("channel", {channel_kind::text, channel_kind::announcement}),
          text_option("hours", 20, false), text_option("post_at", 10, false),
          number_option("ready", 0, ready_count_max, false)}; // 0: never
}

std::vector<command_spec> declared() {
  auto day = plain_option("day", option_type::string);
  day.choices = day_choices();
  const auto user = plain_option("user", option_type::user, false);
  const auto member = plain_option("member", option_type::user);
  const auto voice = channel_option("channel", {channel_kind::voice, channel_kind::stage});
  constexpr auto moderator = allowed::moderator, administrator = allowed::administrator;
  return of_feature(
      schedule_feature,
      {{.name = "addschedule"},
       {.name = "removeschedule", .options = {day}},
       {.name = "seeschedule", .options = {user}},
       {.name = "modadduserschedule",
        .who = moderator,
        .options = {member, completed_option("time", 40)}},
       {.name = "modrefreshschedule", .who = moderator},
       {.name = "modforcesendschedule", .who = moderator},
       {.name = "modapplyschedule", .who = moderator},
       {.name = "modtextschedulechannel", .who = administrator, .options = posting_options()},
       {.name = "modseeschedulechannel", .who = administrator},
       {.name = "modvoicechannel",
        .who = administrator,
        .options = {voice, plain_option("watch", option_type::boolean, false)}},
       {.name = "modseevoicechannels", .who = administrator},
       {.name = "modresetvoicechannel", .who = administrator}});
}

} // namespace

const std::vector<command_spec>& schedule_commands() {
  static const auto commands = declared();
  return commands;
}

} // namespace hearth
