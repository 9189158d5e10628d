// What members want to hear: commands and buttons. On disk first, heard and shown second.
#include "actors/voice/ambience_actor.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/voice/ambience_commands.hpp"
#include "infra/voice/ambience_player.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

constexpr size_t choices_max = 25;
constexpr int focus_rest_default = 5, focus_rounds_default = 4;

template <class T> std::optional<T> given(const interaction& asked, std::string_view name) {
  const auto* value = asked.option<T>(name);
  return value ? std::optional{*value} : std::nullopt;
}

int whole(const interaction& asked, std::string_view name, int otherwise) {
  return static_cast<int>(given<int64_t>(asked, name).value_or(otherwise));
}

interaction_response choices(const std::vector<sound_choice>& found) {
  auto list = std::vector<completion>{};
  for (const auto& each : found)
    list.push_back({each.name, each.id});
  auto made = interaction_response{};
  made.type = interaction_response::kind::choices;
  made.data = make_choices(list).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return made;
}

std::string mention(channel_id channel) { return "<#" + to_string(channel) + ">"; }

} // namespace

// -- changes --------------------------------------------------------------------------------------

void ambience::change(interaction_id interaction, ambience_change what, moderator_action by,
                      after_change then, std::function<void(const caf::error&)> fail) {
  if (interaction)
    news_.clear(); // somebody has gone on
  auto asked = change_player{};
  asked.interaction = interaction;
  asked.guild = id_;
  asked.change = std::move(what);
  asked.now = now();
  asked.by = std::move(by);
  ask<player_changed>(
      parts_->store, store_patience, std::move(asked),
      [this, then = std::move(then)](const player_changed& changed) {
        const auto before = player_;
        if (before.channel && !changed.player.channel)
          note_over(before, say()("voice.stopped"));
        take_over(changed.player);
        then(changed, before);
      },
      std::move(fail));
}

void ambience::note_over(const ambience_player& before, std::string sentence) {
  over_ = std::move(sentence);
  again_ = before.layers.empty() ? std::string{} : before.layers.front().sound;
}

void ambience::change_self(ambience_change what, std::string over_sentence) {
  change(
      {}, std::move(what), {},
      [this, sentence = std::move(over_sentence)](const player_changed& changed,
                                                  const ambience_player& before) {
        if (changed.refusal != ambience_refusal::none)
          return;
        if (before.channel && !changed.player.channel && !sentence.empty())
          over_ = sentence;
        refresh();
      },
      [this](const caf::error& why) {
        spdlog::error("ambience of guild {}: {}", id_.value, describe(why));
      });
}

std::string ambience::refusal_text(const words& text, ambience_refusal why) const {
  if (why == ambience_refusal::too_many)
    return text("voice.too_many", {{"max", voice_layers_max}});
  return text("voice.not_playing");
}

channel_id ambience::place_of(const interaction& asked, reply to) {
  const auto text = say_to(asked);
  const auto place = voice_of(asked.member.user);
  if (!place) {
    tell(to, text("voice.join_first"));
    return {};
  }
  // Who listens elsewhere keeps the sound: one player, and nobody takes it from others.
  if (player_.channel && player_.channel != place && !humans_in(player_.channel).empty()) {
    tell(to, text("voice.elsewhere", {{"channel", mention(player_.channel)}}));
    return {};
  }
  return place;
}

void ambience::play(const interaction_ptr& asked, ambience_change what, reply to) {
  change(
      asked->id, std::move(what), {},
      [this, asked, to](const player_changed& changed, const ambience_player&) {
        if (changed.refusal != ambience_refusal::none)
          return tell(to, refusal_text(say_to(*asked), changed.refusal));
        if (asked->kind == interaction_kind::component)
          update_pressed(asked, to);
        else
          show_first(asked, to);
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void ambience::adjust(const interaction_ptr& asked, ambience_change what, std::string sentence,
                      reply to, moderator_action by) {
  change(
      asked->id, std::move(what), std::move(by),
      [this, asked, to, sentence = std::move(sentence)](const player_changed& changed,
                                                        const ambience_player&) {
        if (changed.refusal != ambience_refusal::none)
          return tell(to, refusal_text(say_to(*asked), changed.refusal));
        tell(to, sentence);
        refresh();
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

// -- commands -------------------------------------------------------------------------------------

void ambience::run_family(const interaction_ptr& asked, reply to) {
  const auto place = place_of(*asked, to);
  if (!place)
    return;
  if (const auto why = hindrance(place); why != voice_refusal::none)
    return tell(to, hindrance_text(say_to(*asked), why, place));
  const auto track = std::clamp(whole(*asked, "track", 1), 1, variants_max);
  const auto sound = sound_id(family_of_command(asked->command)->id, track);
  play(asked, ambience_do::play{place, {{sound, 100}}, whole(*asked, "volume", -1)}, to);
}

void ambience::run_ambience(const interaction_ptr& asked, reply to) {
  const auto& what = asked->subcommand;
  const auto text = say_to(*asked);
  if (what == "now")
    return run_now(asked, to);
  const auto place = place_of(*asked, to);
  if (!place)
    return;
  if (what == "play" || what == "mix")
    return run_play(asked, place, to);
  if (what == "stop")
    return adjust(asked, ambience_do::stop{}, text("voice.stopped"), to);
  if (what == "pause" || what == "resume") {
    const auto on = what == "pause";
    return adjust(asked, ambience_do::pause{on}, text(on ? "voice.paused" : "voice.resumed"), to);
  }
  if (what == "volume") {
    const auto percent = whole(*asked, "percent", 100);
    return adjust(asked, ambience_do::set_volume{percent},
                  text("voice.volume_set", {{"volume", percent}}), to);
  }
  if (what == "sleep") {
    const auto minutes = std::clamp(whole(*asked, "minutes", 0), 0, sleep_minutes_max);
    const auto at = minutes > 0 ? instant{now().ms + minutes * int64_t{60'000}} : instant{};
    return adjust(asked, ambience_do::set_sleep{at},
                  minutes > 0 ? text("voice.sleeps", {{"relative", viewer_relative(at)}})
                              : text("voice.sleep_off"),
                  to);
  }
  if (what == "stay") {
    const auto on = given<bool>(*asked, "enable").value_or(true);
    return adjust(asked, ambience_do::set_stay{on}, text(on ? "voice.stay_on" : "voice.stay_off"),
                  to, action(*asked, fmt::format("ambience stay {}", on ? "on" : "off")));
  }
  if (what == "focus")
    return run_focus(asked, to);
  to.deliver(make_error(errc::not_found, "ambience has no " + what));
}

void ambience::run_play(const interaction_ptr& asked, channel_id where, reply to) {
  const auto text = say_to(*asked);
  const auto typed = given<std::string>(*asked, "sound").value_or("");
  const auto sound = sound_typed(text, parts_->own(), typed);
  if (!sound)
    return tell(to, text("voice.unknown_sound", {{"given", escape_markdown(typed)}}));
  if (const auto why = hindrance(where); why != voice_refusal::none)
    return tell(to, hindrance_text(text, why, where));
  if (asked->subcommand == "play")
    return play(asked, ambience_do::play{where, {{*sound, 100}}, whole(*asked, "volume", -1)}, to);
  const auto wish = ambience_do::mix{where, {*sound, whole(*asked, "volume", 100)}};
  if (!player_.channel || !player_.message)
    return play(asked, wish, to);
  adjust(asked, wish,
         text("voice.added_sound", {{"sound", escape_markdown(sound_name(text, *sound))}}), to);
}

void ambience::run_focus(const interaction_ptr& asked, reply to) {
  const auto text = say_to(*asked);
  auto wish = ambience_do::set_focus{};
  wish.work_minutes = whole(*asked, "work", 0);
  wish.rest_minutes = whole(*asked, "rest", focus_rest_default);
  wish.rounds = whole(*asked, "rounds", focus_rounds_default);
  if (wish.work_minutes > focus_minutes_max || wish.rest_minutes > focus_minutes_max ||
      wish.rest_minutes < 0)
    return tell(to, text("voice.no_focus_time", {{"max", focus_minutes_max}}));
  if (wish.work_minutes <= 0)
    return adjust(asked, wish, text("voice.focus_off"), to);
  change(
      asked->id, wish, {},
      [this, asked, to](const player_changed& changed, const ambience_player&) {
        if (changed.refusal != ambience_refusal::none)
          return tell(to, refusal_text(say_to(*asked), changed.refusal));
        show_first(asked, to); // a fresh message, in which the rounds are shown
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void ambience::run_now(const interaction_ptr& asked, reply to) {
  if (!player_.channel)
    return tell(to, say_to(*asked)("voice.not_playing"));
  const auto answer = [this, asked, to](const voice_status& status) {
    const auto text = say_to(*asked);
    if (!player_.channel)
      return tell(to, text("voice.not_playing"));
    auto lines =
        "**" + escape_markdown(layers_line(text, player_.layers)) + "**\n" +
        text("voice.where", {{"channel", mention(player_.channel)}, {"volume", player_.volume}}) +
        "\n" + text("voice.now.since", {{"relative", viewer_relative(player_.since)}}) + " " +
        (deserted() ? text("voice.deserted")
                    : text("voice.now.listeners", {{"count", humans_in(player_.channel).size()}}));
    if (player_.paused)
      lines += "\n" + text("voice.paused");
    if (player_.sleep_at.ms != 0)
      lines += "\n" + text("voice.sleeps", {{"relative", viewer_relative(player_.sleep_at)}});
    if (player_.stay)
      lines += "\n" + text("voice.stays");
    if (!trouble_.empty())
      lines += "\n⚠️ " + trouble_;
    if (!status.quality.empty() && status.quality != "full")
      lines += "\n" + text("voice.now.quality", {{"quality", status.quality}});
    lines += "\n" + (status.phase != "live" ? text("voice.now.connecting")
                     : status.privacy_code.empty()
                         ? text("voice.now.plain")
                         : text("voice.now.privacy", {{"code", status.privacy_code}}));
    tell(to, lines);
  };
  if (!voice_actor_)
    return answer({});
  ask<voice_status>(voice_actor_, voice_patience, get_voice_status{}, answer,
                    [answer](const caf::error&) { answer({}); });
}

void ambience::complete_sound(const interaction_ptr& asked, reply to) {
  auto typed = std::string{};
  for (const auto& each : asked->options)
    if (each.focused)
      if (const auto* text = std::get_if<std::string>(&each.value))
        typed = *text;
  to.deliver(choices(search_sounds(say_to(*asked), parts_->own(), typed, choices_max)));
}

// -- buttons --------------------------------------------------------------------------------------

void ambience::on_component(const interaction_ptr& asked, reply to) {
  const auto text = say_to(*asked);
  const auto place = voice_of(asked->member.user);
  auto wish = parse_player_button(asked->custom_id, asked->values, place);
  if (!wish)
    return tell(to, text("voice.old_component"));
  if (!place_of(*asked, to))
    return;
  auto sound = std::string{};
  if (const auto* choose = std::get_if<ambience_do::choose>(&*wish))
    sound = choose->sound;
  else if (const auto* mix = std::get_if<ambience_do::mix>(&*wish))
    sound = mix->layer.sound;
  if (!sound.empty()) { // it makes sound where whoever pressed is
    if (!sound_exists(sound, parts_->own()))
      return tell(
          to, text("voice.sound_failed", {{"sound", escape_markdown(sound_name(text, sound))}}));
    if (player_.channel != place && player_.channel) // an empty channel is left for a full one
      wish = ambience_do::play{place, {{sound, 100}}, -1};
    if (const auto why = hindrance(place); why != voice_refusal::none)
      return tell(to, hindrance_text(text, why, place));
  }
  play(asked, std::move(*wish), to);
}

} // namespace hearth
