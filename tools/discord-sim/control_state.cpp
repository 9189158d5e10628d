// What one user sees of the world: GET /sim/state and /sim/messages.
#include "discord-sim/access.hpp"
#include "discord-sim/control.hpp"
#include "discord-sim/gateway_server.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"
#include "discord-sim/post.hpp"

#include <algorithm>

namespace sim {

namespace {

/// The colours of Discord's default pictures, chosen as discord-api 5 chooses the picture.
const char* avatar_color(snowflake user) {
  constexpr const char* colors[] = {"#5865f2", "#757e8a", "#3ba55c",
                                    "#faa61a", "#ed4245", "#eb459f"};
  return colors[(user >> 22) % 6];
}

json user_part(const user& who) {
  return {{"id", id_text(who.id)},
          {"name", who.username},
          {"display_name", who.global_name.empty() ? who.username : who.global_name},
          {"bot", who.bot},
          {"locale", who.locale},
          {"avatar_color", avatar_color(who.id)}};
}

/// What somebody is in the first guild they belong to, for choosing who to be: "owner" or a role.
json title_of(const world& all, snowflake user) {
  for (const auto& [id, home] : all.guilds) {
    if (home.members.count(user) == 0)
      continue;
    if (home.owner == user)
      return "owner";
    const auto* best = static_cast<const role*>(nullptr);
    for (const auto role : home.members.at(user).roles)
      if (const auto found = home.roles.find(role);
          found != home.roles.end() && (best == nullptr || found->second.position > best->position))
        best = &found->second;
    return best == nullptr ? json{} : json(best->name);
  }
  return {};
}

json member_part(activity& a, const guild& home, const member& m) {
  const auto& shown = a.core.world.presence_of(m.user);
  json part{{"user_id", id_text(m.user)},     {"nick", m.nick.empty() ? json{} : json(m.nick)},
            {"roles", json::array()},         {"presence", shown.status},
            {"activities", shown.activities}, {"voice_channel_id", nullptr}};
  for (const auto role : m.roles)
    part["roles"].push_back(id_text(role));
  if (const auto voice = home.voice.find(m.user); voice != home.voice.end()) {
    part["voice_channel_id"] = id_text(voice->second.channel);
    part["voice"] = voice_state_json(voice->second);
  }
  return part;
}

json channels_part(activity& a, const guild& home, snowflake as) {
  auto list = json::array();
  for (const auto id : home.channels) {
    const auto* where = a.core.world.find_channel(id);
    if (where == nullptr)
      continue;
    const auto rights = rights_in(a.core, *where, as);
    if ((rights & permission::view_channel) == 0)
      continue;
    const bool voice = where->type == channel_type::voice || where->type == channel_type::stage;
    auto part = channel_json(a.core.world, *where);
    part["can_send"] = is_textual(*where) && (rights & permission::send_messages) != 0;
    part["can_connect"] = voice && (rights & permission::connect) != 0;
    list.push_back(std::move(part));
  }
  return list;
}

/// The commands that this user may use in at least one text channel of the guild.
json commands_part(activity& a, const guild& home, snowflake as) {
  auto list = json::array();
  for (const auto& [id, known] : a.core.world.commands) {
    const bool usable = std::any_of(
        home.channels.begin(), home.channels.end(), [&, &command = known](auto channel) {
          const auto* where = a.core.world.find_channel(channel);
          return where != nullptr && is_textual(*where) && may_use(a.core, command, *where, as);
        });
    if (!usable)
      continue;
    list.push_back(known.data);
    if (const auto* app = a.core.world.find_application(known.application); app != nullptr)
      list.back()["application_name"] = app->name;
  }
  return list;
}

json guild_part(activity& a, const guild& home, snowflake as) {
  json part{{"id", id_text(home.id)},
            {"name", home.name},
            {"owner_id", id_text(home.owner)},
            {"unavailable", home.unavailable},
            {"roles", json::array()},
            {"members", json::array()},
            {"emojis", json::array()},
            {"channels", channels_part(a, home, as)},
            {"commands", commands_part(a, home, as)}};
  for (const auto& [id, role] : home.roles)
    part["roles"].push_back(role_json(role));
  for (const auto& [id, member] : home.members)
    part["members"].push_back(member_part(a, home, member));
  for (const auto& [id, emoji] : home.emojis)
    part["emojis"].push_back(emoji_json(emoji));
  return part;
}

json applications_part(activity& a) {
  auto list = json::array();
  const auto sessions = a.core.gateway().sessions();
  for (const auto& [id, app] : a.core.world.applications) {
    const bool online =
        std::any_of(sessions.begin(), sessions.end(), [id = id](const session_info& session) {
          return session.application == id && session.connected;
        });
    list.push_back({{"id", id_text(id)},
                    {"name", app.name},
                    {"bot_id", id_text(app.bot)},
                    {"online", online}});
  }
  return list;
}

/// The commands that work in a direct message with a bot.
json dm_commands(activity& a, const channel& dm, snowflake as) {
  auto list = json::array();
  for (const auto& [id, known] : a.core.world.commands)
    if (may_use(a.core, known, dm, as))
      list.push_back(known.data);
  return list;
}

} // namespace

json everybody(activity& a) {
  json state{{"now_ms", a.core.clock.now()}, {"users", json::array()}};
  for (const auto& [id, who] : a.core.world.users) {
    state["users"].push_back(user_part(who));
    state["users"].back()["title"] = title_of(a.core.world, id);
  }
  return state;
}

json state_for(activity& a, snowflake as) {
  auto state = everybody(a);
  state["as"] = id_text(as);
  state["guilds"] = state["dms"] = json::array();
  state["applications"] = applications_part(a);
  for (const auto& [id, home] : a.core.world.guilds)
    if (home.members.count(as) != 0)
      state["guilds"].push_back(guild_part(a, home, as));
  for (const auto id : a.core.world.dms) {
    const auto* dm = a.core.world.find_channel(id);
    if (dm == nullptr || std::count(dm->recipients.begin(), dm->recipients.end(), as) == 0)
      continue;
    for (const auto other : dm->recipients)
      if (other != as)
        state["dms"].push_back({{"channel_id", id_text(id)},
                                {"with", id_text(other)},
                                {"commands", dm_commands(a, *dm, as)}});
  }
  return state;
}

json messages_for(activity& a, snowflake as, const channel& where, std::size_t limit,
                  snowflake before) {
  std::vector<json> newest_first;
  // Without READ_MESSAGE_HISTORY a channel looks empty (discord-api 16).
  const bool reads = (rights_in(a.core, where, as) & permission::read_history) != 0;
  for (auto it = where.messages.rbegin(); reads && it != where.messages.rend(); ++it) {
    const auto& m = it->second;
    if (newest_first.size() >= limit)
      break;
    if ((before != 0 && m.id >= before) || (m.ephemeral && m.shown_to != as))
      continue;
    newest_first.push_back(message_view(a, m, as));
    if (m.ephemeral)
      newest_first.back()["ephemeral"] = true;
  }
  std::reverse(newest_first.begin(), newest_first.end());
  return newest_first;
}

} // namespace sim
