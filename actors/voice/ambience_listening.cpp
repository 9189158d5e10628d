// Who hears it: the alone-check, and time listened, committed in slices of a minute.
#include "actors/voice/ambience_actor.hpp"
#include "infra/interactions/message_builder.hpp"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

constexpr int64_t slice_ms = 60'000;
constexpr int64_t again_ms = 10'000; // after the store refused
constexpr size_t batch_max = 500;    // slices of one commit
constexpr int64_t minute_ms = 60'000;
constexpr uint32_t top_count = 10;
constexpr uint32_t colour = 0xE8743B; // embers

std::string duration(const words& text, int64_t ms) {
  const auto seconds = ms / 1'000;
  if (seconds >= 86'400)
    return text("voice.time.days", {{"days", seconds / 86'400}, {"hours", seconds / 3'600 % 24}});
  if (seconds >= 3'600)
    return text("voice.time.hours", {{"hours", seconds / 3'600}, {"minutes", seconds / 60 % 60}});
  if (seconds >= 60)
    return text("voice.time.minutes", {{"minutes", seconds / 60}, {"seconds", seconds % 60}});
  return text("voice.time.seconds", {{"seconds", seconds}});
}

} // namespace

void ambience::read_voice() {
  voice_.clear();
  for (const auto& member : snapshot_->voice)
    voice_[member.member.user] = member;
}

void ambience::on_voice(const voice_changes& changes) {
  if (!settings_ || stopping_)
    return;
  for (const auto& change : changes.changes) {
    if (change.to)
      voice_[change.member.user] = {change.member, change.to};
    else
      voice_.erase(change.member.user);
  }
  voice_moved_on();
  for (const auto& change : changes.changes)
    maybe_welcome(change);
  if (guest_ && guest_->joining && !player_.channel && humans_in(guest_->channel).empty())
    end_welcome(); // nobody is left to hear it
}

channel_id ambience::voice_of(user_id user) const {
  const auto found = voice_.find(user);
  return found == voice_.end() ? channel_id{} : found->second.channel;
}

std::vector<user_id> ambience::humans_in(channel_id channel) const {
  auto found = std::vector<user_id>{};
  for (const auto& [user, member] : voice_)
    if (member.channel == channel && !member.member.bot && user != snapshot_->self.user)
      found.push_back(user);
  return found;
}

bool ambience::deserted() const { return player_.channel && humans_in(player_.channel).empty(); }

/// Somebody came or went, the player changed, or we are heard (again): all that depends on it.
void ambience::voice_moved_on() {
  if (!loaded_ || !settings_)
    return;
  look_for_nobody();
  const auto heard = live_ && live_ == player_.channel && !player_.paused;
  const auto listeners = heard ? humans_in(live_) : std::vector<user_id>{};
  const auto before = heard_.listeners();
  heard_.update(now(), listeners);
  if (!heard_.waiting().empty())
    commit_time();
  if (before == 0 && !listeners.empty())
    wake_in("slice", slice_ms);
  if (parts_->board)
    send(parts_->board, note_listeners{id_, true, static_cast<uint32_t>(listeners.size())});
}

// -- nobody there ---------------------------------------------------------------------------------

void ambience::look_for_nobody() {
  if (!loaded_)
    return;
  const auto nobody = deserted();
  const auto changed = nobody != (alone_since_.ms != 0);
  if (changed)
    alone_since_ = nobody ? now() : instant{};
  if (alone_since_ > now())
    alone_since_ = now(); // the clock went back
  if (changed) {
    steer(); // nothing is sent to an empty channel
    refresh();
  }
  if (!nobody || player_.stay)
    return wake("alone", {});
  const auto leave_at = instant{alone_since_.ms + set_.idle_minutes * minute_ms};
  if (now() < leave_at)
    return wake("alone", leave_at);
  alone_since_ = {};
  change_self(ambience_do::stop{},
              say()("voice.idle_left", {{"channel", "<#" + to_string(player_.channel) + ">"}}));
}

// -- time listened --------------------------------------------------------------------------------

void ambience::count_time() {
  heard_.cut(now());
  commit_time();
  if (heard_.listeners() > 0)
    wake_in("slice", slice_ms);
}

void ambience::commit_time() {
  const auto& waiting = heard_.waiting();
  if (committing_ || waiting.empty())
    return;
  committing_ = true;
  auto asked = commit_listening{};
  asked.guild = id_;
  asked.guild_name = snapshot_->name;
  asked.listed = set_.listed;
  asked.slices.assign(waiting.begin(), waiting.begin() + static_cast<ptrdiff_t>(
                                                             std::min(waiting.size(), batch_max)));
  const auto first = asked.slices.front();
  const auto count = asked.slices.size();
  ask<noted>(
      parts_->store, store_patience, std::move(asked),
      [this, first, count](noted) {
        committing_ = false;
        // Should the oldest have been given up meanwhile, the rest counts once all the same.
        if (!heard_.waiting().empty() && heard_.waiting().front() == first)
          heard_.committed(count);
        commit_time();
      },
      [this](const caf::error& why) {
        committing_ = false;
        spdlog::error("ambience of guild {}: time listened: {}", id_.value, describe(why));
        wake_in("slice", again_ms);
      });
}

void ambience::run_total(const interaction_ptr& asked, reply to) {
  ask<listener_count>(
      parts_->board, voice_patience, count_listeners{},
      [this, asked, to](const listener_count& sum) {
        const auto text = say_to(*asked);
        tell(to, sum.listeners == 0 ? text("voice.total_nobody")
                                    : text("voice.total", {{"count", sum.listeners}}));
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void ambience::run_top(const interaction_ptr& asked, reply to) {
  heard_.cut(now()); // up to this moment
  commit_time();
  const auto* scope = asked->option<std::string>("scope");
  const auto servers = scope && *scope == "servers";
  ask<listening_top>(
      parts_->store, store_patience, load_top{servers ? guild_id{} : id_, top_count},
      [this, asked, to, servers](const listening_top& top) mutable {
        const auto text = say_to(*asked);
        if (top.totals.empty())
          return tell(to, text("voice.top_empty"));
        auto spec = embed_spec{};
        spec.title = text(servers ? "voice.top_title_servers" : "voice.top_title_members");
        spec.color = colour;
        for (size_t i = 0; i < top.totals.size(); ++i) {
          const auto& one = top.totals[i];
          auto name = "<@" + std::to_string(one.id) + ">"; // shown as a name, pings nobody
          if (servers)
            name = one.id == id_.value ? "**" + escape_markdown(snapshot_->name) + "**"
                   : one.name.empty()  ? text("voice.top_unnamed")
                                       : escape_markdown(one.name);
          spec.description +=
              (i > 0 ? "\n" : "") +
              text("voice.top_line",
                   {{"place", i + 1}, {"name", name}, {"time", duration(text, one.ms)}});
        }
        auto answer = interaction_response{};
        answer.ephemeral = true;
        answer.data = nlohmann::json{{"embeds", nlohmann::json::array({make_embed(spec)})}}.dump(
            -1, ' ', false, nlohmann::json::error_handler_t::replace);
        to.deliver(std::move(answer));
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

} // namespace hearth
