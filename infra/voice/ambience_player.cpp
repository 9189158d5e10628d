#include "infra/voice/ambience_player.hpp"
#include "infra/interactions/message_builder.hpp"
#include "messages/voice.hpp"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace hearth {

namespace {

using nlohmann::json;
using refusal = ambience_refusal;

constexpr int64_t minute_ms = 60'000;

int percent(int given, int least) { return std::clamp(given, least, 100); }

auto find_layer(std::vector<ambience_layer>& layers, std::string_view sound) {
  return std::find_if(layers.begin(), layers.end(),
                      [&](const ambience_layer& layer) { return layer.sound == sound; });
}

/// What belongs to one stay in a channel ends with it; volume and message outlive it.
void end(ambience_player& player) {
  auto after = ambience_player{};
  after.volume = player.volume;
  after.message_channel = player.message_channel;
  after.message = player.message;
  player = std::move(after);
}

/// Begins in, or moves to, a channel.
void begin(ambience_player& player, channel_id channel, instant now) {
  if (!player.channel)
    player.since = now;
  player.channel = channel;
  player.paused = false;
}

struct changing {
  ambience_player& player;
  instant now;

  bool silent() const { return !player.channel; }

  refusal operator()(const ambience_do::play& wish) const {
    if (!wish.channel || wish.layers.empty())
      return refusal::absent;
    if (wish.layers.size() > voice_layers_max)
      return refusal::too_many;
    begin(player, wish.channel, now);
    player.layers = wish.layers;
    for (auto& layer : player.layers)
      layer.volume = percent(layer.volume, 1);
    if (wish.volume >= 0)
      player.volume = percent(wish.volume, 0);
    return refusal::none;
  }
  refusal operator()(const ambience_do::mix& wish) const {
    if (wish.layer.volume <= 0)
      return (*this)(ambience_do::drop{wish.layer.sound});
    if (silent())
      return (*this)(ambience_do::play{wish.channel, {wish.layer}, -1});
    const auto layer = ambience_layer{wish.layer.sound, percent(wish.layer.volume, 1)};
    if (const auto known = find_layer(player.layers, layer.sound); known != player.layers.end())
      *known = layer;
    else if (player.layers.size() >= voice_layers_max)
      return refusal::too_many;
    else
      player.layers.push_back(layer);
    player.paused = false;
    return refusal::none;
  }
  refusal operator()(const ambience_do::choose& wish) const {
    const auto family = family_of(wish.sound);
    auto kin = std::find_if(player.layers.begin(), player.layers.end(),
                            [&](const auto& layer) { return family_of(layer.sound) == family; });
    if (silent() || kin == player.layers.end())
      return (*this)(
          ambience_do::play{silent() ? wish.channel : player.channel, {{wish.sound, 100}}, -1});
    kin->sound = wish.sound;
    // Another layer of that family may have been the same sound.
    const auto twin = std::find_if(kin + 1, player.layers.end(),
                                   [&](const auto& layer) { return layer.sound == wish.sound; });
    if (twin != player.layers.end())
      player.layers.erase(twin);
    player.paused = false;
    return refusal::none;
  }
  refusal operator()(const ambience_do::drop& wish) const {
    if (silent())
      return refusal::silent;
    const auto known = find_layer(player.layers, wish.sound);
    if (known == player.layers.end())
      return refusal::absent;
    player.layers.erase(known);
    if (player.layers.empty())
      end(player);
    return refusal::none;
  }
  refusal operator()(const ambience_do::stop&) const {
    if (silent())
      return refusal::silent;
    end(player);
    return refusal::none;
  }
  refusal operator()(const ambience_do::pause& wish) const {
    if (silent())
      return refusal::silent;
    player.paused = wish.on;
    return refusal::none;
  }
  refusal operator()(const ambience_do::set_volume& wish) const {
    if (silent())
      return refusal::silent;
    player.volume = percent(wish.percent, 0);
    return refusal::none;
  }
  refusal operator()(const ambience_do::set_stay& wish) const {
    if (silent())
      return refusal::silent;
    player.stay = wish.on;
    return refusal::none;
  }
  refusal operator()(const ambience_do::set_sleep& wish) const {
    if (silent())
      return refusal::silent;
    player.sleep_at = wish.at;
    return refusal::none;
  }
  refusal operator()(const ambience_do::set_focus& wish) const {
    if (silent())
      return refusal::silent;
    player.focus = {};
    if (wish.work_minutes > 0)
      player.focus = {wish.work_minutes, std::max(wish.rest_minutes, 0), std::max(wish.rounds, 1),
                      now};
    return refusal::none;
  }
  refusal operator()(const ambience_do::moved& wish) const {
    if (silent())
      return refusal::silent;
    if (wish.to)
      player.channel = wish.to;
    else
      end(player);
    return refusal::none;
  }
  refusal operator()(const ambience_do::show& wish) const {
    player.message_channel = wish.channel;
    player.message = wish.message;
    return refusal::none;
  }
};

} // namespace

ambience_outcome apply(ambience_player player, const ambience_change& change, instant now) {
  auto after = player;
  const auto refused = std::visit(changing{after, now}, change);
  return {refused == refusal::none ? std::move(after) : std::move(player), refused};
}

bool fits_buttons(std::string_view sound) {
  const auto escapes = std::count_if(sound.begin(), sound.end(),
                                     [](char each) { return each == ':' || each == '%'; });
  return sound.size() + 2 * static_cast<size_t>(escapes) <= sound_id_max &&
         truncate(sound, sound_id_max) == sound; // what is broken comes back mended
}

std::string_view family_of(std::string_view sound) {
  constexpr auto file = std::string_view{"file:"};
  if (sound.substr(0, file.size()) == file) {
    sound.remove_prefix(file.size());
    return sound.substr(0, sound.find('/'));
  }
  return sound.substr(0, sound.find(':'));
}

std::string layers_text(const std::vector<ambience_layer>& layers) {
  auto list = json::array();
  for (const auto& layer : layers)
    list.push_back({layer.sound, layer.volume});
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<ambience_layer> layers_in(std::string_view text) {
  const auto list = json::parse(text, nullptr, false);
  auto layers = std::vector<ambience_layer>{};
  if (!list.is_array())
    return layers;
  for (const auto& each : list) {
    if (!each.is_array() || each.size() != 2 || !each[0].is_string() ||
        !each[1].is_number_integer())
      continue;
    const auto sound = each[0].get<std::string>();
    if (sound.empty() || !fits_buttons(sound) || layers.size() == voice_layers_max ||
        find_layer(layers, sound) != layers.end())
      continue;
    layers.push_back({sound, percent(each[1].get<int>(), 1)});
  }
  return layers;
}

focus_state focus_at(const focus_plan& plan, instant now) {
  if (plan.work_minutes <= 0 || plan.rounds <= 0)
    return {};
  const auto work = plan.work_minutes * minute_ms;
  const auto round = work + plan.rest_minutes * minute_ms;
  const auto passed = std::max<int64_t>(now.ms - plan.started.ms, 0);
  const auto index = passed / round;
  const auto within = passed % round;
  if (index >= plan.rounds || (index == plan.rounds - 1 && within >= work))
    return {};
  const auto begun = plan.started.ms + index * round;
  const auto number = static_cast<int>(index) + 1;
  if (within < work)
    return {focus_phase::work, number, {begun + work}};
  return {focus_phase::rest, number, {begun + round}};
}

} // namespace hearth
