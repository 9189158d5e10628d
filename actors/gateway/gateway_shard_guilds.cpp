// What guilds are told, and how their actors are found.
#include "actors/gateway/gateway_shard_impl.hpp"
#include "infra/gateway/guild_backlog.hpp"
#include <algorithm>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr int64_t ask_again_wait_ms = 1'000;
constexpr int64_t catch_up_wait_ms = 20; // between two looks at a guild that is behind

/// Whether it is an interaction that somebody has answered meanwhile.
bool is_claimed(const guild_event& event) {
  const auto* asked = std::get_if<interaction_ptr>(&event);
  return asked != nullptr && (*asked)->taken && (*asked)->taken->load();
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

/// A read is over. What nobody waits for is worth waking a worker only in company.
void gateway_shard::drained() {
  if (!router_.has_news())
    return;
  if (router_.urgent() || options_.news_wait_ms == 0 ||
      router_.waiting() >= options_.news_waiting_max)
    return flush();
  if (!flush_ms_)
    flush_ms_ = now().now_ms + options_.news_wait_ms;
}

/// Passes on what the last reads amounted to: one message for each guild.
void gateway_shard::flush() {
  flush_ms_.reset();
  if (holding_ || !router_.has_news())
    return;
  for (auto& batch : router_.take())
    if (!batch.events.empty() || !batch.news.empty())
      deliver(std::move(batch));
}

void gateway_shard::deliver(guild_batch batch) {
  const auto guild = batch.guild;
  auto& link = links_[guild];
  link.forget = !batch.events.empty() && std::holds_alternative<guild_removed>(batch.events.back());
  watch(batch.events);
  const auto passes = link.actor && !is_behind(link) && link.window->room() >= batch.events.size();
  // Facts about members give way first: what is there by then is told, nobody waits for them.
  if (const auto lost =
          cut_news(batch.news, passes ? link.window->room() - batch.events.size() : 0)) {
    counters_.shed += lost;
    figures_.shed.add(lost);
    router_.forget_told(guild);
  }
  if (passes && (!batch.events.empty() || !batch.news.empty()))
    return send_on(guild, link, std::move(batch.events), std::move(batch.news));
  if (batch.events.empty())
    return;
  if (!link.actor) {
    keep_waiting(link, std::move(batch.events));
    return ask_for(guild, link);
  }
  send_interactions(guild, link, batch.events); // somebody waits for these
  if (batch.events.empty())
    return;
  keep_waiting(link, std::move(batch.events));
  if (!catch_up(guild, link)) // what there is room for
    retry_soon();
}

/// Whether there is something it was not told yet, if only how it looks.
bool gateway_shard::is_behind(const guild_link& link) {
  return link.actor && (!link.waiting.empty() || link.introduce);
}

void gateway_shard::send_on(guild_id guild, guild_link& link, std::vector<guild_event> events,
                            member_news news) {
  auto credit = link.window->take(events.size() + news.size());
  caf::anon_send(link.actor,
                 guild_batch{guild, std::move(events), std::move(news), std::move(credit)});
  if (link.forget && link.waiting.empty()) {
    demonitor(link.actor.address());
    links_.erase(guild);
  }
}

/// Told in order with what the gateway says. A guild that the gateway has not told us of yet (the
/// daemon has just started) hears of itself first: the interaction waits for that, and is
/// answered like any other when that takes too long.
void gateway_shard::on_http_interaction(const interaction_ptr& asked) {
  const auto guild = asked->guild;
  const auto link = links_.find(guild);
  const auto reached = link != links_.end() && link->second.actor;
  ++counters_.forwarded;
  // A copy, since others may hold the message: small, and people click seldom.
  auto own = std::make_shared<interaction>(*asked);
  if (guild && !reached && !router_.introduce(guild)) {
    own->taken = std::make_shared<std::atomic<bool>>(false);
    auto alone = std::vector<guild_event>{interaction_ptr{std::move(own)}};
    watch(alone);
    keep_waiting(links_[guild], std::move(alone));
    return rearm();
  }
  router_.take_interaction(std::move(own));
  flush();
}

/// Interactions overtake what waits. A guild whose mailbox holds twice its share takes nothing any
/// more: then they are answered here and now.
void gateway_shard::send_interactions(guild_id guild, guild_link& link,
                                      std::vector<guild_event>& events) {
  const auto others = std::stable_partition(events.begin(), events.end(), [](const auto& event) {
    return std::holds_alternative<interaction_ptr>(event);
  });
  if (others == events.begin())
    return;
  auto urgent = std::vector<guild_event>{std::make_move_iterator(events.begin()),
                                         std::make_move_iterator(others)};
  events.erase(events.begin(), others);
  const auto bound = 2 * options_.guild_events_max;
  const auto used = std::min(link.window->under_way(), bound);
  for (; urgent.size() > bound - used; urgent.pop_back())
    answer_busy(std::get<interaction_ptr>(urgent.back()));
  if (urgent.empty())
    return;
  auto credit = link.window->take(urgent.size());
  caf::anon_send(link.actor, guild_batch{guild, std::move(urgent), {}, std::move(credit)});
}

/// Keeps events in order for a guild that is behind or not there yet. Over the bound they are cut
/// (guild_backlog.hpp); over the bound of all guilds together each keeps the least.
void gateway_shard::keep_waiting(guild_link& link, std::vector<guild_event> events) {
  link.waiting.insert(link.waiting.end(), std::make_move_iterator(events.begin()),
                      std::make_move_iterator(events.end()));
  const auto all = waiting_events() + total_->under_way.load(std::memory_order_relaxed);
  const auto bound =
      all > options_.events_max ? options_.waiting_events_min : options_.waiting_events_max;
  if (link.waiting.size() <= bound)
    return;
  const auto before = link.waiting.size();
  const auto cut = cut_backlog(link.waiting, bound);
  counters_.shed += cut.dropped;
  counters_.merged += cut.merged;
  figures_.shed.add(cut.dropped);
  figures_.merged.add(cut.merged);
  link.introduce |= cut.picture;
  for (const auto& asked : cut.refused)
    answer_busy(asked);
  if (!std::exchange(link.complained, true))
    spdlog::warn("gateway: a guild is behind: {} of {} events dropped, {} merged", cut.dropped,
                 before, cut.merged);
}

/// What a guild that lost facts, or that is new, has to hear before anything else: how it looks
/// now. Nothing that is held in there is told once more.
void gateway_shard::add_picture(guild_id guild, guild_link& link) {
  if (!std::exchange(link.introduce, false))
    return;
  auto picture = router_.introduce(guild);
  if (!picture)
    return;
  auto& waiting = link.waiting;
  if (!waiting.empty())
    if (const auto* first = std::get_if<guild_available>(&waiting.front()))
      picture->joined = first->joined;
  const auto is_held = [](const guild_event& event) {
    return std::holds_alternative<guild_available>(event) ||
           std::holds_alternative<guild_changed>(event) ||
           std::holds_alternative<voice_changed>(event);
  };
  waiting.erase(std::remove_if(waiting.begin(), waiting.end(), is_held), waiting.end());
  waiting.insert(waiting.begin(), std::move(*picture));
}

/// True when nothing waits for that guild any more.
bool gateway_shard::catch_up(guild_id guild, guild_link& link) {
  if (!is_behind(link))
    return true;
  const auto room = link.window->room();
  if (room == 0)
    return false;
  add_picture(guild, link);
  if (link.waiting.empty())
    return true;
  const auto count = std::min(room, link.waiting.size());
  const auto end = link.waiting.begin() + static_cast<std::ptrdiff_t>(count);
  auto events = std::vector<guild_event>{std::make_move_iterator(link.waiting.begin()),
                                         std::make_move_iterator(end)};
  link.waiting.erase(link.waiting.begin(), end);
  const auto done = link.waiting.empty();
  if (done)
    link.complained = false;
  send_on(guild, link, std::move(events)); // the link may be gone now
  return done;
}

void gateway_shard::catch_up_all() {
  catch_up_ms_.reset();
  auto behind = std::vector<guild_id>{};
  for (const auto& [guild, link] : links_)
    if (is_behind(link))
      behind.push_back(guild);
  auto left = false;
  for (const auto guild : behind)
    left |= !catch_up(guild, links_[guild]);
  if (left)
    retry_soon();
  if (stop_promise_ && session_over_)
    finish_stop(true);
}

void gateway_shard::retry_soon() {
  if (!catch_up_ms_)
    catch_up_ms_ = now().now_ms + catch_up_wait_ms;
}

size_t gateway_shard::waiting_events() const {
  auto count = size_t{0};
  for (const auto& [guild, link] : links_)
    count += link.waiting.size();
  return count;
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
  link.window.emplace(options_.guild_events_max, total_);
  monitor(actor);
  // It must know the guild before it hears of changes; when the guild has only just come, and
  // nothing was lost meanwhile, the first event says it anyway.
  const auto comes_anyway =
      !link.waiting.empty() && std::holds_alternative<guild_available>(link.waiting.front());
  if (!link.complained && comes_anyway)
    link.introduce = false;
  else
    add_picture(guild, link);
  link.waiting.erase(std::remove_if(link.waiting.begin(), link.waiting.end(), is_claimed),
                     link.waiting.end());
  if (!link.waiting.empty()) {
    if (!catch_up(guild, link))
      retry_soon();
  } else if (link.forget) {
    demonitor(actor.address());
    links_.erase(guild);
  }
  rearm();
  if (stop_promise_ && session_over_)
    finish_stop(true);
}

void gateway_shard::on_guild_refused(guild_id guild, const caf::error& why) {
  auto& link = links_[guild];
  link.asking = false;
  spdlog::warn("gateway: no actor for guild {}: {}", guild.value, describe(why));
  link.waiting.erase(std::remove_if(link.waiting.begin(), link.waiting.end(), is_claimed),
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
  link.window.reset();
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
    return is_behind(each.second) || !each.second.waiting.empty();
  });
}

} // namespace hearth
