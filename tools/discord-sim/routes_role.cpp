#include "discord-sim/form_fields.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/route_help.hpp"
#include "discord-sim/routes.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t roles_max = 250;

// The caller may act on roles below its own highest one (5).
void require_below(rest_call& call, const guild& g, const role& r) {
  if (g.owner != call.self() && !higher(top_role(g, call.self()), {r.position, r.id}))
    throw fail(50013);
}

std::optional<std::uint64_t> permissions_field(const form_fields& fields, form_errors& errors) {
  const auto text = fields.text("permissions");
  if (!text)
    return std::nullopt;
  const auto bits = parse_id(std::string_view(*text));
  if (!bits)
    errors.not_a(fields.at() / "permissions", *text, "int");
  return bits;
}

// Applies the given fields (9: name <= 100, permissions, colour(s), hoist, icon, emoji,
// mentionable). Only permissions that the caller holds may be granted (5).
void apply(rest_call& call, const guild& g, role& r) {
  const auto& body = call.object();
  form_errors errors;
  const form_fields fields(body, {}, errors);
  const auto name = fields.text("name", {0, 100});
  const auto permissions = permissions_field(fields, errors);
  auto color = fields.integer("color", {0, 0xffffff});
  if (const auto* colors = fields.object("colors"))
    color = form_fields(*colors, form_path() / "colors", errors)
                .integer("primary_color", {0, 0xffffff});
  const auto hoist = fields.boolean("hoist");
  const auto mentionable = fields.boolean("mentionable");
  const auto emoji = fields.text("unicode_emoji");
  check(errors);
  require(call, g, permission::manage_roles);
  const auto own = effective_guild_permissions(g, call.self(), call.core.clock.now());
  if (permissions && ((*permissions & ~r.permissions) & ~own) != 0)
    throw fail(50013);
  if (name && !name->empty())
    r.name = *name;
  r.permissions = permissions ? *permissions & permission::all : r.permissions;
  r.color = static_cast<std::uint32_t>(color.value_or(r.color));
  r.hoist = hoist.value_or(r.hoist);
  r.mentionable = mentionable.value_or(r.mentionable);
  r.unicode_emoji = emoji.value_or(r.unicode_emoji);
}

http_response get_roles(rest_call& call) {
  auto out = json::array();
  for (const auto& [id, r] : guild_of(call).roles)
    out.push_back(role_json(r));
  return http_response::of(200, out);
}

http_response get_role(rest_call& call) {
  return http_response::of(200, role_json(role_of(call, guild_of(call))));
}

// Since 2025-12-09: role id to number of members, without @everyone.
http_response get_member_counts(rest_call& call) {
  auto& g = guild_of(call);
  auto out = json::object();
  for (const auto& [id, r] : g.roles)
    if (id != g.id)
      out[id_text(id)] = 0;
  for (const auto& [user, m] : g.members)
    for (const auto id : m.roles)
      if (auto it = out.find(id_text(id)); it != out.end())
        *it = it->get<int>() + 1;
  return http_response::of(200, out);
}

http_response post_role(rest_call& call) {
  auto& g = guild_of(call);
  role made;
  made.name = "new role";
  made.permissions = g.roles.at(g.id).permissions;
  made.position = 1;
  apply(call, g, made);
  if (g.roles.size() >= roles_max)
    throw fail(30005);
  made.id = call.core.new_id();
  // A new role is the lowest above @everyone; the others move up (assumed).
  for (auto& [id, r] : g.roles)
    if (id != g.id) {
      ++r.position;
      dispatch_role(call.core, "GUILD_ROLE_UPDATE", g, r);
    }
  const auto& r = g.roles[made.id] = made;
  dispatch_role(call.core, "GUILD_ROLE_CREATE", g, r);
  audit(call, g, 30, r.id);
  return http_response::of(200, role_json(r));
}

http_response patch_role(rest_call& call) {
  auto& g = guild_of(call);
  auto& r = role_of(call, g);
  auto changed = r;
  apply(call, g, changed);
  require_below(call, g, r);
  r = changed;
  dispatch_role(call.core, "GUILD_ROLE_UPDATE", g, r);
  audit(call, g, 31, r.id);
  return http_response::of(200, role_json(r));
}

http_response delete_role(rest_call& call) {
  auto& g = guild_of(call);
  auto& r = role_of(call, g);
  require(call, g, permission::manage_roles);
  if (r.managed || r.id == g.id)
    throw fail(50028);
  require_below(call, g, r);
  const auto id = r.id;
  for (auto& [user, m] : g.members)
    m.roles.erase(std::remove(m.roles.begin(), m.roles.end(), id), m.roles.end());
  for (const auto channel_id : g.channels) {
    auto& rules = call.core.world.channels.at(channel_id).overwrites;
    rules.erase(std::remove_if(rules.begin(), rules.end(),
                               [id](const overwrite& o) { return !o.member && o.id == id; }),
                rules.end());
  }
  g.roles.erase(id);
  // Members' roles change without GUILD_MEMBER_UPDATEs (assumed, as seen by clients).
  event e;
  e.type = "GUILD_ROLE_DELETE";
  e.guild = g.id;
  e.intents = intent::guilds;
  e.data = {{"guild_id", id_text(g.id)}, {"role_id", id_text(id)}};
  call.core.events().send(std::move(e));
  audit(call, g, 32, id);
  return http_response::none();
}

// PATCH /guilds/{g}/roles: [{id, position}]; answers all roles.
http_response patch_positions(rest_call& call) {
  auto& g = guild_of(call);
  const auto& body = call.body();
  if (!body.is_array())
    throw form_error("", "BASE_TYPE_LIST", "Only iterables may be used in a ListType");
  form_errors errors;
  std::vector<std::pair<snowflake, int>> wishes;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const form_fields fields(body[i], form_path() / i, errors);
    const auto id = fields.snowflake("id", true).value_or(0);
    const auto position = fields.integer("position", {0, 1000});
    if (position)
      wishes.emplace_back(id, static_cast<int>(*position));
  }
  check(errors);
  require(call, g, permission::manage_roles);
  const auto top = top_role(g, call.self());
  const bool owner = g.owner == call.self();
  for (const auto& [id, position] : wishes) {
    const auto it = g.roles.find(id);
    if (it == g.roles.end())
      throw fail(10011);
    // Neither a role at or above one's own, nor up to there (5).
    if (id == g.id ||
        (!owner && (!higher(top, {it->second.position, id}) || position >= top.position)))
      throw fail(50013);
  }
  for (const auto& [id, position] : wishes)
    g.roles.at(id).position = position;
  auto out = json::array();
  for (const auto& [id, r] : g.roles) {
    if (std::any_of(wishes.begin(), wishes.end(),
                    [id = id](const auto& w) { return w.first == id; }))
      dispatch_role(call.core, "GUILD_ROLE_UPDATE", g, r);
    out.push_back(role_json(r));
  }
  return http_response::of(200, out);
}

// PUT and DELETE /guilds/{g}/members/{u}/roles/{r}.
http_response change_member_role(rest_call& call, bool add) {
  auto& g = guild_of(call);
  auto& m = member_of(call, g);
  const auto& r = role_of(call, g);
  require(call, g, permission::manage_roles);
  // Managed roles cannot be assigned (5); @everyone neither. 50028 would fit too: assumed 50013.
  if (r.managed || r.id == g.id)
    throw fail(50013);
  require_below(call, g, r);
  const auto it = std::find(m.roles.begin(), m.roles.end(), r.id);
  if ((it != m.roles.end()) == add)
    return http_response::none(); // nothing changes, nothing is dispatched (assumed)
  if (add)
    m.roles.push_back(r.id);
  else
    m.roles.erase(it);
  dispatch_member(call.core, g, m);
  audit(call, g, 25, m.user,
        {{"changes",
          {{{"key", add ? "$add" : "$remove"},
            {"new_value", {{{"id", id_text(r.id)}, {"name", r.name}}}}}}}});
  return http_response::none();
}

} // namespace

void add_role_routes(core& c) {
  c.api.add("GET", "/guilds/{guild}/roles", get_roles);
  c.api.add("GET", "/guilds/{guild}/roles/member-counts", get_member_counts);
  c.api.add("GET", "/guilds/{guild}/roles/{role}", get_role);
  c.api.add("POST", "/guilds/{guild}/roles", post_role);
  c.api.add("PATCH", "/guilds/{guild}/roles", patch_positions);
  c.api.add("PATCH", "/guilds/{guild}/roles/{role}", patch_role);
  c.api.add("DELETE", "/guilds/{guild}/roles/{role}", delete_role);
  route_options shared;
  shared.limit.bucket = "member roles";
  c.api.add(
      "PUT", "/guilds/{guild}/members/{user}/roles/{role}",
      [](rest_call& call) { return change_member_role(call, true); }, shared);
  c.api.add(
      "DELETE", "/guilds/{guild}/members/{user}/roles/{role}",
      [](rest_call& call) { return change_member_role(call, false); }, shared);
}

} // namespace sim
