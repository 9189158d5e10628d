// The voice actor follows the player: what it is to do is compared with what it was told last.
#include "actors/voice/ambience_actor.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/voice/ambience_player.hpp"
#include "infra/voice/join_check.hpp"
#include <algorithm>
#include <utility>

namespace hearth {

namespace {

constexpr int64_t retry_ms_min = 30'000, retry_ms_max = 600'000;
constexpr int32_t fade_ms = 1'500;
constexpr int32_t asleep_ms = 20'000; // the sleep timer fades for so long
constexpr auto bell = "bell";
constexpr int32_t bell_volume = 60;
constexpr int64_t bell_late_ms = 60'000; // later it would startle rather than remind

} // namespace

void ambience::open_voice_actor() {
  if (voice_actor_ || opening_ || stopping_)
    return;
  opening_ = true;
  request(parts_->hub, voice_patience, open_voice{id_}, voice_owner_actor{this})
      .then(
          [this](const voice_channel_actor& actor) {
            opening_ = false;
            voice_actor_ = actor;
            look_at_voice();
          },
          [this](const caf::error& why) {
            opening_ = false;
            spdlog::error("ambience of guild {}: no voice: {}", id_.value, describe(why));
            wake_in("hub", retry_ms_min);
          });
}

/// It may have lived longer than we: what it does already is not asked for again.
void ambience::look_at_voice() {
  ask<voice_status>(
      voice_actor_, voice_patience, get_voice_status{},
      [this](const voice_status& status) {
        told_ = {status.channel, status.layers, status.volume, status.paused};
        live_ = status.phase == "live" ? status.channel : channel_id{};
        looked_ = true;
        steer();
        voice_moved_on();
        put_status();
      },
      [this](const caf::error& why) { voice_trouble(why); });
}

void ambience::steer() {
  if (!voice_actor_ || !looked_ || !loaded_ || stopping_)
    return;
  const auto wanted = player_.channel             ? player_.channel
                      : guest_ && guest_->joining ? guest_->channel
                                                  : channel_id{};
  auto layers = std::vector<voice_layer>{};
  if (player_.channel && !falling_asleep_)
    for (const auto& layer : player_.layers)
      layers.push_back({layer.sound, layer.volume});
  const auto silent = player_.channel && (player_.paused || deserted());
  const auto noted = [this](const voice_status&) {};
  const auto failed = [this](const caf::error& why) { voice_trouble(why); };
  if (told_.volume != player_.volume && player_.channel) {
    told_.volume = player_.volume;
    ask<voice_status>(voice_actor_, voice_patience, set_voice_volume{player_.volume}, noted,
                      failed);
  }
  if (told_.paused.value_or(false) != silent) {
    told_.paused = silent;
    ask<voice_status>(voice_actor_, voice_patience, pause_voice{silent}, noted, failed);
  }
  if (told_.layers.value_or(std::vector<voice_layer>{}) != layers && wanted) {
    told_.layers = layers;
    ask<voice_status>(voice_actor_, voice_patience,
                      play_layers{layers, falling_asleep_ ? asleep_ms : fade_ms}, noted,
                      [this](const caf::error& why) {
                        if (why != make_error(errc::not_found))
                          return voice_trouble(why);
                        trouble_ = say()("voice.sound_failed", {{"sound", describe(why)}});
                        refresh();
                      });
  }
  if (wanted != told_.channel) {
    if (wanted)
      return join(wanted);
    told_ = {}; // leaving forgets what played
    live_ = {};
    ask<voice_left_answer>(
        voice_actor_, voice_patience, leave_voice{}, [](voice_left_answer) {}, failed);
  }
}

void ambience::join(channel_id channel) {
  told_.channel = channel;
  live_ = {};
  ask<join_answer>(
      voice_actor_, join_patience, join_voice{channel, picture()},
      [this](const join_answer& answer) { on_joined(answer); },
      [this, channel](const caf::error& why) {
        on_refused(channel, voice_refusal::session, describe(why));
      });
}

void ambience::on_joined(const join_answer& answer) {
  if (answer.why != voice_refusal::none)
    return on_refused(answer.channel, answer.why, answer.details);
  if (answer.channel != told_.channel)
    return; // an earlier wish
  on_report({id_, voice_ready{answer.channel}});
}

void ambience::on_refused(channel_id channel, voice_refusal why, const std::string& details) {
  if (channel != told_.channel || stopping_)
    return;
  spdlog::warn("ambience of guild {}: channel {}: {} {}", id_.value, channel.value, to_string(why),
               details);
  told_ = {};
  live_ = {};
  voice_moved_on();
  if (guest_ && guest_->channel == channel && !player_.channel)
    return write_it();
  if (player_.channel != channel)
    return;
  const auto sentence = hindrance_text(say(), why, channel);
  const auto passes = why == voice_refusal::unanswered || why == voice_refusal::session ||
                      why == voice_refusal::stopping;
  if (!passes)
    return change_self(ambience_do::moved{}, sentence);
  trouble_ = sentence;
  const auto wait = std::min(retry_ms_min << std::min(failures_++, 5U), retry_ms_max);
  wake_in("steer", wait);
  refresh();
}

/// It has died or is going down: a new one is asked for, and told everything.
void ambience::voice_trouble(const caf::error& why) {
  if (stopping_)
    return;
  spdlog::error("ambience of guild {}: voice: {}", id_.value, describe(why));
  voice_actor_ = nullptr;
  looked_ = false;
  told_ = {};
  live_ = {};
  voice_moved_on();
  wake_in("hub", 1'000);
}

void ambience::on_report(const voice_report& report) {
  if (stopping_ || !settings_)
    return;
  if (const auto* ready = std::get_if<voice_ready>(&report.what)) {
    if (ready->channel != told_.channel)
      return;
    const auto known = live_ == ready->channel;
    live_ = ready->channel;
    failures_ = 0;
    if (!trouble_.empty()) {
      trouble_.clear();
      refresh();
    }
    voice_moved_on();
    put_status();
    if (guest_ && !known)
      say_it();
  } else if (const auto* moved = std::get_if<voice_moved>(&report.what)) {
    told_.channel = moved->to;
    live_ = {};
    if (player_.channel)
      change_self(ambience_do::moved{moved->to});
    else
      end_welcome(); // somebody took us elsewhere: nobody to talk to
  } else if (const auto* left = std::get_if<voice_left>(&report.what)) {
    if (left->how == voice_end::asked)
      return;
    told_ = {};
    live_ = {};
    voice_moved_on();
    if (left->how == voice_end::failed)
      return on_refused(told_.channel = left->channel, voice_refusal::session, left->details);
    if (guest_)
      end_welcome();
    if (player_.channel == left->channel)
      change_self(ambience_do::moved{}, say()("voice.thrown_out"));
  } else if (const auto* refused = std::get_if<voice_refused>(&report.what)) {
    on_refused(refused->channel, refused->why, refused->details);
  } else if (std::holds_alternative<voice_interrupted>(report.what)) {
    live_ = {};
    voice_moved_on();
  } else if (const auto* stage = std::get_if<voice_suppressed>(&report.what)) {
    live_ = {};
    voice_moved_on();
    trouble_ = say()("voice.suppressed", {{"channel", "<#" + to_string(stage->channel) + ">"}});
    refresh();
  } else if (const auto* failed = std::get_if<sound_failed>(&report.what)) {
    spdlog::warn("ambience of guild {}: {}: {}", id_.value, failed->sound, failed->details);
    trouble_ =
        say()("voice.sound_failed", {{"sound", escape_markdown(sound_name(say(), failed->sound))}});
    refresh();
  }
}

// -- permissions ----------------------------------------------------------------------------------

/// The guild with voice as it is now.
guild_snapshot_ptr ambience::picture() const {
  auto copy = std::make_shared<guild_snapshot>(*snapshot_);
  copy->voice.clear();
  for (const auto& [user, member] : voice_)
    copy->voice.push_back(member);
  return copy;
}

voice_refusal ambience::hindrance(channel_id channel) const {
  return voice::check_join(*picture(), channel).refusal;
}

std::string ambience::hindrance_text(const words& text, voice_refusal why,
                                     channel_id channel) const {
  return text("voice.refused." + std::string{to_string(why)},
              {{"channel", "<#" + to_string(channel) + ">"}});
}

// -- timers ---------------------------------------------------------------------------------------

void ambience::set_timers() {
  if (!loaded_)
    return;
  const auto sleeps = player_.channel && player_.sleep_at.ms != 0;
  if (!sleeps && std::exchange(falling_asleep_, false))
    steer(); // taken back while it faded
  const auto end = instant{player_.sleep_at.ms + asleep_ms};
  if (!sleeps) {
    wake("sleep", {});
  } else if (now() >= end) {
    falling_asleep_ = false;
    return change_self(ambience_do::stop{}, say()("voice.sleep_over"));
  } else if (now() >= player_.sleep_at) {
    if (!std::exchange(falling_asleep_, true))
      steer();
    wake("asleep", end);
  } else {
    if (std::exchange(falling_asleep_, false))
      steer();
    wake("sleep", player_.sleep_at);
  }
  const auto focus = focus_at(player_.focus, now());
  if (player_.channel && focus.phase != focus_phase::none)
    wake("focus", focus.ends);
  else if (player_.channel && player_.focus.work_minutes > 0)
    on_focus(); // it ended while we were away
  else
    wake("focus", {});
}

void ambience::on_focus() {
  const auto& plan = player_.focus;
  if (!player_.channel || plan.work_minutes == 0)
    return;
  const auto state = focus_at(plan, now());
  // The phase that has just begun, or the end of all: the bell marks it, unless we come late.
  const auto length = [&](focus_phase phase) {
    return int64_t{60'000} * (phase == focus_phase::work ? plan.work_minutes : plan.rest_minutes);
  };
  const auto over = state.phase == focus_phase::none;
  const auto all = plan.started.ms + plan.rounds * length(focus_phase::work) +
                   (plan.rounds - 1) * length(focus_phase::rest);
  const auto began = over ? all : state.ends.ms - length(state.phase);
  if (now().ms - began < bell_late_ms && voice_actor_ && live_ == player_.channel &&
      !player_.paused)
    send(voice_actor_, play_once{bell, bell_volume});
  if (!over) {
    wake("focus", state.ends);
    return refresh();
  }
  news_ = say()("voice.focus_over");
  change_self(ambience_do::set_focus{});
}

} // namespace hearth
