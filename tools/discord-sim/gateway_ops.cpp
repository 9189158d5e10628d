// What an identified client may ask for: ops 3, 4, 31 and 43 (discord-api 1.3).
#include "discord-sim/gateway_hub.hpp"
#include "discord-sim/voice.hpp"

namespace sim {

namespace {

// Presence updates (1.1): more are ignored (assumed).
constexpr std::size_t presences_max = 5;
constexpr std::chrono::seconds presences_window{20};

bool is_status(const std::string& text) {
  return text == "online" || text == "idle" || text == "dnd" || text == "invisible" ||
         text == "offline";
}

bool is_activity(const json& a) {
  if (!a.is_object() || !a.contains("name") || !a["name"].is_string())
    return false;
  const auto type = a.value("type", json(0));
  return type.is_number_unsigned() && type.get<std::uint64_t>() <= 5;
}

} // namespace

// Presence as a bot sends it (1.5): only name, type, url, state of an activity are kept. Nothing
// when it is malformed.
std::optional<presence> bot_presence(const json& d, unix_ms now) {
  if (!d.is_object())
    return std::nullopt;
  const auto status = d.find("status");
  if (status == d.end() || !status->is_string() || !is_status(status->get<std::string>()))
    return std::nullopt;
  presence out;
  out.status = status->get<std::string>();
  // Others see an invisible user as offline.
  if (out.status == "invisible")
    out.status = "offline";
  const auto activities = d.find("activities");
  if (activities != d.end() && activities->is_array())
    for (const auto& a : *activities) {
      if (!is_activity(a))
        return std::nullopt;
      json kept{{"id", "custom"}, {"created_at", now}, {"type", 0}};
      for (const char* key : {"name", "type", "url", "state"})
        if (a.contains(key))
          kept[key] = a[key];
      out.activities.push_back(std::move(kept));
    }
  if (out.status != "offline")
    out.client_status["web"] = out.status;
  return out;
}

void gateway_connection::update_presence(const json& d) {
  auto value = bot_presence(d, hub_.world_core().clock.now());
  if (!value) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  auto& times = session_->presence_times;
  const auto now = steady::now();
  times.push_back(now);
  while (times.front() + presences_window <= now)
    times.pop_front();
  if (times.size() <= presences_max)
    set_presence(hub_.world_core(), session_->bot, std::move(*value));
}

void gateway_connection::update_voice(const json& d) {
  const auto guild_id = d.contains("guild_id") ? parse_id(d["guild_id"]) : std::nullopt;
  if (!guild_id || !d.contains("channel_id")) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  voice_wish wish;
  if (!d["channel_id"].is_null()) {
    const auto channel_id = parse_id(d["channel_id"]);
    if (!channel_id)
      return; // unknown channel: silence (6)
    wish.channel = *channel_id;
  }
  wish.self_mute = d.value("self_mute", json(false)) == json(true);
  wish.self_deaf = d.value("self_deaf", json(false)) == json(true);
  wish.self_video = d.value("self_video", json(false)) == json(true);
  change_voice(hub_.world_core(), *guild_id, session_->bot, wish);
}

// Op 31 (1.3): the simulated guilds have no sounds.
void gateway_connection::request_sounds(const json& d) {
  const auto ids = d.find("guild_ids");
  if (ids == d.end() || !ids->is_array()) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  for (const auto& value : *ids) {
    const auto id = parse_id(value);
    if (id && hub_.world_core().world.find_member(*id, session_->bot) && session_->covers(*id))
      hub_.deliver(*session_, "SOUNDBOARD_SOUNDS",
                   {{"guild_id", id_text(*id)}, {"soundboard_sounds", json::array()}});
  }
}

// Op 43 (1.3, 1.14).
void gateway_connection::request_channel_info(const json& d) {
  auto& w = hub_.world_core().world;
  const auto id = d.contains("guild_id") ? parse_id(d["guild_id"]) : std::nullopt;
  const auto* g = id ? w.find_guild(*id) : nullptr;
  if (!g || g->members.count(session_->bot) == 0)
    return;
  auto channels = json::array();
  for (const auto channel_id : g->channels)
    if (const auto* c = w.find_channel(channel_id); c && c->type == channel_type::voice)
      channels.push_back(
          {{"id", id_text(channel_id)}, {"status", nullptr}, {"voice_start_time", nullptr}});
  hub_.deliver(*session_, "CHANNEL_INFO",
               {{"guild_id", id_text(*id)}, {"channels", std::move(channels)}});
}

} // namespace sim
