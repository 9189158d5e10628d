#include "discord-sim/form_fields.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/route_help.hpp"
#include "discord-sim/routes.hpp"
#include "discord-sim/voice.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr unix_ms timeout_ms_max = 28ll * 24 * 3600 * 1000;

http_response get_members(rest_call& call) {
  auto& g = guild_of(call);
  // The portal switch gates it (1.6, 15.3).
  if (!call.app->members_intent)
    throw fail(50001);
  // The default is 1 (16 "(2.1/2.6)").
  const auto limit = call.query_int("limit", 1, 1, 1000);
  const auto after = call.query_id("after");
  auto out = json::array();
  for (auto it = g.members.upper_bound(after);
       it != g.members.end() && static_cast<std::int64_t>(out.size()) < limit; ++it)
    out.push_back(member_json(call.core.world, it->second));
  return http_response::of(200, out);
}

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + 32);
  return text;
}

http_response search_members(rest_call& call) {
  auto& g = guild_of(call);
  const auto limit = call.query_int("limit", 1, 1, 1000);
  const auto query = call.query("query");
  if (!query)
    throw form_error("query", "BASE_TYPE_REQUIRED", "This field is required");
  const auto prefix = lower(std::string(*query));
  auto out = json::array();
  for (const auto& [id, m] : g.members) {
    if (static_cast<std::int64_t>(out.size()) == limit)
      break;
    const auto& u = *call.core.world.find_user(id);
    const auto starts = [&prefix](const std::string& name) {
      return lower(name).compare(0, prefix.size(), prefix) == 0;
    };
    if (starts(u.username) || starts(u.global_name) || starts(m.nick))
      out.push_back(member_json(call.core.world, m));
  }
  return http_response::of(200, out);
}

http_response get_member(rest_call& call) {
  return http_response::of(200, member_json(call.core.world, member_of(call, guild_of(call))));
}

// What a PATCH of a member asks for; absent = unchanged.
struct member_change {
  std::optional<std::string> nick;
  std::optional<std::vector<snowflake>> roles;
  std::optional<bool> mute, deaf;
  std::optional<snowflake> channel; ///< 0: disconnect
  std::optional<unix_ms> timeout;   ///< 0: lift
};

member_change read_change(rest_call& call) {
  const auto& body = call.object();
  form_errors errors;
  const form_fields fields(body, {}, errors);
  member_change change;
  if (body.contains("nick"))
    change.nick = fields.text("nick", {0, 32}).value_or("");
  if (body.contains("roles")) {
    change.roles.emplace();
    if (const auto* list = fields.list("roles"))
      for (std::size_t i = 0; i < list->size(); ++i) {
        const auto id = parse_id((*list)[i]);
        if (!id)
          errors.not_a(form_path() / "roles" / i, (*list)[i].dump(), "snowflake");
        else if (std::count(change.roles->begin(), change.roles->end(), *id) == 0)
          change.roles->push_back(*id);
      }
  }
  change.mute = fields.boolean("mute");
  change.deaf = fields.boolean("deaf");
  if (body.contains("channel_id"))
    change.channel = fields.snowflake("channel_id").value_or(0);
  if (body.contains("communication_disabled_until")) {
    const auto text = fields.text("communication_disabled_until").value_or("");
    const auto until = text.empty() ? std::optional<unix_ms>(0) : parse_iso_time(text);
    if (!until)
      errors.add(form_path() / "communication_disabled_until", "DATE_TIME_TYPE_PARSE",
                 "Could not parse " + text + ". Should be ISO8601.");
    else if (*until > call.core.clock.now() + timeout_ms_max)
      // Text assumed.
      errors.add(form_path() / "communication_disabled_until",
                 "INVALID_COMMUNICATION_DISABLED_TIMESTAMP",
                 "Timestamp must be within 28 days from now.");
    change.timeout = until;
  }
  check(errors);
  return change;
}

// Roles that are added or taken away must be below the caller's, and not managed (5).
void check_roles(rest_call& call, const guild& g, const member& m,
                 const std::vector<snowflake>& wanted) {
  require(call, g, permission::manage_roles);
  const auto top = top_role(g, call.self());
  const auto changes = [&](const std::vector<snowflake>& from, const std::vector<snowflake>& to) {
    for (const auto id : from) {
      if (std::find(to.begin(), to.end(), id) != to.end())
        continue;
      const auto r = g.roles.find(id);
      if (r == g.roles.end())
        throw fail(50028);
      if (r->second.managed || id == g.id ||
          (g.owner != call.self() && !higher(top, {r->second.position, id})))
        throw fail(50013);
    }
  };
  changes(wanted, m.roles);
  changes(m.roles, wanted);
}

void check_voice(rest_call& call, const guild& g, const member& m, const member_change& change) {
  if (!change.mute && !change.deaf && !change.channel)
    return;
  if (change.mute)
    require(call, g, permission::mute_members);
  if (change.deaf)
    require(call, g, permission::deafen_members);
  if (change.channel) {
    require(call, g, permission::move_members);
    if (*change.channel != 0) {
      const auto* target = call.core.world.find_channel(*change.channel);
      if (!target || target->guild != g.id ||
          (target->type != channel_type::voice && target->type != channel_type::stage))
        throw fail(10003);
      require(call, *target, permission::connect);
    }
  }
  if (g.voice.count(m.user) == 0)
    throw fail(40032);
}

void check_change(rest_call& call, const guild& g, const member& m, const member_change& change) {
  const bool self = m.user == call.self();
  const bool above = self || outranks(g, call.self(), m.user);
  if (change.nick) {
    const auto own = effective_guild_permissions(g, call.self(), call.core.clock.now());
    const auto may = permission::manage_nicknames | (self ? permission::change_nickname : 0);
    if ((own & may) == 0 || !above)
      throw fail(50013);
  }
  if (change.roles)
    check_roles(call, g, m, *change.roles);
  if (change.timeout) {
    require(call, g, permission::moderate_members);
    // Also not administrators (5).
    if (self || !above || (guild_permissions(g, m.user) & permission::administrator) != 0)
      throw fail(50013);
  }
  check_voice(call, g, m, change);
}

// The caller has checked everything: all of it happens.
void apply(core& c, guild& g, member& m, const member_change& change) {
  m.nick = change.nick.value_or(m.nick);
  if (change.roles)
    m.roles = *change.roles;
  m.timeout_until = change.timeout.value_or(m.timeout_until);
  m.mute = change.mute.value_or(m.mute);
  m.deaf = change.deaf.value_or(m.deaf);
  if (change.nick || change.roles || change.timeout || change.mute || change.deaf)
    dispatch_member(c, g, m);
  if (change.channel)
    move_voice(c, g.id, m.user, *change.channel);
  else if (change.mute || change.deaf) {
    auto& state = g.voice.at(m.user);
    state.mute = m.mute;
    state.deaf = m.deaf;
    dispatch_voice_state(c, g.id, state);
  }
}

http_response patch_member_as(rest_call& call, guild& g, member& m) {
  const auto change = read_change(call);
  check_change(call, g, m, change);
  apply(call.core, g, m, change);
  if (change.channel)
    audit(call, g, *change.channel == 0 ? 27 : 26, 0, {{"options", {{"count", "1"}}}});
  else
    audit(call, g, change.roles ? 25 : 24, m.user);
  return http_response::of(200, member_json(call.core.world, m));
}

http_response patch_member(rest_call& call) {
  auto& g = guild_of(call);
  return patch_member_as(call, g, member_of(call, g));
}

// PATCH members/@me: nick of the bot itself (2.6).
http_response patch_self(rest_call& call) {
  auto& g = guild_of(call);
  return patch_member_as(call, g, g.members.at(call.self()));
}

http_response kick(rest_call& call) {
  auto& g = guild_of(call);
  const auto user_id = member_of(call, g).user;
  require(call, g, permission::kick_members);
  if (!outranks(g, call.self(), user_id))
    throw fail(50013);
  leave_guild(call.core, g, user_id);
  audit(call, g, 20, user_id);
  return http_response::none();
}

// -- voice states

voice_state& voice_state_of(guild& g, snowflake user_id) {
  const auto it = g.voice.find(user_id);
  if (it == g.voice.end())
    throw fail(10065);
  return it->second;
}

http_response get_voice_state(rest_call& call, snowflake user_id) {
  auto& g = guild_of(call);
  const auto& state = voice_state_of(g, user_id);
  auto out = voice_state_json(state);
  out["guild_id"] = id_text(g.id);
  out["member"] = member_json(call.core.world, g.members.at(user_id));
  return http_response::of(200, out);
}

// Only in stage channels and only after having joined (6).
http_response patch_voice_state(rest_call& call, snowflake user_id) {
  auto& g = guild_of(call);
  const auto& body = call.object();
  form_errors errors;
  const form_fields fields(body, {}, errors);
  const auto channel_id = fields.snowflake("channel_id");
  const auto suppress = fields.boolean("suppress");
  const auto asked = fields.text("request_to_speak_timestamp");
  check(errors);
  auto& state = voice_state_of(g, user_id);
  const auto& where = call.core.world.channels.at(state.channel);
  if (where.type != channel_type::stage || (channel_id && *channel_id != state.channel))
    throw fail(50024);
  const bool self = user_id == call.self();
  // Speaking needs MUTE_MEMBERS; to step down oneself needs nothing.
  if (suppress && !(self && *suppress))
    require(call, where, permission::mute_members);
  if (asked && self)
    require(call, where, permission::request_to_speak);
  state.suppress = suppress.value_or(state.suppress);
  if (self && body.contains("request_to_speak_timestamp"))
    state.request_to_speak = asked ? parse_iso_time(*asked).value_or(call.core.clock.now()) : 0;
  if (suppress)
    state.request_to_speak = 0;
  dispatch_voice_state(call.core, g.id, state);
  return http_response::none();
}

} // namespace

void add_member_routes(core& c) {
  c.api.add("GET", "/guilds/{guild}/members", get_members);
  c.api.add("GET", "/guilds/{guild}/members/search", search_members);
  c.api.add("GET", "/guilds/{guild}/members/{user}", get_member);
  c.api.add("PATCH", "/guilds/{guild}/members/{user}", patch_member);
  c.api.add("PATCH", "/guilds/{guild}/members/@me", patch_self);
  c.api.add("DELETE", "/guilds/{guild}/members/{user}", kick);
  c.api.add("GET", "/guilds/{guild}/voice-states/@me",
            [](rest_call& call) { return get_voice_state(call, call.self()); });
  c.api.add("GET", "/guilds/{guild}/voice-states/{user}",
            [](rest_call& call) { return get_voice_state(call, call.id("user")); });
  c.api.add("PATCH", "/guilds/{guild}/voice-states/@me",
            [](rest_call& call) { return patch_voice_state(call, call.self()); });
  c.api.add("PATCH", "/guilds/{guild}/voice-states/{user}",
            [](rest_call& call) { return patch_voice_state(call, call.id("user")); });
}

} // namespace sim
