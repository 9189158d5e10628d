// Presses of the buttons: counted on disk first, shown second.
#include "actors/schedule/schedule_actor.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/evening_view.hpp"
#include <algorithm>

namespace hearth {

namespace {

/// Two answers within that time may reach Discord in either order, so the message is drawn once
/// more after both.
constexpr int64_t overlap_ms = 3'000;
constexpr int64_t settle_ms = 1'500;
constexpr size_t answered_max = 32;
constexpr size_t names_max = 15;

} // namespace

void schedule::on_vote(const interaction_ptr& asked, vote_button button, reply to) {
  const auto text = say_to(*asked);
  if (button.evening.number > tonight().number + 1) // none of ours can be
    return tell(to, text("schedule.old_component"));
  if (now() >= end_of(set_.rules, button.evening))
    return tell(to, text("schedule.over"));
  if (button.hour != maybe_hour && (!set_.rules.hours.contains(button.hour) ||
                                    !slot_of(set_.rules, button.evening, button.hour))) {
    refresh(button.evening); // drawn before a moderator chose other hours
    return tell(to, text("schedule.hour_gone"));
  }
  auto vote = toggle_vote{};
  vote.interaction = asked->id;
  vote.guild = id_;
  vote.evening = button.evening;
  vote.hour = button.hour;
  vote.member = member_of(asked->member);
  vote.now = now();
  ask<vote_result>(
      parts_->store, store_patience, std::move(vote),
      [this, asked, button, to](const vote_result& result) {
        voted(*asked, button.hour, result, to);
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void schedule::voted(const interaction& asked, int hour, const vote_result& result, reply to) {
  const auto& record = *result.evening;
  to.deliver(rendered(interaction_response::kind::update,
                      render_evening(say(), record, *snapshot_, set_.rules)));
  note_messages(record);
  const auto last = std::exchange(answered_[asked.message], now());
  if (now().ms - last.ms < overlap_ms)
    refresh_later(record.evening, settle_ms);
  if (answered_.size() > answered_max)
    answered_.erase(answered_.begin()); // the oldest message
  // An edit drawn before this vote may still reach Discord after it; other copies need one anyway.
  const auto edit = edits_.find(record.evening);
  if ((edit != edits_.end() && edit->second.in_flight) ||
      std::any_of(record.messages.begin(), record.messages.end(),
                  [&](const shown_message& shown) { return shown.message != asked.message; }))
    refresh(record.evening);
  if (result.added)
    check_ready(record, hour);
}

void schedule::check_ready(const evening_record& record, int hour) {
  if (set_.ready_count == 0 || !set_.channel || hour == maybe_hour)
    return;
  auto names = std::vector<std::string>{};
  for (const auto& given : record.votes)
    if (given.hour == hour) {
      const auto found = record.members.find(given.user);
      names.push_back(found == record.members.end() || found->second.name.empty()
                          ? "<@" + to_string(given.user) + ">"
                          : escape_markdown(found->second.name));
    }
  const auto slot = slot_of(set_.rules, record.evening, hour);
  if (static_cast<int>(names.size()) < set_.ready_count || !slot || now() >= slot->to)
    return;
  auto list = std::string{};
  for (size_t i = 0; i < std::min(names.size(), names_max); ++i)
    list += (i > 0 ? ", " : "") + names[i];
  if (names.size() > names_max)
    list += " +" + std::to_string(names.size() - names_max);
  const auto line =
      say()("schedule.ready",
            {{"count", names.size()}, {"time", viewer_time(slot->from)}, {"names", list}});
  ask<claimed>(
      parts_->store, store_patience, claim_ready{id_, record.evening, hour, now()},
      [this, line, slot](const claimed& claim) {
        if (!claim.first)
          return;
        auto asked = rest_request{};
        asked.method = http_method::post;
        asked.path = "/channels/" + to_string(set_.channel) + "/messages";
        asked.body = plain_body(line, base36(id_.value) + "-r" +
                                          base36(static_cast<uint64_t>(slot->from.ms / 1000)));
        ask<rest_response>(
            parts_->rest, rest_patience, std::move(asked), [](const rest_response&) {},
            [](const caf::error&) {});
      },
      [](const caf::error&) {});
}

} // namespace hearth
