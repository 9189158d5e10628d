#include "actors/schedule/schedule.hpp"
#include "actors/schedule/schedule_actor.hpp"
#include "infra/interactions/callback.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/badge.hpp"
#include "infra/schedule/evening_view.hpp"
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace hearth {

schedule::schedule(caf::actor_config& config, guild_id guild, schedule_parts_ptr parts)
    : guild_feature(config, guild, std::move(parts)) {}

feature_actor spawn_schedule(caf::actor_system& system, guild_id guild, schedule_parts_ptr parts) {
  return system.spawn<schedule>(guild, std::move(parts));
}

schedule::behavior_type schedule::make_behavior() {
  return {
      [this](const guild_facts& facts) { on_facts(facts); },
      [this](const interaction_ptr& asked) { return on_interaction(asked); },
      [this](const voice_changes& changes) { on_voice(changes); },
      [](const member_news_ptr&) {}, // asks for none
      [this](const message_deleted& event) { on_deleted(event); },
      [this](const job_due& due) { return on_job(due); },
      [this](const woken& wake) { on_woken(wake); },
      [this](stop_feature) { return stop(); },
  };
}

void schedule::on_exit() {
  for (auto& order : orders_)
    if (order.done)
      order.done(post_outcome::failed);
  orders_.clear();
  guild_feature::on_exit();
}

void schedule::on_facts(const guild_facts& facts) {
  const auto first = !snapshot_;
  if (!facts.snapshot || !facts.settings)
    return;
  snapshot_ = facts.snapshot;
  blocked_until_ = {}; // permissions or the channel may be other ones now
  read_voice();
  apply_settings(facts.settings);
  if (first) {
    refresh(tonight()); // edits that a crash or a stop swallowed
    check_reminders();
  }
}

void schedule::apply_settings(guild_settings_ptr settings) {
  const auto before = set_;
  const auto known = settings_ != nullptr;
  const auto spoke = known ? language() : std::string{};
  settings_ = std::move(settings);
  set_ = schedule_settings_of(*settings_, parts_->default_zone());
  if (known && (!(before.rules == set_.rules) || spoke != language())) {
    refresh(tonight());
    check_reminders();
  }
  if (known && set_.channel && before.channel != set_.channel)
    post_if_due();
  sync_voice();
  wake_at_next_slot();
}

caf::result<interaction_response> schedule::on_interaction(const interaction_ptr& asked) {
  if (stopping_ || !settings_)
    return make_error(errc::stopping);
  static constexpr auto commands = std::array<std::pair<std::string_view, command>, 12>{{
      {"addschedule", &schedule::run_addschedule},
      {"removeschedule", &schedule::run_removeschedule},
      {"seeschedule", &schedule::run_seeschedule},
      {"modadduserschedule", &schedule::run_modadduserschedule},
      {"modrefreshschedule", &schedule::run_modrefreshschedule},
      {"modforcesendschedule", &schedule::run_modforcesendschedule},
      {"modapplyschedule", &schedule::run_modapplyschedule},
      {"modtextschedulechannel", &schedule::run_modtextschedulechannel},
      {"modseeschedulechannel", &schedule::run_modseeschedulechannel},
      {"modvoicechannel", &schedule::run_modvoicechannel},
      {"modseevoicechannels", &schedule::run_modseevoicechannels},
      {"modresetvoicechannel", &schedule::run_modresetvoicechannel},
  }};
  auto to = make_response_promise<interaction_response>();
  switch (asked->kind) {
  case interaction_kind::autocomplete:
    complete_time(asked, to);
    return to;
  case interaction_kind::component:
    on_component(asked, to);
    return to;
  case interaction_kind::command:
    for (const auto& [name, run] : commands)
      if (name == asked->command) {
        (this->*run)(asked, to);
        return to;
      }
    break;
  case interaction_kind::modal_submit:
    break;
  }
  to.deliver(make_error(errc::not_found, "schedule has no " + asked->command));
  return to;
}

void schedule::on_component(const interaction_ptr& asked, reply to) {
  if (const auto button = parse_vote_button(asked->custom_id))
    return on_vote(asked, *button, to);
  if (const auto part = parse_plan_component(asked->custom_id))
    return on_plan_component(asked, *part, to);
  if (const auto id = parse_custom_id(asked->custom_id);
      id && id->parts.size() == 3 && id->parts[0] == "undo") {
    const auto evening = parse_evening_day(id->parts[1]);
    const auto applied = parse_id<interaction_id>(id->parts[2]);
    if (evening && applied)
      return on_undo(asked, *evening, *applied, to);
  }
  tell(to, say_to(*asked)("schedule.old_component"));
}

void schedule::on_woken(const woken& wake) {
  if (stopping_ || !settings_)
    return;
  if (wake.tag == "slot") {
    sync_voice();
    wake_at_next_slot();
  } else if (wake.tag == "remind") {
    check_reminders();
  } else if (const auto evening = parse_evening_day(wake.tag)) {
    edits_[*evening].waiting = false;
    refresh(*evening);
  }
}

void schedule::on_deleted(const message_deleted& event) {
  if (shown_.count(event.message) > 0)
    forget(event.message);
}

known_member schedule::member_of(const member_facts& member) const {
  return known(*snapshot_, member);
}

void schedule::note_messages(const evening_record& record) {
  for (const auto& shown : record.messages)
    shown_.insert(shown.message);
  while (shown_.size() > 50) // deletions of old ones do not matter
    shown_.erase(shown_.begin());
}

std::string base36(uint64_t number) {
  auto text = std::string{};
  do
    text.push_back("0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
  while (number /= 36);
  std::reverse(text.begin(), text.end());
  return text;
}

interaction_response rendered(interaction_response::kind kind, std::string data, bool ephemeral) {
  auto made = interaction_response{};
  made.type = kind;
  made.ephemeral = kind == interaction_response::kind::message && ephemeral;
  made.data = std::move(data);
  return made;
}

std::string plain_body(std::string_view text, const std::string& nonce, user_id pinged) {
  auto body = message_text(text);
  body["nonce"] = nonce;
  body["enforce_nonce"] = true;
  body["allowed_mentions"] = {{"parse", nlohmann::json::array()}};
  if (pinged)
    body["allowed_mentions"]["users"] = nlohmann::json::array({to_string(pinged)});
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace hearth
