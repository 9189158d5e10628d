#include "discord-sim/voice.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"
#include "discord-sim/voice_server.hpp"
#include <algorithm>

namespace sim {

namespace {

std::size_t people_in(const guild& g, snowflake channel) {
  return static_cast<std::size_t>(
      std::count_if(g.voice.begin(), g.voice.end(),
                    [channel](const auto& v) { return v.second.channel == channel; }));
}

// Puts the user into a channel, or out of voice (0), and tells everybody.
void place(core& c, guild& g, snowflake user, snowflake channel_id, const voice_wish& wish) {
  const auto old = g.voice.find(user);
  if (channel_id == 0) {
    if (old == g.voice.end())
      return;
    auto gone = old->second;
    gone.channel = 0;
    g.voice.erase(old);
    dispatch_voice_state(c, g.id, gone);
    c.voice().depart(g.id, user);
    return;
  }
  const bool moved = old == g.voice.end() || old->second.channel != channel_id;
  auto& state = g.voice[user];
  const auto& target = c.world.channels.at(channel_id);
  const auto& m = g.members.at(user);
  state.user = user;
  state.guild = g.id;
  state.channel = channel_id;
  if (state.session_id.empty())
    state.session_id = c.random_hex(16);
  state.mute = m.mute;
  state.deaf = m.deaf;
  state.self_mute = wish.self_mute;
  state.self_deaf = wish.self_deaf;
  state.self_video = wish.self_video;
  state.self_stream = wish.self_stream;
  if (moved) {
    state.request_to_speak = 0;
    // One joins a stage suppressed (6), and a channel where one may not speak (assumed).
    state.suppress =
        target.type == channel_type::stage ||
        (effective_permissions(c.world, target, user, c.clock.now()) & permission::speak) == 0;
  }
  dispatch_voice_state(c, g.id, state);
  if (!moved)
    return;
  if (c.world.application_of_bot(user))
    dispatch_voice_server(c, state);
  else
    c.voice().seat(state);
}

} // namespace

void dispatch_voice_server(core& c, const voice_state& state) {
  const auto* app = c.world.application_of_bot(state.user);
  if (!app)
    return;
  const auto ticket = c.voice().admit(state);
  event e;
  e.type = "VOICE_SERVER_UPDATE";
  e.guild = state.guild;
  e.only_app = app->id;
  e.to_people = false;
  e.data = {{"token", ticket.token},
            {"guild_id", id_text(state.guild)},
            {"endpoint", ticket.endpoint.empty() ? json() : json(ticket.endpoint)}};
  c.events().send(std::move(e));
}

void dispatch_voice_state(core& c, snowflake guild_id, const voice_state& state) {
  event e;
  e.type = "VOICE_STATE_UPDATE";
  e.guild = guild_id;
  e.intents = intent::voice_states;
  e.data = voice_state_json(state);
  e.data["guild_id"] = id_text(guild_id);
  if (const auto* m = c.world.find_member(guild_id, state.user))
    e.data["member"] = member_json(c.world, *m);
  c.events().send(std::move(e));
}

bool change_voice(core& c, snowflake guild_id, snowflake user, const voice_wish& wish) {
  auto* g = c.world.find_guild(guild_id);
  if (!g || g->members.count(user) == 0)
    return false;
  if (wish.channel == 0) {
    place(c, *g, user, 0, wish);
    return true;
  }
  const auto* target = c.world.find_channel(wish.channel);
  if (!target || target->guild != guild_id ||
      (target->type != channel_type::voice && target->type != channel_type::stage))
    return false;
  const auto rights = effective_permissions(c.world, *target, user, c.clock.now());
  if ((rights & permission::view_channel) == 0 || (rights & permission::connect) == 0)
    return false;
  const auto now = g->voice.find(user);
  const bool inside = now != g->voice.end() && now->second.channel == wish.channel;
  // A full channel takes only those who may move members (6).
  if (!inside && target->user_limit > 0 && (rights & permission::move_members) == 0 &&
      people_in(*g, wish.channel) >= static_cast<std::size_t>(target->user_limit))
    return false;
  place(c, *g, user, wish.channel, wish);
  return true;
}

void move_voice(core& c, snowflake guild_id, snowflake user, snowflake channel_id) {
  auto* g = c.world.find_guild(guild_id);
  const auto state = g ? g->voice.find(user) : decltype(g->voice.find(user)){};
  if (!g || state == g->voice.end())
    return;
  voice_wish same;
  same.self_mute = state->second.self_mute;
  same.self_deaf = state->second.self_deaf;
  same.self_video = state->second.self_video;
  same.self_stream = state->second.self_stream;
  place(c, *g, user, channel_id, same);
}

void set_presence(core& c, snowflake user, presence value) {
  const auto& now = c.world.presences[user] = std::move(value);
  for (const auto& [id, g] : c.world.guilds) {
    if (g.members.count(user) == 0)
      continue;
    event e;
    e.type = "PRESENCE_UPDATE";
    e.guild = id;
    e.intents = intent::presences;
    e.data = presence_json(user, now);
    e.data["guild_id"] = id_text(id);
    c.events().send(std::move(e));
  }
}

} // namespace sim
