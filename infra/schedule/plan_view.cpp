#include "infra/schedule/plan_view.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/evening_view.hpp"
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

using nlohmann::json;

std::string print(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

const char* name_of(plan_part part) {
  switch (part) {
  case plan_part::days:
    return "days";
  case plan_part::hours:
    return "hours";
  case plan_part::again:
    return "again";
  case plan_part::remind_on:
    return "remind_on";
  case plan_part::remind_off:
    return "remind_off";
  case plan_part::remind:
    return "remind";
  }
  return "";
}

json day_select(const words& say, const plan_choice& choice) {
  auto spec = select_spec{};
  spec.custom_id = plan_custom_id({plan_part::days, choice});
  spec.placeholder = say("schedule.choose_days");
  spec.max_values = 7;
  for (auto day = 0; day < 7; ++day)
    spec.options.push_back(
        {weekday_label(say, day), std::to_string(day), {}, choice.days.contains(day)});
  return make_string_select(spec);
}

json hour_select(const words& say, const evening_rules& rules, const plan_choice& choice) {
  auto spec = select_spec{};
  spec.custom_id = plan_custom_id({plan_part::hours, choice});
  spec.placeholder = say("schedule.choose_hours");
  spec.max_values = static_cast<uint8_t>(rules.hours.count());
  for (auto hour = rules.hours.first; hour <= rules.hours.last; ++hour)
    spec.options.push_back(
        {hour_label(say, hour), std::to_string(hour), {}, choice.hours.contains(hour)});
  return make_string_select(spec);
}

/// Where the member is tonight, each time in the reader's own zone.
std::string tonight_text(const words& say, const evening_rules& rules, const evening_record& record,
                         user_id user) {
  auto times = std::string{};
  for (const auto& given : record.votes) {
    if (given.user != user)
      continue;
    auto time = std::string{};
    if (given.hour == maybe_hour)
      time = say("schedule.maybe_button");
    else if (const auto slot = slot_of(rules, record.evening, given.hour))
      time = viewer_time(slot->from);
    if (!time.empty())
      times += (times.empty() ? "" : ", ") + time;
  }
  return times.empty() ? std::string{} : "\n\n" + say("schedule.tonight_at", {{"times", times}});
}

} // namespace

std::string plan_custom_id(const plan_component& component) {
  const auto* name = name_of(component.part);
  if (component.part == plan_part::days || component.part == plan_part::hours)
    return make_custom_id(schedule_area, {"plan", name, to_text(component.choice.days),
                                          to_text(component.choice.hours)});
  return make_custom_id(schedule_area, {"plan", name});
}

std::optional<plan_component> parse_plan_component(std::string_view text) {
  const auto id = parse_custom_id(text);
  if (!id || id->area != schedule_area || id->parts.size() < 2 || id->parts[0] != "plan")
    return std::nullopt;
  for (const auto part : {plan_part::days, plan_part::hours}) {
    if (id->parts[1] != name_of(part) || id->parts.size() != 4)
      continue;
    const auto days = parse_day_set(id->parts[2]);
    const auto hours = parse_hour_set(id->parts[3]);
    if (!days || !hours)
      return std::nullopt;
    return plan_component{part, {*days, *hours}};
  }
  for (const auto part :
       {plan_part::again, plan_part::remind_on, plan_part::remind_off, plan_part::remind})
    if (id->parts[1] == name_of(part) && id->parts.size() == 2)
      return plan_component{part, {}};
  return std::nullopt;
}

std::optional<plan_choice> chosen(const plan_component& component,
                                  const std::vector<std::string>& values) {
  auto choice = component.choice;
  if (component.part == plan_part::days) {
    const auto days = day_set_of(values);
    if (!days)
      return std::nullopt;
    choice.days = *days;
  } else {
    const auto hours = hour_set_of(values);
    if (!hours)
      return std::nullopt;
    choice.hours = *hours;
  }
  return choice;
}

std::string render_planner(const words& say, const evening_rules& rules,
                           const plan_choice& choice) {
  auto message = message_text(say("schedule.planner", {{"zone", rules.zone}}));
  message["embeds"] = json::array();
  message["components"] = json::array(
      {make_row({day_select(say, choice)}), make_row({hour_select(say, rules, choice)})});
  return print(message);
}

std::string render_saved(const words& say, const plan_choice& choice, const member_plan& plan) {
  auto text = say("schedule.saved", {{"days", days_label(say, choice.days)},
                                     {"hours", hours_label(say, choice.hours)}});
  text += "\n\n" + say("schedule.your_week") + "\n" + plan_lines(say, plan.entries);
  auto message = message_text(text);
  message["components"] = json::array({make_row(
      {make_button({plan_custom_id({plan_part::again, {}}), say("schedule.plan_again")})})});
  return print(message);
}

std::string render_plan(const words& say, const evening_rules& rules, const member_plan& plan,
                        const evening_record& tonight, const std::string& name) {
  const auto own = name.empty();
  const auto who = escape_markdown(name);
  auto text = std::string{};
  if (plan.entries.empty())
    text = own ? say("schedule.no_plan") : say("schedule.no_plan_of", {{"name", who}});
  else
    text = (own ? say("schedule.your_week") : say("schedule.week_of", {{"name", who}})) + "\n" +
           plan_lines(say, plan.entries);
  text += tonight_text(say, rules, tonight, plan.user);
  if (own && plan.remind)
    text += "\n\n" + say("schedule.reminds");
  auto message = message_text(text);
  if (own)
    message["components"] = json::array({make_row({make_button(
        {plan_custom_id({plan.remind ? plan_part::remind_off : plan_part::remind_on, {}}),
         say(plan.remind ? "schedule.remind_stop" : "schedule.remind_start"),
         button_style::secondary, plan.remind ? "🔕" : "🔔"})})});
  return print(message);
}

} // namespace hearth
