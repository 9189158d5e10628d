// What moderators do to tonight's evening.
#include "actors/schedule/schedule_actor.hpp"
#include "infra/interactions/callback.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/evening_view.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

using kind = interaction_response::kind;

bool contains_folded(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

} // namespace

void schedule::complete_time(const interaction_ptr& asked, reply to) {
  const auto text = say_to(*asked);
  const auto* typed = asked->option<std::string>("time");
  auto choices = std::vector<completion>{};
  for (const auto& slot : slots_of(set_.rules, tonight())) {
    auto label = hour_label(text, slot.hour);
    if (!typed || contains_folded(label, *typed))
      choices.push_back({std::move(label), std::to_string(slot.hour)});
  }
  to.deliver(rendered(kind::choices, make_choices(choices).dump()));
}

void schedule::run_modadduserschedule(const interaction_ptr& asked, reply to) {
  const auto text = say_to(*asked);
  const auto* id = asked->option<uint64_t>("member");
  const auto* time = asked->option<std::string>("time");
  const auto whom = id ? asked->users.find(user_id{*id}) : asked->users.end();
  if (whom == asked->users.end() || !time)
    return tell(to, text("schedule.old_component"));
  if (whom->second.bot)
    return tell(to, text("schedule.added_bot"));
  const auto evening = tonight();
  const auto slot = slot_typed(slots_of(set_.rules, evening), *time);
  if (!slot)
    return tell(to, text("schedule.unknown_time", {{"given", escape_markdown(*time)}}));
  auto vote = add_votes{};
  vote.guild = id_;
  vote.evening = evening;
  vote.hour = slot->hour;
  vote.members = {member_of(whom->second)};
  vote.source = vote_source::moderator;
  vote.now = now();
  vote.by =
      action(*asked, fmt::format("modadduserschedule {} {} {}", *id, to_text(evening), slot->hour));
  const auto name = escape_markdown(whom->second.name);
  ask<vote_result>(
      parts_->store, store_patience, std::move(vote),
      [this, asked, to, name, slot = *slot](const vote_result& result) {
        tell(to, say_to(*asked)(result.added ? "schedule.added" : "schedule.added_already",
                                {{"name", name}, {"time", viewer_time(slot.from)}}));
        if (!result.added)
          return;
        refresh(slot.evening);
        check_ready(*result.evening, slot.hour);
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void schedule::run_modrefreshschedule(const interaction_ptr& asked, reply to) {
  ask<evening_record_ptr>(
      parts_->store, store_patience, load_evening{id_, tonight()},
      [this, asked, to](const evening_record_ptr& record) {
        const auto text = say_to(*asked);
        if (record->messages.empty())
          return tell(to, text("schedule.refresh_none"));
        refresh(record->evening);
        tell(to, text("schedule.refreshed"));
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void schedule::run_modforcesendschedule(const interaction_ptr& asked, reply to) {
  if (!set_.channel)
    return tell(to, say_to(*asked)("schedule.channel_none"));
  const auto channel = set_.channel;
  const auto evening = tonight();
  post({evening, channel, true, action(*asked, "modforcesendschedule " + to_text(evening)),
        [this, asked, channel, to](post_outcome outcome) {
          const auto* key = outcome == post_outcome::posted      ? "schedule.sent"
                            : outcome == post_outcome::forbidden ? "schedule.send_forbidden"
                                                                 : "schedule.send_failed";
          tell(to, say_to(*asked)(key, {{"channel", "<#" + to_string(channel) + ">"}}));
        }});
}

void schedule::run_modapplyschedule(const interaction_ptr& asked, reply to) {
  auto apply = apply_plans{};
  apply.interaction = asked->id;
  apply.guild = id_;
  apply.evening = tonight();
  apply.first_hour = set_.rules.hours.first;
  apply.last_hour = set_.rules.hours.last;
  apply.now = now();
  apply.by = action(*asked, "modapplyschedule " + to_text(apply.evening));
  ask<vote_result>(
      parts_->store, store_patience, std::move(apply),
      [this, asked, to](const vote_result& result) mutable {
        const auto text = say_to(*asked);
        if (result.count == 0)
          return tell(to, text("schedule.applied_none"));
        const auto evening = result.evening->evening;
        auto message = message_text(text("schedule.applied", {{"count", result.count}}));
        message["components"] = nlohmann::json::array({make_row({make_button(
            {make_custom_id(schedule_area, {"undo", to_text(evening), to_string(asked->id)}),
             text("schedule.undo")})})});
        to.deliver(rendered(kind::message, message.dump()));
        refresh(evening);
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

/// The button sits on an ephemeral message: only the moderator who applied can press it.
void schedule::on_undo(const interaction_ptr& asked, evening_day evening, interaction_id applied,
                       reply to) {
  auto undo = undo_apply{};
  undo.guild = id_;
  undo.evening = evening;
  undo.applied = applied;
  undo.by = action(*asked, "modapplyschedule undo " + to_text(evening));
  auto answer = [asked, to](const std::string& text) mutable {
    auto message = message_text(text);
    message["components"] = nlohmann::json::array();
    to.deliver(rendered(kind::update, message.dump()));
  };
  ask<vote_result>(
      parts_->store, store_patience, std::move(undo),
      [this, asked, answer](const vote_result& result) mutable {
        answer(say_to(*asked)("schedule.undone", {{"count", result.count}}));
        refresh(result.evening->evening);
      },
      [this, asked, answer, to](const caf::error& why) mutable {
        if (why == make_error(errc::not_found))
          answer(say_to(*asked)("schedule.undone_none"));
        else
          not_saved(*asked, to, why);
      });
}

} // namespace hearth
