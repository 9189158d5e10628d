// The first one in a watched voice channel hears who is scheduled: over what plays there, else we
// join, speak and leave; in writing where the voice is not possible.
#include "actors/voice/ambience_actor.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/interactions/command_table.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/schedule_settings.hpp"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

constexpr int64_t listen_ms = 3'000; // until their client is in and plays sound
constexpr int64_t useful_ms = 30'000;
constexpr int64_t channel_gap_ms = 600'000, member_gap_ms = 3'600'000;
constexpr auto say_patience = std::chrono::seconds{120};

bool contains(const std::vector<channel_id>& list, channel_id channel) {
  return std::find(list.begin(), list.end(), channel) != list.end();
}

} // namespace

void ambience::maybe_welcome(const voice_changed& change) {
  if (!set_.welcome || guest_ || !loaded_ || change.member.bot || change.from == change.to ||
      !contains(settings_->voice_channels, change.to))
    return;
  if (humans_in(change.to) != std::vector<user_id>{change.member.user})
    return; // not alone, or already elsewhere
  guest_ = guest{change.to, change.member.user, {}, {}, false};
  wake_in("welcome", listen_ms);
}

void ambience::end_welcome() {
  guest_.reset();
  steer(); // out again, unless something plays there by now
}

void ambience::begin_welcome() {
  if (!guest_)
    return;
  if (!set_.welcome ||
      humans_in(guest_->channel) != std::vector<user_id>{guest_->user}) // gone, or in company
    return end_welcome();
  auto claim = claim_welcome{};
  claim.guild = id_;
  claim.channel = guest_->channel;
  claim.user = guest_->user;
  claim.now = now();
  claim.channel_gap_ms = channel_gap_ms;
  claim.member_gap_ms = member_gap_ms;
  const auto failed = [this](const caf::error& why) {
    spdlog::error("ambience of guild {}: welcome: {}", id_.value, describe(why));
    end_welcome();
  };
  ask<claimed>(
      parts_->store, store_patience, claim,
      [this, failed](const claimed& claim) {
        if (!claim.first || !guest_)
          return end_welcome();
        const auto rules = schedule_settings_of(*settings_, parts_->default_zone()).rules;
        const auto slots = welcome_slots_at(rules, now());
        const auto first = slots.now    ? slots.now->evening
                           : slots.next ? slots.next->evening
                                        : evening_at(rules, now());
        const auto second = slots.next ? slots.next->evening : first;
        ask<evening_record_ptr>(
            parts_->evenings, store_patience, load_evening{id_, first},
            [this, slots, second, failed](const evening_record_ptr& record) {
              if (second == record->evening)
                return gather_names(slots, record, record);
              ask<evening_record_ptr>(
                  parts_->evenings, store_patience, load_evening{id_, second},
                  [this, slots, record](const evening_record_ptr& other) {
                    gather_names(slots, record, other);
                  },
                  failed);
            },
            failed);
      },
      failed);
}

void ambience::gather_names(const welcome_slots& slots, evening_record_ptr first,
                            evening_record_ptr second) {
  if (!guest_)
    return;
  auto asked = find_spoken_names{id_, {guest_->user}};
  const auto add = [&](const evening_record& record, const std::optional<evening_slot>& slot) {
    if (slot)
      for (const auto& member : scheduled_in(record, *slot, guest_->user))
        asked.users.push_back(member.user);
  };
  add(*first, slots.now);
  add(*second, slots.next);
  ask<spoken_names_found>(
      parts_->store, store_patience, std::move(asked),
      [this, slots, first, second](const spoken_names_found& names) {
        compose(slots, first, second, names);
      },
      [this](const caf::error& why) { // without it nobody may be named
        spdlog::error("ambience of guild {}: welcome: {}", id_.value, describe(why));
        end_welcome();
      });
}

void ambience::compose(const welcome_slots& slots, const evening_record_ptr& first,
                       const evening_record_ptr& second, const spoken_names_found& names) {
  if (!guest_)
    return;
  const auto call = [&](user_id user, const std::string& display) {
    const auto said = std::find_if(names.names.begin(), names.names.end(),
                                   [&](const spoken_name& each) { return each.user == user; });
    return called(display, said == names.names.end() ? nullptr : &*said);
  };
  const auto list = [&](const evening_record& record, const std::optional<evening_slot>& slot) {
    auto found = std::vector<welcomed>{};
    if (slot)
      for (const auto& member : scheduled_in(record, *slot, guest_->user))
        found.push_back(call(member.user, member.name));
    return found;
  };
  auto facts = welcome_facts{};
  const auto self = voice_.find(guest_->user);
  facts.self = call(guest_->user, self == voice_.end() ? std::string{} : self->second.member.name);
  facts.now = list(*first, slots.now);
  facts.next = list(*second, slots.next);
  if (slots.next)
    facts.next_hour = slots.next->hour;
  facts.hint = find_command("lfg") ? "voice.hint_lfg" : "voice.hint";
  guest_->speech = welcome_speech(say(), facts);
  guest_->message = welcome_message(say(), facts);
  speak();
}

void ambience::speak() {
  const auto there = guest_->channel;
  if (player_.channel && player_.channel != there)
    return write_it(); // who listens elsewhere keeps the sound
  if (live_ == there)
    return say_it();
  if (!voice_actor_ || hindrance(there) != voice_refusal::none)
    return write_it();
  guest_->joining = true; // the player, if it is on its way there, does it all the same
  steer();
}

void ambience::say_it() {
  if (!guest_ || guest_->speech.empty())
    return;
  auto asked = say_text{};
  asked.text = guest_->speech;
  asked.language = std::string{parts_->texts->language_of(language())};
  asked.useful_ms = useful_ms;
  ask<text_said>(
      voice_actor_, say_patience, std::move(asked),
      [this](const text_said& said) {
        if (!guest_)
          return;
        if (said.how == speech_end::failed || said.how == speech_end::late)
          return write_it();
        end_welcome();
      },
      [this](const caf::error& why) {
        spdlog::error("ambience of guild {}: welcome: {}", id_.value, describe(why));
        if (guest_)
          write_it();
      });
}

/// In the voice channel's own text chat, where whoever sits there looks.
void ambience::write_it() {
  const auto guest = std::exchange(guest_, std::nullopt);
  steer();
  if (!guest || (may_in(guest->channel) & permission_bit::send_messages) == 0)
    return;
  auto body = message_text(guest->message);
  body["allowed_mentions"] = {{"parse", nlohmann::json::array()}};
  auto asked = rest_request{};
  asked.method = http_method::post;
  asked.path = "/channels/" + to_string(guest->channel) + "/messages";
  asked.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  ask<rest_response>(
      parts_->rest, rest_patience, std::move(asked),
      [this](const rest_response& answer) {
        if (!answer.ok())
          spdlog::warn("ambience of guild {}: a welcome was refused: {} {}", id_.value,
                       answer.status, answer.code);
      },
      [](const caf::error&) {}); // perhaps sent: at most once
}

} // namespace hearth
