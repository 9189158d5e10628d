// Who is in a tracked voice channel is in the running hour: on changes and at each hour's start.
#include "actors/schedule/schedule_actor.hpp"
#include <algorithm>

namespace hearth {

void schedule::read_voice() {
  voice_.clear();
  for (const auto& member : snapshot_->voice)
    voice_[member.member.user] = member;
}

void schedule::on_voice(const voice_changes& changes) {
  for (const auto& change : changes.changes) {
    if (change.to)
      voice_[change.member.user] = {change.member, change.to};
    else
      voice_.erase(change.member.user);
  }
  if (settings_ && !stopping_)
    sync_voice();
}

void schedule::sync_voice() {
  const auto slot = slot_at(set_.rules, now());
  if (slot != voice_slot_) {
    voice_slot_ = slot;
    voice_told_.clear();
  }
  if (!slot || !set_.channel || !parts_->time->known())
    return;
  auto vote = add_votes{};
  const auto& tracked = settings_->voice_channels;
  for (const auto& [user, member] : voice_)
    if (!member.member.bot &&
        std::find(tracked.begin(), tracked.end(), member.channel) != tracked.end() &&
        voice_told_.insert(user).second)
      vote.members.push_back(member_of(member.member));
  if (vote.members.empty())
    return;
  vote.guild = id_;
  vote.evening = slot->evening;
  vote.hour = slot->hour;
  vote.source = vote_source::voice;
  vote.now = now();
  ask<vote_result>(
      parts_->store, store_patience, std::move(vote),
      [this, slot = *slot](const vote_result& result) {
        if (!result.added)
          return;
        refresh(slot.evening);
        check_ready(*result.evening, slot.hour);
      },
      [this](const caf::error& why) {
        spdlog::error("schedule of guild {}: voice: {}", id_.value, describe(why));
        voice_told_.clear(); // the next change or hour tries again
      });
}

void schedule::wake_at_next_slot() {
  if (!parts_->time->known())
    return wake("slot", now()); // as soon as it is: the clock waits for that
  if (const auto next = slot_after(set_.rules, now()))
    wake("slot", next->from);
}

} // namespace hearth
