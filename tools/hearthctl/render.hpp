#pragma once
// Every answer as an operator reads it. Pure; lines end with a newline.
#include "messages/inspect.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::ctl {

std::string render(const daemon_status& status);
std::string render(const gate_list& gates);
std::string render(const job_list& jobs);
std::string render(const guild_view& guild);
std::string render(const event_list& events);
std::string render(const log_line& line);
std::string render(const trace_line& line, int64_t first_us);

/// What an actor did between two lists.
struct actor_rates {
  actor_line now;
  double messages = 0; ///< Per second.
  double busy = 0;     ///< Share of the time, 0..1.
};
/// For each of `now`; one that is new counts from nothing.
std::vector<actor_rates> rates_between(const actor_list& before, const actor_list& now);
/// Share of one core, 0..; nothing when no time has passed.
std::optional<double> cpu_between(const actor_list& before, const actor_list& now);

std::string render(const std::vector<actor_rates>& actors);

/// The actor that an operator means: its number, its name when only one has it, or "name/guild".
/// Else `why` says what to write instead.
std::optional<actor_line> find_actor(const actor_list& among, std::string_view typed,
                                     std::string& why);

} // namespace hearth::ctl
