#include "discord-sim/route_help.hpp"
#include "discord-sim/gateway_server.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/voice.hpp"
#include "discord-sim/voice_server.hpp"
#include <algorithm>

namespace sim {

guild& guild_of(rest_call& call) {
  auto* g = call.core.world.find_guild(call.id("guild"));
  if (!g)
    throw fail(10004);
  if (g->members.count(call.self()) == 0)
    throw fail(50001);
  return *g;
}

channel& channel_of(rest_call& call) {
  auto* c = call.core.world.find_channel(call.id("channel"));
  if (!c)
    throw fail(10003);
  require_view(call, *c);
  return *c;
}

void require_view(rest_call& call, const channel& c) {
  if ((effective_permissions(call.core.world, c, call.self(), call.core.clock.now()) &
       permission::view_channel) == 0)
    throw fail(50001);
}

guild& guild_with(rest_call& call, const channel& c) {
  if (c.guild == 0)
    throw fail(50024);
  return call.core.world.guilds.at(c.guild);
}

member& member_of(rest_call& call, guild& g) {
  const auto id = call.id("user");
  if (!call.core.world.find_user(id))
    throw fail(10013);
  const auto it = g.members.find(id);
  if (it == g.members.end())
    throw fail(10007);
  return it->second;
}

role& role_of(rest_call& call, guild& g) {
  const auto it = g.roles.find(call.id("role"));
  if (it == g.roles.end())
    throw fail(10011);
  return it->second;
}

void require(rest_call& call, const guild& g, std::uint64_t bits) {
  if ((effective_guild_permissions(g, call.self(), call.core.clock.now()) & bits) != bits)
    throw fail(50013);
}

void require(rest_call& call, const channel& c, std::uint64_t bits) {
  const auto rights = effective_permissions(call.core.world, c, call.self(), call.core.clock.now());
  if ((rights & bits) != bits)
    throw fail(50013);
}

void dispatch_channel(core& c, std::string_view type, const channel& value) {
  event e;
  e.type = std::string(type);
  e.guild = value.guild;
  e.intents = intent::guilds;
  // Bots hear of all channels, also those they cannot see (assumed, as clients show); people only
  // of what they see. A deleted channel cannot be looked up any more.
  e.data = channel_json(c.world, value);
  c.events().send(std::move(e));
}

void dispatch_member(core& c, const guild& g, const member& m) {
  event e;
  e.type = "GUILD_MEMBER_UPDATE";
  e.guild = g.id;
  e.intents = intent::members;
  e.always_to = m.user;
  e.data = member_json(c.world, m);
  e.data["guild_id"] = id_text(g.id);
  c.events().send(std::move(e));
}

void dispatch_role(core& c, std::string_view type, const guild& g, const role& r) {
  event e;
  e.type = std::string(type);
  e.guild = g.id;
  e.intents = intent::guilds;
  e.data = {{"guild_id", id_text(g.id)}, {"role", role_json(r)}};
  c.events().send(std::move(e));
}

void dispatch_guild(core& c, const guild& g) {
  event e;
  e.type = "GUILD_UPDATE";
  e.guild = g.id;
  e.intents = intent::guilds;
  e.data = guild_json(c.world, g);
  c.events().send(std::move(e));
}

void audit(rest_call& call, guild& g, int action, snowflake target, json extra) {
  // Discord keeps 45 days; the simulator what a test can look at.
  constexpr std::size_t entries_max = 1000;
  json entry{{"id", id_text(call.core.new_id())},
             {"action_type", action},
             {"user_id", id_text(call.self())},
             {"target_id", id_or_null(target)}};
  entry.update(extra);
  if (const auto reason = call.reason(); !reason.empty())
    entry["reason"] = reason;
  if (g.audit_log.size() == entries_max)
    g.audit_log.erase(g.audit_log.begin());
  g.audit_log.push_back(entry);
  event e;
  e.type = "GUILD_AUDIT_LOG_ENTRY_CREATE";
  e.guild = g.id;
  e.intents = intent::moderation;
  e.permissions = permission::view_audit_log;
  e.to_people = false;
  entry["guild_id"] = id_text(g.id);
  e.data = std::move(entry);
  call.core.events().send(std::move(e));
}

bool join_guild(core& c, guild& g, snowflake user, std::vector<snowflake> roles) {
  if (!c.world.find_user(user) || g.members.count(user) != 0)
    return false;
  auto& m = g.members[user];
  m.user = user;
  m.roles = std::move(roles);
  m.joined_at = c.clock.now();
  event e;
  e.type = "GUILD_MEMBER_ADD";
  e.guild = g.id;
  e.intents = intent::members;
  e.data = member_json(c.world, m);
  e.data["guild_id"] = id_text(g.id);
  if (const auto* app = c.world.application_of_bot(user))
    c.gateway().announce_guild(g.id, app->id);
  c.events().send(std::move(e));
  return true;
}

bool leave_guild(core& c, guild& g, snowflake user) {
  if (g.members.count(user) == 0)
    return false;
  move_voice(c, g.id, user, 0);
  g.members.erase(user);
  if (const auto* app = c.world.application_of_bot(user))
    c.gateway().forget_guild(g.id, app->id);
  event e;
  e.type = "GUILD_MEMBER_REMOVE";
  e.guild = g.id;
  e.intents = intent::members;
  e.data = {{"guild_id", id_text(g.id)}, {"user", user_json(*c.world.find_user(user))}};
  c.events().send(std::move(e));
  return true;
}

namespace {

void delete_thread(core& c, const channel& thread) {
  event e;
  e.type = "THREAD_DELETE";
  e.guild = thread.guild;
  e.intents = intent::guilds;
  e.data = {{"id", id_text(thread.id)},
            {"guild_id", id_text(thread.guild)},
            {"parent_id", id_text(thread.parent)},
            {"type", static_cast<int>(thread.type)}};
  c.world.channels.erase(thread.id);
  c.events().send(std::move(e));
}

} // namespace

void delete_channel(core& c, snowflake id) {
  auto* value = c.world.find_channel(id);
  if (!value || value->guild == 0)
    return;
  auto& g = c.world.guilds.at(value->guild);
  if (value->creator != 0) {
    delete_thread(c, *value);
    return;
  }
  std::vector<snowflake> threads;
  for (const auto& [other, below] : c.world.channels)
    if (below.parent == id && below.creator != 0)
      threads.push_back(other);
  for (const auto thread : threads)
    delete_thread(c, c.world.channels.at(thread));
  // Webhooks go with their channel.
  for (auto it = c.world.webhooks.begin(); it != c.world.webhooks.end();)
    it = it->second.channel == id ? c.world.webhooks.erase(it) : std::next(it);
  // Everybody in it falls out of voice first.
  c.voice().delete_channel(id);
  const auto voice = g.voice;
  for (const auto& [user, state] : voice)
    if (state.channel == id)
      move_voice(c, g.id, user, 0);
  // Channels of a deleted category stay, without a parent.
  for (const auto other : g.channels)
    if (auto* child = c.world.find_channel(other); child && child->parent == id) {
      child->parent = 0;
      dispatch_channel(c, "CHANNEL_UPDATE", *child);
    }
  g.channels.erase(std::remove(g.channels.begin(), g.channels.end(), id), g.channels.end());
  const auto gone = *value;
  c.world.channels.erase(id);
  dispatch_channel(c, "CHANNEL_DELETE", gone);
}

} // namespace sim
