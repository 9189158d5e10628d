#pragma once
// Weekly plans as messages: choosing days and hours, what was saved, what is planned. All state is
// in the custom_ids, so the selects work after a restart. Pure.
#include "infra/schedule/recurrence.hpp"
#include "infra/schedule/time_words.hpp"
#include "messages/schedule.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

/// What was chosen so far in /addschedule.
struct plan_choice {
  day_set days;
  hour_set hours;
  bool operator==(const plan_choice&) const = default;
  bool complete() const noexcept { return !days.empty() && !hours.empty(); }
};

/// The components of plan messages.
enum class plan_part : uint8_t {
  days,       ///< The select of days.
  hours,      ///< The select of hours.
  again,      ///< "Plan other days".
  remind_on,  ///< "Remind me".
  remind_off, ///< "Stop reminding me".
  remind,     ///< The bell below the daily message: as remind_on, answered in private.
};
struct plan_component {
  plan_part part = plan_part::days;
  plan_choice choice; ///< days, hours: what the other select (and this one) had before.
  bool operator==(const plan_component&) const = default;
};
std::string plan_custom_id(const plan_component& component);
/// Nothing for any other custom_id.
std::optional<plan_component> parse_plan_component(std::string_view custom_id);
/// The choice after a select gave `values`; nothing when they are no days or hours.
std::optional<plan_choice> chosen(const plan_component& component,
                                  const std::vector<std::string>& values);

/// The two selects.
std::string render_planner(const words& say, const evening_rules& rules, const plan_choice& choice);
/// After both were answered.
std::string render_saved(const words& say, const plan_choice& choice, const member_plan& plan);
/// What a member has planned, and where they are tonight. `name` of somebody else, empty for
/// oneself; only oneself gets the reminder button.
std::string render_plan(const words& say, const evening_rules& rules, const member_plan& plan,
                        const evening_record& tonight, const std::string& name);

} // namespace hearth
