#include "infra/clock/due.hpp"
#include "infra/clock/zone_time.hpp"

namespace hearth {
namespace {

/// A weekday comes again within seven days; one more for zones that jump across the date line.
constexpr int32_t days_looked = 8;
constexpr int32_t believable_days_ahead = 7;

bool runs(const job_plan& plan) {
  return plan.enabled && (plan.weekdays & 0x7f) != 0 && plan.minute >= 0 && plan.minute < 1440;
}
bool on_weekday(const job_plan& plan, local_date date) {
  return (plan.weekdays >> weekday_of(date) & 1) != 0;
}
due_period period_of(const job_plan& plan, std::string_view zone, local_date date) {
  return {to_string(date), from_local(zone, date, plan.minute)};
}

/// The newest date done, as far as it can be believed.
std::optional<local_date> done_until(const job_record& record, local_date today) {
  const auto date = parse_date(record.period);
  if (!date || days_between(today, *date) > believable_days_ahead)
    return std::nullopt;
  return date;
}

} // namespace

std::optional<due_period> overdue(const job_plan& plan, std::string_view zone,
                                  const job_record& record, instant now) {
  if (!runs(plan))
    return std::nullopt;
  const auto today = date_of(zone, now);
  const auto done = done_until(record, today);
  for (auto back = 0; back <= days_looked; ++back) {
    const auto date = add_days(today, -back);
    if (done && date <= *done)
      return std::nullopt;
    if (!on_weekday(plan, date))
      continue;
    auto due = period_of(plan, zone, date);
    if (due.at > now)
      continue;
    if (due.at < record.since)
      return std::nullopt;
    return due;
  }
  return std::nullopt;
}

std::optional<due_period> upcoming(const job_plan& plan, std::string_view zone,
                                   const job_record& record, instant now) {
  if (!runs(plan))
    return std::nullopt;
  auto date = date_of(zone, now);
  if (const auto done = done_until(record, date); done && *done >= date)
    date = add_days(*done, 1);
  for (auto ahead = 0; ahead <= days_looked; ++ahead, date = add_days(date, 1)) {
    if (!on_weekday(plan, date))
      continue;
    auto due = period_of(plan, zone, date);
    if (due.at > now)
      return due;
  }
  return std::nullopt;
}

} // namespace hearth
