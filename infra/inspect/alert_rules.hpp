#pragma once
// When an operator is told that something is wrong, and that it is well again: once each. Pure: the
// facts and the time are arguments.
#include "messages/ids.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// An actor whose handler has been running for long.
struct stuck_actor {
  std::string name;
  guild_id guild;
  std::string message; ///< What it handles: a type's name.
  int64_t for_ms = 0;
  bool may_take_long = false; ///< It copies or checks the whole database.
};

/// What is known at one moment.
struct health_facts {
  bool gateway_ready = false;
  int64_t gateway_away_ms = 0; ///< Since when it is not ready.
  std::string gateway_phase;
  bool store_writable = true;
  bool token_refused = false;
  uint64_t invalid_requests = 0;    ///< 401, 403 and 429 of ten minutes. Source: discord-api 2.3.
  std::vector<stuck_actor> running; ///< Actors in the middle of a handler.
  std::vector<std::string> failing_jobs; ///< "daily_schedule (2 servers)".
  std::optional<uint64_t> disk_free_bytes;
  std::optional<double> temperature_c;
  std::optional<bool> undervoltage;
};

struct alert_limits {
  int64_t gateway_away_ms = 300'000;
  int64_t stuck_ms = 30'000;
  int64_t stuck_long_ms = 1'800'000; ///< For those that may take long.
  uint64_t invalid_requests = 1'000; ///< Discord bans at 10,000; our gate stops at 2,000.
  uint64_t disk_free_bytes = 200'000'000;
  double temperature_c = 80;
};

/// Actors that are stuck by these limits.
std::vector<stuck_actor> stuck(const health_facts& facts, const alert_limits& limits);

/// One alert.
struct alert_rule {
  std::string_view name;  ///< "store_failing"; a label of metrics.
  int64_t raise_after_ms; ///< It must have been wrong for so long.
  int64_t clear_after_ms; ///< It must have been well for so long.
  std::string_view all_clear;
  /// Empty while all is well, else what is wrong and what to do, one line for the operator.
  /// `stands`: whether the alert is raised: values that swing about a limit keep it.
  std::string (*trouble)(const health_facts&, const alert_limits&, bool stands);
};
const std::vector<alert_rule>& alert_rules();

/// Something to tell.
struct alert_news {
  std::string alert;
  bool raised = false; ///< False: the all-clear.
  std::string text;
};

/// The state of all alerts.
class alert_book {
public:
  /// @param now_ms Steady.
  std::vector<alert_news> look(const health_facts& facts, const alert_limits& limits,
                               int64_t now_ms);
  /// Names of those that stand, in the order of the rules.
  std::vector<std::string> standing() const;

private:
  struct state {
    bool raised = false;
    std::optional<int64_t> turning_ms; ///< Since when the facts say the contrary.
  };
  std::vector<state> states_;
};

} // namespace hearth
