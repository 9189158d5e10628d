// What the messages show: the newest one is kept true, older ones say that it is elsewhere. And the
// voice channel's own status.
#include "actors/voice/ambience_actor.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/interactions/callback.hpp"
#include "infra/interactions/message_builder.hpp"
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

using nlohmann::json;
using kind = interaction_response::kind;

/// Two answers within that time may reach Discord in either order, so the message is drawn once
/// more after both.
constexpr int64_t overlap_ms = 3'000, settle_ms = 1'500;
constexpr int64_t learn_ms = 3'000; // our answer is at Discord by then
constexpr int tries_max = 4;
constexpr int32_t unknown_message = 10008, unknown_channel = 10003; // discord-api 2.2
constexpr size_t status_max = 500;                                  // discord-api 6

rest_request patch(std::string path, std::string body) {
  auto made = rest_request{};
  made.method = http_method::patch;
  made.path = std::move(path);
  made.body = std::move(body);
  made.priority = rest_priority::member;
  return made;
}

std::string path_of(channel_id channel, message_id message) {
  return "/channels/" + to_string(channel) + "/messages/" + to_string(message);
}

/// The answer's message, by the interaction's token: never logged.
template <class Answered> std::string path_of(const Answered& answered) {
  return "/webhooks/" + to_string(answered.application) + "/" + answered.token +
         "/messages/@original";
}

std::optional<message_id> id_in(const rest_response& answer) {
  const auto body = json::parse(answer.body, nullptr, false);
  if (!answer.ok() || !body.is_object() || !body.contains("id") || !body["id"].is_string())
    return std::nullopt;
  return parse_id<message_id>(body["id"].get_ref<const std::string&>());
}

interaction_response shown(kind type, std::string data) {
  auto made = interaction_response{};
  made.type = type;
  made.data = std::move(data);
  return made;
}

} // namespace

std::string ambience::draw() const {
  if (!player_.channel)
    return render_over(say(), over_.empty() ? say()("voice.not_playing") : over_, again_);
  return render_player(say(), player_, parts_->own(), {trouble_, news_, deserted()}, now());
}

void ambience::show_first(const interaction_ptr& asked, reply to) {
  to.deliver(shown(kind::message, draw()));
  if (answered_) // its message's id is not known yet
    ask<rest_response>(
        parts_->rest, rest_patience,
        patch(path_of(*answered_), render_over(say(), say()("voice.moved_message"))),
        [](const rest_response&) {}, [](const caf::error&) {}); // a courtesy
  answered_ = answered_command{
      asked->application, asked->token, asked->channel, {asked->id.created_ms() + token_ms_max}};
  wake_in("message", learn_ms);
}

void ambience::update_pressed(const interaction_ptr& asked, reply to) {
  to.deliver(shown(kind::update, draw()));
  const auto last = std::exchange(pressed_at_, now());
  if (now().ms - last.ms < overlap_ms)
    wake_in("settle", settle_ms);
  if (editing_) // drawn before this press, it may still reach Discord after it
    edit_again_ = true;
  if (asked->message && asked->message != player_.message)
    learned(asked->channel, asked->message);
}

void ambience::learn_message() {
  if (!answered_)
    return;
  if (answered_->tries >= tries_max || now() >= answered_->until) {
    answered_.reset();
    return;
  }
  ++answered_->tries;
  auto asked = rest_request{};
  asked.path = path_of(*answered_);
  asked.priority = rest_priority::member;
  ask<rest_response>(
      parts_->rest, rest_patience, std::move(asked),
      [this, token = answered_->token](const rest_response& answer) {
        if (!answered_ || answered_->token != token)
          return; // a newer command was answered meanwhile
        if (const auto id = id_in(answer)) {
          const auto channel = answered_->channel;
          answered_.reset();
          return learned(channel, *id);
        }
        wake_in("message", learn_ms); // the answer itself may be late
      },
      [this](const caf::error&) { wake_in("message", learn_ms); });
}

void ambience::learned(channel_id channel, message_id message) {
  change(
      {}, ambience_do::show{channel, message}, {},
      [this, channel, message](const player_changed&, const ambience_player& before) {
        if (!before.message || before.message == message)
          return;
        ask<rest_response>(
            parts_->rest, rest_patience,
            patch(path_of(before.message_channel, before.message),
                  render_over(say(), say()("voice.moved_message"))),
            [](const rest_response&) {}, [](const caf::error&) {}); // a courtesy
      },
      [this](const caf::error& why) {
        spdlog::error("ambience of guild {}: {}", id_.value, describe(why));
      });
}

void ambience::refresh() {
  const auto by_token = answered_ && now() < answered_->until;
  if (stopping_ || (!player_.message && !by_token))
    return;
  if (editing_) {
    edit_again_ = true;
    return;
  }
  editing_ = true;
  edit_again_ = false;
  const auto message = by_token ? message_id{} : player_.message;
  const auto done = [this] {
    editing_ = false;
    if (std::exchange(edit_again_, false))
      refresh();
  };
  ask<rest_response>(
      parts_->rest, rest_patience,
      patch(by_token ? path_of(*answered_) : path_of(player_.message_channel, player_.message),
            draw()),
      [this, message, done](const rest_response& answer) {
        if ((answer.code == unknown_message || answer.code == unknown_channel) && message &&
            message == player_.message)
          change_self(ambience_do::show{});
        done();
      },
      [done](const caf::error&) { done(); });
}

void ambience::on_deleted(const message_deleted& event) {
  if (loaded_ && !stopping_ && player_.message && event.message == player_.message)
    change_self(ambience_do::show{});
}

// -- the voice channel's status -------------------------------------------------------------------

/// Shown while we are heard there, taken away before we leave: afterwards it takes a permission
/// that we do not ask for. Source: discord-api 6.
void ambience::put_status() {
  if (stopping_ || !loaded_ || !settings_)
    return;
  auto wanted = std::pair<channel_id, std::string>{};
  const auto here = player_.channel;
  if (set_.status && here && live_ == here && !player_.paused &&
      (may_in(here) & permission_bit::set_voice_channel_status) != 0)
    wanted = {here, truncate(std::string{sound_emoji(player_.layers.front().sound)} + " " +
                                 clean_name(layers_line(say(), player_.layers)),
                             status_max)};
  status_wanted_ = wanted;
  if (putting_status_ || status_wanted_ == status_)
    return;
  // What is shown elsewhere goes first.
  const auto old = status_.first && status_.first != wanted.first;
  const auto next = old ? std::pair{status_.first, std::string{}} : wanted;
  const auto where = next.first ? next.first : status_.first;
  auto asked = rest_request{};
  asked.method = http_method::put;
  asked.path = "/channels/" + to_string(where) + "/voice-status";
  asked.body = json{{"status", next.second}}.dump(-1, ' ', false, json::error_handler_t::replace);
  putting_status_ = true;
  status_ = next.second.empty() ? std::pair<channel_id, std::string>{} : next;
  const auto done = [this] {
    putting_status_ = false;
    put_status();
  };
  ask<rest_response>(
      parts_->rest, rest_patience, std::move(asked), [done](const rest_response&) { done(); },
      [done](const caf::error&) { done(); });
}

} // namespace hearth
