#include "discord-sim/form_fields.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/route_help.hpp"
#include "discord-sim/routes.hpp"
#include <algorithm>

namespace sim {

namespace {

std::size_t online_in(const core& c, const guild& g) {
  return static_cast<std::size_t>(
      std::count_if(g.members.begin(), g.members.end(), [&c](const auto& m) {
        return c.world.presence_of(m.first).status != "offline";
      }));
}

// GET guild of a guild the bot is not in: 10004 (15.3).
guild& visible_guild(rest_call& call) {
  auto* g = call.core.world.find_guild(call.id("guild"));
  if (!g || g->members.count(call.self()) == 0)
    throw fail(10004);
  return *g;
}

http_response get_guild(rest_call& call) {
  const auto& g = visible_guild(call);
  auto out = guild_json(call.core.world, g);
  if (call.query_flag("with_counts")) {
    out["approximate_member_count"] = g.members.size();
    out["approximate_presence_count"] = online_in(call.core, g);
  }
  return http_response::of(200, out);
}

http_response get_preview(rest_call& call) {
  const auto& g = visible_guild(call);
  const auto whole = guild_json(call.core.world, g);
  json out;
  for (const char* key : {"id", "name", "icon", "splash", "discovery_splash", "emojis", "features",
                          "description", "stickers"})
    out[key] = whole[key];
  out["approximate_member_count"] = g.members.size();
  out["approximate_presence_count"] = online_in(call.core, g);
  return http_response::of(200, out);
}

// A channel id of this guild and of one of the types; 0 for null.
snowflake channel_field(rest_call& call, const guild& g, const form_fields& fields, const char* key,
                        channel_type type) {
  const auto id = fields.snowflake(key).value_or(0);
  if (id == 0)
    return 0;
  const auto* c = call.core.world.find_channel(id);
  if (!c || c->guild != g.id || c->type != type)
    throw fail(10003);
  return id;
}

http_response patch_guild(rest_call& call) {
  auto& g = guild_of(call);
  const auto& body = call.object();
  form_errors errors;
  const form_fields fields(body, {}, errors);
  const auto name = fields.text("name", {2, 100});
  const auto description = fields.text("description", {0, 300});
  const auto locale = fields.text("preferred_locale");
  const auto timeout = fields.integer("afk_timeout", {60, 3600});
  check(errors);
  require(call, g, permission::manage_guild);
  const auto afk = channel_field(call, g, fields, "afk_channel_id", channel_type::voice);
  const auto system = channel_field(call, g, fields, "system_channel_id", channel_type::text);
  g.name = name.value_or(g.name);
  g.locale = locale.value_or(g.locale);
  g.afk_timeout = static_cast<int>(timeout.value_or(g.afk_timeout));
  // Null clears these, an absent key leaves them.
  if (body.contains("description"))
    g.description = description.value_or("");
  if (body.contains("afk_channel_id"))
    g.afk_channel = afk;
  if (body.contains("system_channel_id"))
    g.system_channel = system;
  audit(call, g, 1, g.id);
  dispatch_guild(call.core, g);
  return http_response::of(200, guild_json(call.core.world, g));
}

http_response get_emojis(rest_call& call) {
  auto out = json::array();
  for (const auto& [id, e] : guild_of(call).emojis)
    out.push_back(emoji_json(e));
  return http_response::of(200, out);
}

http_response get_emoji(rest_call& call) {
  const auto& emojis = guild_of(call).emojis;
  const auto it = emojis.find(call.id("emoji"));
  if (it == emojis.end())
    throw api_error{404, 10014, "Unknown Emoji"};
  return http_response::of(200, emoji_json(it->second));
}

http_response get_audit_log(rest_call& call) {
  auto& g = guild_of(call);
  const auto limit = call.query_int("limit", 50, 1, 100);
  const auto action = call.query_int("action_type", -1, 0, 1000);
  require(call, g, permission::view_audit_log);
  auto entries = json::array();
  auto users = json::array();
  std::set<snowflake> seen;
  // Newest first (16 "(9 audit log)").
  for (auto it = g.audit_log.rbegin(); it != g.audit_log.rend(); ++it) {
    if (static_cast<std::int64_t>(entries.size()) == limit)
      break;
    if (action >= 0 && (*it)["action_type"] != action)
      continue;
    entries.push_back(*it);
    const auto actor = parse_id((*it)["user_id"]).value_or(0);
    if (const auto* u = call.core.world.find_user(actor); u && seen.insert(actor).second)
      users.push_back(user_json(*u));
  }
  json out{{"audit_log_entries", std::move(entries)}, {"users", std::move(users)}};
  for (const char* key : {"application_commands", "auto_moderation_rules", "guild_scheduled_events",
                          "integrations", "threads", "webhooks"})
    out[key] = json::array();
  return http_response::of(200, out);
}

http_response get_active_threads(rest_call& call) {
  const auto& g = guild_of(call);
  return http_response::of(200, {{"threads", threads_json(call.core.world, g, call.self())},
                                 {"members", json::array()}});
}

json ban_json(const user& u, const ban& b) {
  return {{"user", user_json(u)}, {"reason", b.reason.empty() ? json(nullptr) : json(b.reason)}};
}

http_response get_bans(rest_call& call) {
  auto& g = guild_of(call);
  require(call, g, permission::ban_members);
  auto out = json::array();
  for (const auto& [id, b] : g.bans)
    out.push_back(ban_json(*call.core.world.find_user(id), b));
  return http_response::of(200, out);
}

http_response get_ban(rest_call& call) {
  auto& g = guild_of(call);
  require(call, g, permission::ban_members);
  const auto it = g.bans.find(call.id("user"));
  if (it == g.bans.end())
    throw fail(10026);
  return http_response::of(200, ban_json(*call.core.world.find_user(it->first), it->second));
}

// Deletes what a banned user wrote since `since` and dispatches MESSAGE_DELETE_BULK per channel.
void delete_messages(core& c, const guild& g, snowflake author, unix_ms since) {
  for (const auto channel_id : g.channels) {
    auto& messages = c.world.channels.at(channel_id).messages;
    auto ids = json::array();
    for (auto it = messages.begin(); it != messages.end();) {
      if (it->second.author == author && time_of(it->first) >= since) {
        ids.push_back(id_text(it->first));
        it = messages.erase(it);
      } else {
        ++it;
      }
    }
    if (ids.empty())
      continue;
    event e;
    e.type = "MESSAGE_DELETE_BULK";
    e.guild = g.id;
    e.channel = channel_id;
    e.intents = intent::messages;
    e.data = {{"ids", ids}, {"channel_id", id_text(channel_id)}, {"guild_id", id_text(g.id)}};
    c.events().send(std::move(e));
  }
}

void dispatch_ban(core& c, const guild& g, const char* type, snowflake user_id) {
  event e;
  e.type = type;
  e.guild = g.id;
  e.intents = intent::moderation;
  e.permissions = permission::ban_members;
  e.to_people = false;
  e.data = {{"guild_id", id_text(g.id)}, {"user", user_json(*c.world.find_user(user_id))}};
  c.events().send(std::move(e));
}

http_response put_ban(rest_call& call) {
  auto& g = guild_of(call);
  const auto user_id = call.id("user");
  if (!call.core.world.find_user(user_id))
    throw fail(10013);
  form_errors errors;
  const form_fields fields(call.object(), {}, errors);
  const auto seconds = fields.integer("delete_message_seconds", {0, 604800}).value_or(0);
  check(errors);
  require(call, g, permission::ban_members);
  if (g.members.count(user_id) != 0 && !outranks(g, call.self(), user_id))
    throw fail(50013);
  g.bans[user_id].reason = call.reason();
  leave_guild(call.core, g, user_id);
  dispatch_ban(call.core, g, "GUILD_BAN_ADD", user_id);
  audit(call, g, 22, user_id);
  if (seconds > 0)
    delete_messages(call.core, g, user_id, call.core.clock.now() - seconds * 1000);
  return http_response::none();
}

http_response delete_ban(rest_call& call) {
  auto& g = guild_of(call);
  require(call, g, permission::ban_members);
  if (g.bans.erase(call.id("user")) == 0)
    throw fail(10026);
  dispatch_ban(call.core, g, "GUILD_BAN_REMOVE", call.id("user"));
  audit(call, g, 23, call.id("user"));
  return http_response::none();
}

} // namespace

void add_guild_routes(core& c) {
  c.api.add("GET", "/guilds/{guild}", get_guild);
  c.api.add("PATCH", "/guilds/{guild}", patch_guild);
  c.api.add("GET", "/guilds/{guild}/preview", get_preview);
  c.api.add("GET", "/guilds/{guild}/emojis", get_emojis);
  c.api.add("GET", "/guilds/{guild}/emojis/{emoji}", get_emoji);
  c.api.add("GET", "/guilds/{guild}/audit-logs", get_audit_log);
  c.api.add("GET", "/guilds/{guild}/threads/active", get_active_threads);
  c.api.add("GET", "/guilds/{guild}/bans", get_bans);
  c.api.add("GET", "/guilds/{guild}/bans/{user}", get_ban);
  c.api.add("PUT", "/guilds/{guild}/bans/{user}", put_ban);
  c.api.add("DELETE", "/guilds/{guild}/bans/{user}", delete_ban);
}

} // namespace sim
