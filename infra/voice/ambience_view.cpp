#include "infra/voice/ambience_view.hpp"
#include "infra/interactions/message_builder.hpp"
#include "infra/schedule/evening.hpp"
#include "infra/voice/ambience_player.hpp"
#include "messages/voice.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

using nlohmann::json;

constexpr uint32_t colour = 0xE8743B; // embers
constexpr int volume_step = 20;
constexpr size_t files_max = 25; // of a select

std::string print(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<int> percent_in(std::string_view text) {
  auto value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end || value < 0 || value > 100)
    return std::nullopt;
  return value;
}

bool plays(const ambience_player& player, std::string_view sound) {
  return std::any_of(player.layers.begin(), player.layers.end(),
                     [&](const ambience_layer& layer) { return layer.sound == sound; });
}

/// The first layer of that family.
const ambience_layer* layer_of(const ambience_player& player, std::string_view family) {
  for (const auto& layer : player.layers)
    if (family_of(layer.sound) == family)
      return &layer;
  return nullptr;
}

/// The family whose variants are offered: the first that has some.
const sound_family* main_family(const ambience_player& player) {
  for (const auto& layer : player.layers)
    if (const auto* family = find_family(family_of(layer.sound)))
      return family;
  return nullptr;
}

json variant_row(const words& say, const ambience_player& player, const sound_family& family) {
  auto buttons = std::vector<json>{};
  for (auto variant = 1; variant <= variants_max; ++variant) {
    const auto sound = sound_id(family.id, variant);
    buttons.push_back(
        make_button({make_custom_id(voice_area, {"play", sound}), sound_name(say, sound),
                     plays(player, sound) ? button_style::primary : button_style::secondary}));
  }
  return make_row(std::move(buttons));
}

/// Families to lay over the main one: on, or off when they play.
json layer_row(const words& say, const ambience_player& player, const sound_family* main) {
  static constexpr auto offered =
      std::array<std::string_view, 7>{"rain", "fire", "music", "wind", "sea", "night", "train"};
  const auto full = player.layers.size() >= voice_layers_max;
  auto buttons = std::vector<json>{};
  for (const auto id : offered) {
    if (buttons.size() == 5)
      break;
    if (main && main->id == id)
      continue;
    const auto* layer = layer_of(player, id);
    const auto custom_id = layer ? make_custom_id(voice_area, {"drop", layer->sound})
                                 : make_custom_id(voice_area, {"mix", sound_id(id, 1), "70"});
    buttons.push_back(make_button({custom_id, say("voice.family." + std::string{id}),
                                   layer ? button_style::success : button_style::secondary,
                                   std::string{find_family(id)->emoji}, !layer && full}));
  }
  return make_row(std::move(buttons));
}

json control_row(const words& say, const ambience_player& player) {
  const auto volume = [&](int percent) {
    return make_custom_id(voice_area, {"volume", std::to_string(std::clamp(percent, 0, 100))});
  };
  auto quieter = button_spec{};
  quieter.custom_id = volume(player.volume - volume_step);
  quieter.label = say("voice.button.quieter");
  quieter.emoji = "🔉";
  quieter.disabled = player.volume == 0;
  auto louder = button_spec{};
  louder.custom_id = volume(player.volume + volume_step);
  louder.label = say("voice.button.louder");
  louder.emoji = "🔊";
  louder.disabled = player.volume == 100;
  auto pause = button_spec{};
  pause.custom_id = make_custom_id(voice_area, {player.paused ? "resume" : "pause"});
  pause.label = say(player.paused ? "voice.button.resume" : "voice.button.pause");
  pause.emoji = player.paused ? "▶️" : "⏸️";
  auto stop = button_spec{};
  stop.custom_id = make_custom_id(voice_area, {"stop"});
  stop.label = say("voice.button.stop");
  stop.style = button_style::danger;
  stop.emoji = "⏹️";
  return make_row(
      {make_button(quieter), make_button(louder), make_button(pause), make_button(stop)});
}

/// Nothing when there is no file to choose.
std::optional<json> file_row(const words& say, const ambience_player& player,
                             const own_sounds& own) {
  auto spec = select_spec{};
  spec.custom_id = make_custom_id(voice_area, {"files"});
  spec.placeholder = say("voice.choose_file");
  for (const auto& file : own)
    if (spec.options.size() < files_max && fits_buttons(file))
      spec.options.push_back({clean_name(sound_name(say, file)),
                              file,
                              {},
                              plays(player, file),
                              std::string{sound_emoji(file)}});
  if (spec.options.empty())
    return std::nullopt;
  return make_row({make_string_select(spec)});
}

std::string focus_line(const words& say, const ambience_player& player, instant now) {
  const auto state = focus_at(player.focus, now);
  if (state.phase == focus_phase::none)
    return {};
  return say(state.phase == focus_phase::work ? "voice.focus_work" : "voice.focus_rest",
             {{"round", state.round},
              {"rounds", player.focus.rounds},
              {"time", viewer_time(state.ends)},
              {"relative", viewer_relative(state.ends)}});
}

std::string description(const words& say, const ambience_player& player, const player_notes& notes,
                        instant now) {
  auto text = std::string{};
  for (const auto& layer : player.layers)
    text += std::string{sound_emoji(layer.sound)} + " **" +
            escape_markdown(sound_name(say, layer.sound)) + "**" +
            (layer.volume == 100 ? "" : "  " + std::to_string(layer.volume) + " %") + "\n";
  text += "\n" + say("voice.where", {{"channel", "<#" + to_string(player.channel) + ">"},
                                     {"volume", player.volume}});
  const auto add = [&](const std::string& line) {
    if (!line.empty())
      text += "\n" + line;
  };
  if (!notes.trouble.empty())
    add("⚠️ " + notes.trouble);
  else if (player.paused)
    add(say("voice.paused"));
  else if (notes.deserted)
    add(say("voice.deserted"));
  add(focus_line(say, player, now));
  add(notes.news);
  if (player.sleep_at.ms != 0)
    add(say("voice.sleeps", {{"relative", viewer_relative(player.sleep_at)}}));
  if (player.stay)
    add(say("voice.stays"));
  return text;
}

} // namespace

std::optional<ambience_change> parse_player_button(std::string_view custom_id,
                                                   const std::vector<std::string>& values,
                                                   channel_id channel) {
  const auto id = parse_custom_id(custom_id);
  if (!id || id->area != voice_area || id->parts.empty())
    return std::nullopt;
  const auto& what = id->parts[0];
  const auto count = id->parts.size();
  const auto sound = count > 1 ? id->parts[1] : std::string{};
  if (what == "play" && count == 2)
    return ambience_do::choose{channel, sound};
  if (what == "mix" && count == 3)
    if (const auto volume = percent_in(id->parts[2]))
      return ambience_do::mix{channel, {sound, *volume}};
  if (what == "drop" && count == 2)
    return ambience_do::drop{sound};
  if (what == "volume" && count == 2)
    if (const auto volume = percent_in(sound))
      return ambience_do::set_volume{*volume};
  if (what == "files" && count == 1 && values.size() == 1)
    return ambience_do::choose{channel, values.front()};
  if (count != 1)
    return std::nullopt;
  if (what == "pause" || what == "resume")
    return ambience_do::pause{what == "pause"};
  if (what == "stop")
    return ambience_do::stop{};
  return std::nullopt;
}

std::string render_player(const words& say, const ambience_player& player, const own_sounds& own,
                          const player_notes& notes, instant now) {
  const auto* main = main_family(player);
  auto spec = embed_spec{};
  spec.title = say(player.paused ? "voice.title_paused" : "voice.title");
  spec.description = description(say, player, notes, now);
  spec.color = colour;
  spec.footer = say("voice.footer");
  auto rows = json::array();
  if (main)
    rows.push_back(variant_row(say, player, *main));
  rows.push_back(layer_row(say, player, main));
  rows.push_back(control_row(say, player));
  if (auto files = file_row(say, player, own))
    rows.push_back(std::move(*files));
  return print({{"embeds", json::array({make_embed(spec)})},
                {"components", std::move(rows)},
                {"allowed_mentions", {{"parse", json::array()}}}});
}

std::string render_over(const words& say, std::string_view sentence, std::string_view again) {
  auto spec = embed_spec{};
  spec.title = say("voice.title_over");
  spec.description = std::string{sentence};
  auto rows = json::array();
  if (!again.empty())
    rows.push_back(
        make_row({make_button({make_custom_id(voice_area, {"play", again}),
                               say("voice.button.again", {{"sound", sound_name(say, again)}}),
                               button_style::secondary, std::string{sound_emoji(again)}})}));
  return print({{"embeds", json::array({make_embed(spec)})},
                {"components", std::move(rows)},
                {"allowed_mentions", {{"parse", json::array()}}}});
}

std::string layers_line(const words& say, const std::vector<ambience_layer>& layers) {
  auto text = std::string{};
  for (const auto& layer : layers)
    text += (text.empty() ? "" : ", ") + sound_name(say, layer.sound) +
            (layer.volume == 100 ? "" : " " + std::to_string(layer.volume) + " %");
  return text;
}

} // namespace hearth
