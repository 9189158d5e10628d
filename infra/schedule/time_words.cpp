#include "infra/schedule/time_words.hpp"

namespace hearth {

namespace {

template <class Number, class Label>
std::string joined(const std::vector<Number>& members, const Label& label) {
  auto text = std::string{};
  for (const auto member : members) {
    if (!text.empty())
      text += ", ";
    text += label(member);
  }
  return text;
}

} // namespace

std::string hour_label(const words& say, int hour) {
  const auto on_clock = hour % 24;
  const auto shown = say("schedule.clock") == "12" ? (on_clock + 11) % 12 + 1 : on_clock;
  return say(on_clock < 12 ? "schedule.hour_am" : "schedule.hour_pm",
             {{"hour", std::to_string(shown)}});
}

std::string weekday_label(const words& say, int weekday) {
  return say("schedule.weekday." + std::to_string(weekday));
}

std::string long_date(const words& say, evening_day day) {
  const auto parts = parts_of(day);
  return say("schedule.long_date", {{"weekday", weekday_label(say, weekday_of(day))},
                                    {"day", std::to_string(parts.day)},
                                    {"month", say("schedule.month." + std::to_string(parts.month))},
                                    {"year", std::to_string(parts.year)}});
}

std::string days_label(const words& say, day_set days) {
  if (days == every_day)
    return say("schedule.every_day");
  return joined(days_in(days), [&](int day) { return weekday_label(say, day); });
}

std::string hours_label(const words& say, hour_set hours) {
  return joined(hours_in(hours), [&](int hour) { return hour_label(say, hour); });
}

std::string plan_lines(const words& say, const std::vector<plan_entry>& plan) {
  auto text = std::string{};
  for (const auto& group : grouped(plan)) {
    if (!text.empty())
      text += '\n';
    text += say("schedule.plan_line",
                {{"days", days_label(say, group.days)}, {"hours", hours_label(say, group.hours)}});
  }
  return text;
}

} // namespace hearth
