#pragma once
// The words for days and hours, in a language. Pure.
#include "infra/schedule/evening.hpp"
#include "infra/schedule/recurrence.hpp"
#include "infra/settings/words.hpp"
#include <string>
#include <vector>

namespace hearth {

/// "6 pm", "18 h": the hour on the guild's own clocks.
std::string hour_label(const words& say, int hour);
/// "Friday".
std::string weekday_label(const words& say, int weekday);
/// "Friday, November 20, 2026", "vendredi 20 novembre 2026".
std::string long_date(const words& say, evening_day day);
/// "Monday, Friday"; "Every day" for all of them.
std::string days_label(const words& say, day_set days);
/// "6 pm, 7 pm, 1 am".
std::string hours_label(const words& say, hour_set hours);
/// A plan, one line for days that share their hours; empty for an empty plan.
std::string plan_lines(const words& say, const std::vector<plan_entry>& plan);

} // namespace hearth
