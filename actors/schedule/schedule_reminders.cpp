// A word before their hours to those who want one: marked first, sent second, so never twice.
#include "actors/schedule/schedule_actor.hpp"
#include "infra/interactions/message_builder.hpp"
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

constexpr int64_t ahead_ms = 15 * 60'000;
constexpr int32_t cannot_dm = 50007, no_mutual_guild = 50278; // discord-api 2.2

std::string nonce_of(const evening_slot& slot, user_id user) {
  return base36(user.value) + "-" + base36(static_cast<uint64_t>(slot.from.ms / 1000));
}

} // namespace

void schedule::check_reminders() {
  const auto at = now();
  if (!parts_->time->known())
    return wake("remind", at); // as soon as it is: the clock waits for that
  if (const auto soon = slot_after(set_.rules, at); soon && soon->from.ms - ahead_ms <= at.ms) {
    ask<reminders_due>(
        parts_->store, store_patience, claim_reminders{id_, soon->evening, soon->hour, at},
        [this, slot = *soon](const reminders_due& due) {
          for (const auto& whom : due.reminders)
            remind(slot, whom);
        },
        [this](const caf::error& why) {
          spdlog::error("schedule of guild {}: reminders: {}", id_.value, describe(why));
        });
  }
  // The first slot whose quarter of an hour has not begun.
  if (const auto later = slot_after(set_.rules, {at.ms + ahead_ms}))
    wake("remind", {later->from.ms - ahead_ms});
}

void schedule::remind(const evening_slot& slot, const reminder& whom) {
  if (whom.dm_closed)
    remind_in_channel(slot, whom.user);
  else if (whom.dm)
    send_dm(slot, whom, whom.dm);
  else
    open_dm(slot, whom);
}

void schedule::open_dm(const evening_slot& slot, const reminder& whom) {
  auto asked = rest_request{};
  asked.method = http_method::post;
  asked.path = "/users/@me/channels";
  asked.body = nlohmann::json{{"recipient_id", to_string(whom.user)}}.dump();
  ask<rest_response>(
      parts_->rest, rest_patience, std::move(asked),
      [this, slot, whom](const rest_response& answer) {
        const auto body = nlohmann::json::parse(answer.body, nullptr, false);
        auto dm = std::optional<channel_id>{};
        if (answer.ok() && body.is_object() && body.contains("id") && body["id"].is_string())
          dm = parse_id<channel_id>(body["id"].get_ref<const std::string&>());
        if (dm)
          send_dm(slot, whom, *dm);
        else
          remind_in_channel(slot, whom.user);
      },
      [this, slot, whom](const caf::error&) { remind_in_channel(slot, whom.user); });
}

void schedule::send_dm(const evening_slot& slot, const reminder& whom, channel_id dm) {
  auto asked = rest_request{};
  asked.method = http_method::post;
  asked.path = "/channels/" + to_string(dm) + "/messages";
  asked.body = plain_body(say()("schedule.reminder", {{"relative", viewer_relative(slot.from)},
                                                      {"time", viewer_time(slot.from)},
                                                      {"guild", escape_markdown(snapshot_->name)}}),
                          nonce_of(slot, whom.user));
  asked.deadline_ms = ahead_ms; // later it is of no use
  ask<rest_response>(
      parts_->rest, std::chrono::milliseconds{ahead_ms} + rest_patience, std::move(asked),
      [this, slot, whom, dm](const rest_response& answer) {
        if (answer.ok())
          return whom.dm == dm ? void() : note_dm_state(whom.user, dm, false);
        if (answer.code == cannot_dm || answer.code == no_mutual_guild) {
          note_dm_state(whom.user, dm, true);
          return remind_in_channel(slot, whom.user);
        }
        spdlog::warn("schedule of guild {}: a reminder was refused: {} {}", id_.value,
                     answer.status, answer.code);
      },
      [](const caf::error&) {}); // perhaps sent: at most once
}

void schedule::remind_in_channel(const evening_slot& slot, user_id user) {
  if (!set_.channel)
    return;
  auto asked = rest_request{};
  asked.method = http_method::post;
  asked.path = "/channels/" + to_string(set_.channel) + "/messages";
  asked.body =
      plain_body(say()("schedule.reminder_channel", {{"user", "<@" + to_string(user) + ">"},
                                                     {"relative", viewer_relative(slot.from)},
                                                     {"time", viewer_time(slot.from)}}),
                 nonce_of(slot, user) + "c", user);
  ask<rest_response>(
      parts_->rest, rest_patience, std::move(asked), [](const rest_response&) {},
      [](const caf::error&) {});
}

void schedule::note_dm_state(user_id user, channel_id dm, bool closed) {
  ask<noted>(
      parts_->store, store_patience, note_dm{id_, user, dm, closed}, [](noted) {},
      [](const caf::error&) {});
}

} // namespace hearth
