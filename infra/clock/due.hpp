#pragma once
// When jobs are due: once per local date, through switches of the clock, downtime, and a clock that
// went back. Pure.
#include "messages/clock.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

/// One run of a job.
struct due_period {
  std::string period; ///< Its local date, "2026-11-20".
  instant at;         ///< When it is due.
};

/// What is known of a job in a guild.
struct job_record {
  instant since;      ///< When it was first planned: nothing before was missed.
  std::string period; ///< The newest period done; empty: none.
};

/// The newest period due at or before `now` that was not done; older ones missed are given up.
/// Nothing when the plan is disabled or has no weekday, or when the period was due before `since`.
/// A clock that went back makes nothing due again. (A record more than a week ahead of `now` was
/// made by a clock that was wrong, and is ignored.)
std::optional<due_period> overdue(const job_plan& plan, std::string_view zone,
                                  const job_record& record, instant now);

/// The first period after `now` that is not done yet.
std::optional<due_period> upcoming(const job_plan& plan, std::string_view zone,
                                   const job_record& record, instant now);

} // namespace hearth
