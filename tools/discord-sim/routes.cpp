#include "discord-sim/routes.hpp"
#include "discord-sim/gateway_server.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/route_help.hpp"

namespace sim {

namespace {

// GET /gateway (1.1).
http_response get_gateway(rest_call& call) {
  return http_response::of(200, {{"url", call.core.ws_base() + "/gateway"}});
}

http_response get_gateway_bot(rest_call& call) {
  auto& gateway = call.core.gateway();
  const auto& options = gateway.options();
  return http_response::of(200, {{"url", call.core.ws_base() + "/gateway"},
                                 {"shards", options.shards},
                                 {"session_start_limit",
                                  {{"total", options.session_starts},
                                   {"remaining", gateway.starts_left(call.app->id)},
                                   {"reset_after", gateway.starts_reset_after_ms(call.app->id)},
                                   {"max_concurrency", options.max_concurrency}}}});
}

http_response get_self(rest_call& call) {
  return http_response::of(200, self_user_json(*call.core.world.find_user(call.self())));
}

http_response get_user(rest_call& call) {
  const auto* u = call.core.world.find_user(call.id("user"));
  if (!u)
    throw fail(10013);
  return http_response::of(200, user_json(*u));
}

http_response get_application(rest_call& call) {
  return http_response::of(200, application_json(call.core.world, *call.app));
}

// GET /users/@me/guilds: partial guilds, paged by id.
http_response get_self_guilds(rest_call& call) {
  const auto limit = call.query_int("limit", 200, 1, 200);
  const auto after = call.query_id("after");
  auto out = json::array();
  for (const auto& [id, g] : call.core.world.guilds) {
    if (id <= after || g.members.count(call.self()) == 0)
      continue;
    if (static_cast<std::int64_t>(out.size()) == limit)
      break;
    out.push_back({{"id", id_text(id)},
                   {"name", g.name},
                   {"icon", nullptr},
                   {"banner", nullptr},
                   {"owner", g.owner == call.self()},
                   {"permissions", std::to_string(guild_permissions(g, call.self()))},
                   {"features", json::array()}});
  }
  return http_response::of(200, out);
}

http_response leave_self_guild(rest_call& call) {
  auto& g = guild_of(call);
  leave_guild(call.core, g, call.self());
  return http_response::none();
}

// Of no use to the simulator, but libraries ask for them.
http_response empty_list(rest_call& call) {
  guild_of(call);
  return http_response::of(200, json::array());
}

} // namespace

void add_core_routes(core& c) {
  route_options open;
  open.who = auth::none;
  c.api.add("GET", "/gateway", get_gateway, open);
  c.api.add("GET", "/gateway/bot", get_gateway_bot);
  c.api.add("GET", "/users/@me", get_self);
  c.api.add("GET", "/users/@me/guilds", get_self_guilds);
  c.api.add("DELETE", "/users/@me/guilds/{guild}", leave_self_guild);
  c.api.add("GET", "/users/{user}", get_user);
  c.api.add("GET", "/applications/@me", get_application);
  c.api.add("GET", "/oauth2/applications/@me", get_application);
  for (const char* list : {"stickers", "invites", "integrations", "scheduled-events"})
    c.api.add("GET", std::string("/guilds/{guild}/") + list, empty_list);
  add_guild_routes(c);
  add_channel_routes(c);
  add_overwrite_routes(c);
  add_role_routes(c);
  add_member_routes(c);
}

} // namespace sim
