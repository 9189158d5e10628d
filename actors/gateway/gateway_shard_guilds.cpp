// What guilds are told, and how their actors are found.
#include "actors/gateway/gateway_shard_impl.hpp"
#include <algorithm>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr int64_t ask_again_wait_ms = 1'000;
constexpr int64_t interaction_ms_max = 2'800; // later its first answer would be refused

bool is_stale(const guild_event& event, int64_t steady_ms) {
  const auto* asked = std::get_if<interaction_ptr>(&event);
  return asked != nullptr && steady_ms - (*asked)->received_ms > interaction_ms_max;
}

int64_t steady_ms() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

} // namespace

void gateway_shard::introduce_bot(const std::vector<guild_id>& guilds) {
  if (holding_) {
    held_identity_.push_back(guilds);
    return;
  }
  send(handles_.supervisor,
       bot_identity{router_.self(), application_, router_.self_name(), guilds});
}

/// Passes on what the last read amounted to: one message for each guild.
void gateway_shard::flush() {
  if (holding_ || !router_.has_news())
    return;
  for (auto& batch : router_.take())
    if (!batch.events.empty())
      deliver(std::move(batch));
}

void gateway_shard::deliver(guild_batch batch) {
  const auto guild = batch.guild;
  auto& link = links_[guild];
  link.forget = std::holds_alternative<guild_removed>(batch.events.back());
  if (!link.actor) {
    keep_waiting(link, std::move(batch.events));
    return ask_for(guild, link);
  }
  caf::anon_send(link.actor, std::move(batch));
  if (link.forget) {
    demonitor(link.actor.address());
    links_.erase(guild);
  }
}

/// Told in order with what the gateway says. A guild that the gateway has not told us of yet (the
/// daemon has just started) hears of itself first: the interaction waits for that, and is dropped
/// like any other when that takes too long.
void gateway_shard::on_http_interaction(const interaction_ptr& asked) {
  const auto guild = asked->guild;
  const auto link = links_.find(guild);
  const auto reached = link != links_.end() && link->second.actor;
  ++counters_.forwarded;
  if (guild && !reached && !router_.introduce(guild))
    return keep_waiting(links_[guild], {asked});
  // A copy, since others may hold the message: small, and people click seldom.
  router_.take_interaction(std::make_shared<interaction>(*asked));
  flush();
}

/// Keeps events in order for a guild whose actor is not there yet. Over the bound all but
/// interactions give way to one picture of the guild, which holds what they said.
void gateway_shard::keep_waiting(guild_link& link, std::vector<guild_event> events) {
  link.waiting.insert(link.waiting.end(), std::make_move_iterator(events.begin()),
                      std::make_move_iterator(events.end()));
  const auto bound = options_.waiting_events_max;
  if (link.waiting.size() <= bound)
    return;
  const auto now_ms = steady_ms();
  const auto is_picture = [](const guild_event& event) {
    return std::holds_alternative<guild_available>(event) ||
           std::holds_alternative<guild_removed>(event);
  };
  const auto last = std::find_if(link.waiting.rbegin(), link.waiting.rend(), is_picture);
  auto kept = std::vector<guild_event>{};
  if (last != link.waiting.rend())
    kept.push_back(*last);
  for (auto& event : link.waiting)
    if (std::holds_alternative<interaction_ptr>(event) && !is_stale(event, now_ms) &&
        kept.size() < bound)
      kept.push_back(std::move(event));
  spdlog::warn("gateway: a guild's actor is not there; {} of {} events were dropped",
               link.waiting.size() - kept.size(), link.waiting.size());
  link.introduce = true; // to the guild as it is then
  link.waiting = std::move(kept);
}

void gateway_shard::ask_for(guild_id guild, guild_link& link) {
  if (link.asking || link.actor)
    return;
  link.asking = true;
  request(handles_.supervisor, std::chrono::milliseconds{options_.guild_ms_max}, want_guild{guild})
      .then([this, guild](const guild_actor& actor) { on_guild_found(guild, actor); },
            [this, guild](const caf::error& why) { on_guild_refused(guild, why); });
}

void gateway_shard::on_guild_found(guild_id guild, const guild_actor& actor) {
  auto& link = links_[guild];
  link.asking = false;
  if (!actor)
    return on_guild_refused(guild, make_error(errc::not_found));
  link.actor = actor;
  monitor(actor);
  auto batch = guild_batch{guild, {}};
  // It must know the guild before it hears of changes; when the guild has only just come, the first
  // event says it anyway.
  const auto comes_anyway =
      !link.waiting.empty() && std::holds_alternative<guild_available>(link.waiting.front());
  if (auto picture = router_.introduce(guild); picture && link.introduce && !comes_anyway)
    batch.events.emplace_back(std::move(*picture));
  link.introduce = false;
  const auto now_ms = steady_ms();
  for (auto& event : std::exchange(link.waiting, {}))
    if (!is_stale(event, now_ms))
      batch.events.push_back(std::move(event));
  if (!batch.events.empty())
    caf::anon_send(actor, std::move(batch));
  if (link.forget) {
    demonitor(actor.address());
    links_.erase(guild);
  }
  if (stop_promise_ && session_over_)
    finish_stop(true);
}

void gateway_shard::on_guild_refused(guild_id guild, const caf::error& why) {
  auto& link = links_[guild];
  link.asking = false;
  spdlog::warn("gateway: no actor for guild {}: {}", guild.value, describe(why));
  const auto now_ms = steady_ms();
  link.waiting.erase(std::remove_if(link.waiting.begin(), link.waiting.end(),
                                    [&](const auto& event) { return is_stale(event, now_ms); }),
                     link.waiting.end());
  if (link.waiting.empty()) {
    links_.erase(guild); // asked again with its next event
    return;
  }
  if (!ask_again_ms_)
    ask_again_ms_ = now().now_ms + ask_again_wait_ms;
  rearm();
}

void gateway_shard::ask_again() {
  ask_again_ms_.reset();
  for (auto& [guild, link] : links_)
    if (!link.waiting.empty())
      ask_for(guild, link);
}

/// The actor is gone and what was sent to it may be: the next one hears of the guild as it is.
void gateway_shard::renew(guild_id guild, guild_link& link) {
  if (link.actor)
    demonitor(link.actor.address());
  link.actor = nullptr;
  link.introduce = true;
  ask_for(guild, link);
}

/// Told by the supervisor once it has a new actor; mostly the death itself was seen before, and the
/// new actor was already asked for.
void gateway_shard::on_guild_lost(guild_id guild) {
  const auto found = links_.find(guild);
  if (found == links_.end()) {
    if (router_.introduce(guild))
      renew(guild, links_[guild]);
    return;
  }
  if (!std::exchange(found->second.death_seen, false))
    renew(guild, found->second);
}

void gateway_shard::on_down(const caf::down_msg& down) {
  for (auto& [guild, link] : links_)
    if (link.actor && link.actor.address() == down.source) {
      link.actor = nullptr;
      link.death_seen = true;
      return renew(guild, link);
    }
}

bool gateway_shard::all_delivered() const {
  return !router_.has_news() && std::none_of(links_.begin(), links_.end(), [](const auto& each) {
    return !each.second.waiting.empty();
  });
}

} // namespace hearth
