// What people do in guilds and voice: POST /sim/act voice_join, presence, set_roles, kick, ...
#include "discord-sim/control.hpp"
#include "discord-sim/route_help.hpp"
#include "discord-sim/voice.hpp"
#include "discord-sim/voice_server.hpp"

#include <algorithm>

namespace sim {

namespace {

/// The user's voice state anywhere; nullptr when in no voice channel.
voice_state* voice_of(const act_call& act) {
  for (auto& [id, home] : act.a.core.world.guilds)
    if (const auto found = home.voice.find(act.who.id); found != home.voice.end())
      return &found->second;
  return nullptr;
}

voice_wish wish_of(const act_call& act, snowflake channel, const voice_state* now) {
  voice_wish wish;
  wish.channel = channel;
  wish.self_mute = act.flag("self_mute", now != nullptr && now->self_mute);
  wish.self_deaf = act.flag("self_deaf", now != nullptr && now->self_deaf);
  wish.self_video = act.flag("self_video", now != nullptr && now->self_video);
  wish.self_stream = act.flag("self_stream", now != nullptr && now->self_stream);
  return wish;
}

act_result voice_join(const act_call& act) {
  const auto& where = act.where();
  const auto* now = voice_of(act);
  // One is in one voice channel at a time over all guilds.
  if (now != nullptr && now->guild != where.guild)
    change_voice(act.a.core, now->guild, act.who.id, {});
  if (!change_voice(act.a.core, where.guild, act.who.id, wish_of(act, where.id, voice_of(act))))
    throw control_error{403, "This user cannot join that channel: it is no voice channel, full, or "
                             "the right to connect is missing."};
  return {};
}

act_result voice_leave(const act_call& act) {
  const auto* now = voice_of(act);
  if (now == nullptr)
    throw control_error{409, "This user is in no voice channel."};
  change_voice(act.a.core, now->guild, act.who.id, {});
  return {};
}

act_result voice_flags(const act_call& act) {
  const auto* now = voice_of(act);
  if (now == nullptr)
    throw control_error{409, "This user is in no voice channel."};
  if (!change_voice(act.a.core, now->guild, act.who.id, wish_of(act, now->channel, now)))
    throw control_error{403, "The voice channel did not take the change."};
  return {};
}

/// A tone, said by the person's voice client.
act_result voice_speak(const act_call& act) {
  constexpr std::int64_t ms_max = 60000;
  const auto ms = act.at("ms");
  const auto hz = act.body.value("hz", json(440));
  if (!ms.is_number_integer() || ms < 20 || ms > ms_max || !hz.is_number() || hz < 50 || hz > 10000)
    throw control_error{400, "ms must be between 20 and 60000, hz between 50 and 10000."};
  if (!act.a.core.voice().speak(act.who.id, hz.get<double>(),
                                std::chrono::milliseconds{ms.get<std::int64_t>()}))
    throw control_error{409, "This user is in no voice channel with a bot in it."};
  return {};
}

act_result change_presence(const act_call& act) {
  presence value = act.a.core.world.presence_of(act.who.id);
  value.status = act.text_or("status", value.status);
  const auto known = {"online", "idle", "dnd", "offline", "invisible"};
  if (std::find(known.begin(), known.end(), value.status) == known.end())
    throw control_error{400, "status must be online, idle, dnd, invisible or offline."};
  if (value.status == "invisible")
    value.status = "offline"; // what others see
  if (act.has("activities"))
    value.activities = act.at("activities");
  if (!value.activities.is_array())
    throw control_error{400, "activities must be a list."};
  value.client_status = act.has("client_status") ? act.at("client_status") : json::object();
  if (value.status != "offline" && value.client_status.empty())
    value.client_status["desktop"] = value.status;
  set_presence(act.a.core, act.who.id, std::move(value));
  return {};
}

act_result join(const act_call& act) {
  auto* home = act.a.core.world.find_guild(act.id("guild_id"));
  if (home == nullptr)
    throw control_error{404, "There is no such guild."};
  if (home->bans.count(act.who.id) != 0)
    throw control_error{403, "This user is banned there."};
  if (!join_guild(act.a.core, *home, act.who.id))
    throw control_error{409, "This user is a member already."};
  return {};
}

act_result leave(const act_call& act) {
  auto& home = act.home();
  if (home.owner == act.who.id)
    throw control_error{403, "The owner cannot leave."};
  leave_guild(act.a.core, home, act.who.id);
  return {};
}

/// The other member of `user_id`, whom the actor outranks.
member& subject(const act_call& act, guild& home) {
  auto* other = act.a.core.world.find_member(home.id, act.id("user_id"));
  if (other == nullptr)
    throw control_error{404, "There is no such member."};
  if (other->user != act.who.id && !outranks(home, act.who.id, other->user))
    throw control_error{403, "This user does not outrank the other."};
  return *other;
}

void require(const act_call& act, const guild& home, std::uint64_t bits, const char* sentence) {
  const auto rights = effective_guild_permissions(home, act.who.id, act.a.core.clock.now());
  if ((rights & bits) != bits)
    throw control_error{403, sentence};
}

act_result set_roles(const act_call& act) {
  auto& home = act.home();
  require(act, home, permission::manage_roles, "This user may not manage roles.");
  auto& other = subject(act, home);
  std::vector<snowflake> roles;
  if (!act.at("roles").is_array())
    throw control_error{400, "roles must be a list of ids."};
  const auto top = top_role(home, act.who.id);
  for (const auto& value : act.at("roles")) {
    const auto id = parse_id(value).value_or(0);
    const auto role = home.roles.find(id);
    if (role == home.roles.end() || id == home.id)
      throw control_error{404, "There is no such role to give."};
    roles.push_back(id);
  }
  // Every role given or taken must be below one's own.
  for (const auto& [id, role] : home.roles) {
    const bool had = std::count(other.roles.begin(), other.roles.end(), id) != 0;
    const bool has = std::count(roles.begin(), roles.end(), id) != 0;
    if (had != has && home.owner != act.who.id && !higher(top, {role.position, id}))
      throw control_error{403, "A role is not below this user's own."};
    if (had != has && role.managed)
      throw control_error{403, "A managed role cannot be given or taken."};
  }
  other.roles = std::move(roles);
  dispatch_member(act.a.core, home, other);
  return {};
}

act_result kick(const act_call& act) {
  auto& home = act.home();
  require(act, home, permission::kick_members, "This user may not kick.");
  const auto id = subject(act, home).user;
  if (id == home.owner)
    throw control_error{403, "The owner cannot be kicked."};
  leave_guild(act.a.core, home, id);
  return {};
}

} // namespace

act_handler member_act(std::string_view type) {
  static const std::map<std::string_view, act_handler> handlers{
      {"voice_join", voice_join},
      {"voice_leave", voice_leave},
      {"voice_flags", voice_flags},
      {"voice_speak", voice_speak},
      {"presence", change_presence},
      {"join_guild", join},
      {"leave_guild", leave},
      {"set_roles", set_roles},
      {"kick", kick},
      {"set_command_permissions", set_command_permissions}};
  const auto found = handlers.find(type);
  return found == handlers.end() ? nullptr : found->second;
}

} // namespace sim
