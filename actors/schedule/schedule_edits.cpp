// Keeps the messages of an evening true: one edit under way, what changes meanwhile in the next.
#include "actors/schedule/schedule_actor.hpp"
#include "infra/schedule/evening_view.hpp"

namespace hearth {

namespace {

constexpr int32_t unknown_channel = 10003, unknown_message = 10008; // discord-api 2.2
constexpr int64_t retry_ms = 60'000;

} // namespace

void schedule::refresh(evening_day evening) {
  auto& edit = edits_[evening];
  edit.dirty = true;
  if (!edit.in_flight && !stopping_)
    start_edit(evening);
}

void schedule::refresh_later(evening_day evening, int64_t wait_ms) {
  auto& edit = edits_[evening];
  if (edit.waiting)
    return;
  edit.waiting = true;
  wake(to_text(evening), {now().ms + wait_ms});
}

void schedule::start_edit(evening_day evening) {
  auto& edit = edits_[evening];
  edit.in_flight = true;
  edit.dirty = false;
  ask<evening_record_ptr>(
      parts_->store, store_patience, load_evening{id_, evening},
      [this, evening](const evening_record_ptr& record) {
        note_messages(*record);
        if (record->messages.empty())
          return end_edit(evening);
        const auto body = render_evening(say(), *record, *snapshot_, set_.rules);
        auto left = std::make_shared<size_t>(record->messages.size());
        for (const auto& shown : record->messages)
          edit_message(shown, body, evening, [this, evening, left] {
            if (--*left == 0)
              end_edit(evening);
          });
      },
      [this, evening](const caf::error& why) {
        spdlog::error("schedule of guild {}: cannot read the evening: {}", id_.value,
                      describe(why));
        refresh_later(evening, retry_ms);
        end_edit(evening);
      });
}

void schedule::edit_message(const shown_message& shown, const std::string& body,
                            evening_day evening, std::function<void()> done) {
  auto asked = rest_request{};
  asked.method = http_method::patch;
  asked.path = "/channels/" + to_string(shown.channel) + "/messages/" + to_string(shown.message);
  asked.body = body;
  ask<rest_response>(
      parts_->rest, rest_patience, std::move(asked),
      [this, shown, evening, done](const rest_response& answer) {
        if (answer.code == unknown_message || answer.code == unknown_channel)
          forget(shown.message);
        else if (answer.status >= 500 || answer.status == 429)
          refresh_later(evening, retry_ms);
        else if (!answer.ok())
          spdlog::warn("schedule of guild {}: editing message {}: {} {}", id_.value,
                       shown.message.value, answer.status, answer.code);
        done();
      },
      [this, evening, done](const caf::error&) {
        if (now() < end_of(set_.rules, evening)) // nobody reads it after
          refresh_later(evening, retry_ms);
        done();
      });
}

void schedule::end_edit(evening_day evening) {
  auto& edit = edits_[evening];
  edit.in_flight = false;
  if (edit.dirty && !stopping_)
    start_edit(evening);
  else if (!edit.waiting)
    edits_.erase(evening);
}

void schedule::forget(message_id message) {
  shown_.erase(message);
  ask<noted>(
      parts_->store, store_patience, forget_message{id_, message}, [](noted) {},
      [this](const caf::error& why) {
        spdlog::error("schedule of guild {}: {}", id_.value, describe(why));
      });
}

} // namespace hearth
