#include "actors/voice/ambience.hpp"
#include "actors/voice/ambience_actor.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/interactions/callback.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "infra/voice/ambience_player.hpp"
#include <algorithm>
#include <array>

namespace hearth {

namespace {

constexpr size_t early_max = 64; // as many interactions as a guild gives out at a time

} // namespace

ambience::ambience(caf::actor_config& config, guild_id guild, ambience_parts_ptr parts)
    : guild_feature(config, guild, std::move(parts)) {}

feature_actor spawn_ambience(caf::actor_system& system, guild_id guild, ambience_parts_ptr parts) {
  return system.spawn<ambience>(guild, std::move(parts));
}

ambience::behavior_type ambience::make_behavior() {
  return {
      [this](const guild_facts& facts) { on_facts(facts); },
      [this](const interaction_ptr& asked) { return on_interaction(asked); },
      [this](const voice_changes& changes) { on_voice(changes); },
      [this](const member_news_ptr& news) { on_news(*news); },
      [this](const message_deleted& event) { on_deleted(event); },
      [](const job_due& due) -> caf::result<job_done> {
        return make_error(errc::not_found, "voice has no job " + due.job);
      },
      [this](const woken& wake) { on_woken(wake); },
      [this](stop_feature) { return on_stop(); },
      [this](const voice_report& report) { on_report(report); },
  };
}

void ambience::on_exit() {
  for (auto& [asked, to] : early_)
    to.deliver(make_error(errc::stopping));
  early_.clear();
  guild_feature::on_exit();
  if (parts_->board)
    caf::anon_send(parts_->board, note_listeners{id_, false, 0});
  voice_actor_ = nullptr;
  parts_ = nullptr;
}

void ambience::on_facts(const guild_facts& facts) {
  if (!facts.snapshot || !facts.settings || stopping_)
    return;
  const auto first = !snapshot_;
  snapshot_ = facts.snapshot;
  no_reactions_.clear(); // permissions may be other ones now
  read_voice();
  apply_settings(facts.settings);
  if (first) {
    open_voice_actor();
    load();
  } else {
    voice_moved_on();
  }
}

void ambience::apply_settings(guild_settings_ptr settings) {
  const auto before = set_;
  const auto known = settings_ != nullptr;
  const auto spoke = known ? language() : std::string{};
  settings_ = std::move(settings);
  set_ = ambience_settings_of(*settings_, parts_->idle_minutes());
  if (!known)
    return;
  if (spoke != language())
    refresh();
  if (before.idle_minutes != set_.idle_minutes)
    look_for_nobody();
  put_status();
}

// -- the store's player ---------------------------------------------------------------------------

void ambience::load() {
  ask<ambience_player>(
      parts_->store, store_patience, load_player{id_},
      [this](const ambience_player& player) { loaded(player); },
      [this](const caf::error& why) {
        spdlog::error("ambience of guild {}: {}", id_.value, describe(why));
        for (auto& [asked, to] : std::exchange(early_, {}))
          not_saved(*asked, to, why);
        wake_in("load", 5'000);
      });
}

void ambience::loaded(const ambience_player& player) {
  loaded_ = true;
  if (!player.channel || find_channel(player.channel)) {
    take_over(player);
  } else { // deleted while we were away: nothing of it is begun
    note_over(player, say()("voice.refused.unknown_channel"));
    change_self(ambience_do::moved{});
  }
  for (auto& [asked, to] : std::exchange(early_, {}))
    dispatch(asked, to);
}

/// The player is another one: the voice, the timers and the lists follow it.
void ambience::take_over(const ambience_player& player) {
  player_ = player;
  if (!player_.channel)
    trouble_.clear();
  put_status(); // before we leave
  steer();
  set_timers();
  voice_moved_on();
}

// -- who asks -------------------------------------------------------------------------------------

caf::result<interaction_response> ambience::on_interaction(const interaction_ptr& asked) {
  if (stopping_ || !settings_)
    return make_error(errc::stopping);
  auto to = make_response_promise<interaction_response>();
  if (loaded_)
    dispatch(asked, to);
  else if (early_.size() < early_max)
    early_.emplace_back(asked, to);
  else
    tell(to, say_to(*asked)("voice.not_saved"));
  return to;
}

void ambience::dispatch(const interaction_ptr& asked, reply to) {
  static constexpr auto commands = std::array<std::pair<std::string_view, command>, 6>{{
      {"ambience", &ambience::run_ambience},
      {"top", &ambience::run_top},
      {"total", &ambience::run_total},
      {"setmyspokenname", &ambience::run_setmyspokenname},
      {"modambience", &ambience::run_modambience},
      {"modenablebotvoice", &ambience::run_modenablebotvoice},
  }};
  switch (asked->kind) {
  case interaction_kind::autocomplete:
    return complete_sound(asked, to);
  case interaction_kind::component:
    return on_component(asked, to);
  case interaction_kind::command:
    if (family_of_command(asked->command))
      return run_family(asked, to);
    for (const auto& [name, run] : commands)
      if (name == asked->command)
        return (this->*run)(asked, to);
    break;
  case interaction_kind::modal_submit:
    break;
  }
  to.deliver(make_error(errc::not_found, "voice has no " + asked->command));
}

void ambience::on_woken(const woken& wake) {
  if (stopping_ || !settings_)
    return;
  const auto& tag = wake.tag;
  if (tag == "load" && !loaded_) {
    load();
  } else if (tag == "hub") {
    open_voice_actor();
  } else if (tag == "steer") {
    steer();
  } else if (tag == "slice") {
    count_time();
  } else if (tag == "message") {
    learn_message();
  } else if (tag == "settle") {
    refresh();
  } else if (tag == "welcome") {
    begin_welcome();
  } else if (tag == "focus") {
    on_focus();
  } else if (tag == "alone") {
    look_for_nobody();
  } else if (tag == "sleep" || tag == "asleep") {
    set_timers();
  }
}

caf::result<stopped> ambience::on_stop() {
  if (!stopping_) {
    heard_.update(now(), {});
    commit_time();
    for (auto& [asked, to] : std::exchange(early_, {}))
      to.deliver(make_error(errc::stopping));
    if (voice_actor_ && told_.channel)
      ask<voice_left_answer>(
          voice_actor_, voice_patience, leave_voice{}, [](voice_left_answer) {},
          [](const caf::error&) {}); // it ends with the daemon anyway
  }
  return stop();
}

// -- small things ---------------------------------------------------------------------------------

const channel_facts* ambience::find_channel(channel_id channel) const {
  for (const auto& known : snapshot_->channels)
    if (known.id == channel)
      return &known;
  return nullptr;
}

uint64_t ambience::may_in(channel_id channel) const {
  const auto* found = find_channel(channel);
  if (!found)
    return 0;
  const auto& self = snapshot_->self;
  return effective_permissions(channel_permissions(*snapshot_, *found, self.user, self.roles),
                               found->kind);
}

} // namespace hearth
