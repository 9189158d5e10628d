// Interactions that their guild does not take in time: the guild is stuck, behind, or not there.
// Nobody is left without an answer: here they are told to try again.
#include "actors/gateway/gateway_shard_impl.hpp"
#include "infra/interactions/callback.hpp"
#include <chrono>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

/// One look for many: most are taken at once, and a timer for each would cost a wake-up.
constexpr int64_t look_every_ms = 500;

int64_t steady_ms() { return steady_ns() / 1'000'000; }

} // namespace

void gateway_shard::watch(const std::vector<guild_event>& events) {
  for (const auto& event : events) {
    const auto* asked = std::get_if<interaction_ptr>(&event);
    if (!asked || !(*asked)->taken)
      continue;
    while (!unclaimed_.empty() && unclaimed_.front().asked->taken->load())
      unclaimed_.pop_front();
    if (unclaimed_.size() >= options_.interactions_max) {
      answer_busy(*asked);
      continue;
    }
    unclaimed_.push_back({*asked, (*asked)->received_ms + options_.busy_ms});
    if (!look_ms_)
      look_ms_ = now().now_ms + look_every_ms;
  }
}

void gateway_shard::answer_overdue() {
  look_ms_.reset();
  const auto at = steady_ms();
  auto left = std::deque<unclaimed>{};
  for (auto& each : std::exchange(unclaimed_, {}))
    if (each.asked->taken->load())
      continue;
    else if (each.busy_at_ms <= at)
      answer_busy(each.asked);
    else
      left.push_back(std::move(each));
  unclaimed_ = std::move(left);
  if (!unclaimed_.empty())
    look_ms_ = now().now_ms + look_every_ms;
}

void gateway_shard::answer_busy(const interaction_ptr& asked) {
  if (!claim(*asked) || !options_.busy_text)
    return;
  ++counters_.busy;
  figures_.busy.add();
  spdlog::warn("gateway: guild {} does not take an interaction; its member is asked to try again",
               asked->guild.value);
  auto answer =
      callback_request(*asked, text_response(options_.busy_text(asked->locale)), steady_ms());
  const auto patience = std::chrono::milliseconds{answer.deadline_ms + 2'000};
  request(handles_.rest, patience, std::move(answer))
      .then([](const rest_response&) {},
            [guild = asked->guild](const caf::error& why) {
              spdlog::warn("gateway: guild {}: nobody could be told that it is busy: {}",
                           guild.value, describe(why));
            });
}

} // namespace hearth
