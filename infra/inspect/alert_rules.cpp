#include "infra/inspect/alert_rules.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth {
namespace {

using facts_t = const health_facts&;
using limits_t = const alert_limits&;

std::string gateway_down(facts_t facts, limits_t limits, bool) {
  if (facts.gateway_ready || facts.gateway_away_ms < limits.gateway_away_ms)
    return {};
  return fmt::format("no session with Discord for {} minutes ({}); see https://discordstatus.com "
                     "and the network of this machine",
                     facts.gateway_away_ms / 60'000, facts.gateway_phase);
}

std::string store_failing(facts_t facts, limits_t, bool) {
  return facts.store_writable ? "" : "the database cannot be written; the log says why";
}

std::string token_refused(facts_t facts, limits_t, bool) {
  return facts.token_refused ? "Discord refuses the bot's token (401); it needs a new one" : "";
}

std::string near_ban(facts_t facts, limits_t limits, bool stands) {
  const auto limit = stands ? limits.invalid_requests / 2 : limits.invalid_requests;
  if (facts.invalid_requests < limit)
    return {};
  return fmt::format(
      "{} refused requests in ten minutes (401, 403, 429); Discord bans this address "
      "at 10,000: look for missing rights in the log",
      facts.invalid_requests);
}

std::string actor_stuck(facts_t facts, limits_t limits, bool) {
  auto text = std::string{};
  for (const auto& one : stuck(facts, limits))
    text += fmt::format("{}{}{} has been busy with {} for {} s", text.empty() ? "" : "; ", one.name,
                        one.guild ? " of server " + to_string(one.guild) : "", one.message,
                        one.for_ms / 1'000);
  return text;
}

std::string job_failed(facts_t facts, limits_t, bool) {
  if (facts.failing_jobs.empty())
    return {};
  return fmt::format("jobs failed and are tried again: {}; the log says why",
                     fmt::join(facts.failing_jobs, ", "));
}

std::string disk_full(facts_t facts, limits_t limits, bool stands) {
  const auto limit = stands ? limits.disk_free_bytes / 10 * 11 : limits.disk_free_bytes;
  if (!facts.disk_free_bytes || *facts.disk_free_bytes >= limit)
    return {};
  return fmt::format("{} MB left on the disk of the data folder",
                     *facts.disk_free_bytes / 1'000'000);
}

std::string too_hot(facts_t facts, limits_t limits, bool stands) {
  const auto limit = stands ? limits.temperature_c - 5 : limits.temperature_c;
  if (!facts.temperature_c || *facts.temperature_c < limit)
    return {};
  return fmt::format("the machine is at {:.0f} °C", *facts.temperature_c);
}

std::string undervoltage(facts_t facts, limits_t, bool) {
  return facts.undervoltage.value_or(false)
             ? "the Raspberry Pi gets too little voltage: power supply or cable"
             : "";
}

constexpr int64_t minute = 60'000;

} // namespace

std::vector<stuck_actor> stuck(const health_facts& facts, const alert_limits& limits) {
  auto found = std::vector<stuck_actor>{};
  for (const auto& one : facts.running)
    if (one.for_ms >= (one.may_take_long ? limits.stuck_long_ms : limits.stuck_ms))
      found.push_back(one);
  return found;
}

const std::vector<alert_rule>& alert_rules() {
  static const auto all = std::vector<alert_rule>{
      {"token_refused", 0, 0, "Discord takes the bot's token again", token_refused},
      {"gateway_down", 0, 0, "the session with Discord stands again", gateway_down},
      {"store_failing", 0, minute / 2, "the database can be written again", store_failing},
      {"near_ban", 0, 0, "few requests are refused again", near_ban},
      {"actor_stuck", 0, 0, "no part is stuck any more", actor_stuck},
      {"job_failed", minute, 0, "all jobs went well", job_failed},
      {"disk_full", 0, 0, "there is room on the disk again", disk_full},
      {"too_hot", 2 * minute, 2 * minute, "the machine has cooled down", too_hot},
      {"undervoltage", 0, 10 * minute, "the voltage has been good for ten minutes", undervoltage},
  };
  return all;
}

std::vector<alert_news> alert_book::look(const health_facts& facts, const alert_limits& limits,
                                         int64_t now_ms) {
  const auto& rules = alert_rules();
  states_.resize(rules.size());
  auto news = std::vector<alert_news>{};
  for (auto i = size_t{0}; i < rules.size(); ++i) {
    const auto& rule = rules[i];
    auto& state = states_[i];
    auto trouble = rule.trouble(facts, limits, state.raised);
    if (trouble.empty() != state.raised) { // the facts agree with the state
      state.turning_ms.reset();
      continue;
    }
    if (!state.turning_ms)
      state.turning_ms = now_ms;
    if (now_ms - *state.turning_ms < (state.raised ? rule.clear_after_ms : rule.raise_after_ms))
      continue;
    state = {!state.raised, std::nullopt};
    news.push_back({std::string{rule.name}, state.raised,
                    state.raised ? std::move(trouble) : std::string{rule.all_clear}});
  }
  return news;
}

std::vector<std::string> alert_book::standing() const {
  auto names = std::vector<std::string>{};
  for (auto i = size_t{0}; i < states_.size(); ++i)
    if (states_[i].raised)
      names.emplace_back(alert_rules()[i].name);
  return names;
}

} // namespace hearth
