#include "discord-sim/overwrites.hpp"
#include "discord-sim/form_fields.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/route_help.hpp"
#include "discord-sim/routes.hpp"
#include <algorithm>

namespace sim {

namespace {

// One overwrite; omitted or null allow and deny are "0" (16 "(5)").
overwrite read_overwrite(const form_fields& fields, form_errors& errors) {
  overwrite o;
  const auto bits = [&](const char* key) -> std::uint64_t {
    const auto text = fields.text(key);
    if (!text)
      return 0;
    const auto value = parse_id(std::string_view(*text));
    if (!value)
      errors.not_a(fields.at() / key, *text, "int");
    return value.value_or(0) & permission::all;
  };
  o.allow = bits("allow");
  o.deny = bits("deny");
  o.member = fields.integer("type", {0, 1}) == 1;
  return o;
}

// Only permissions the bot holds may be set; MANAGE_ROLES only by administrators (16 "(5)").
void check_granted(rest_call& call, const guild& g, std::uint64_t held, const overwrite& before,
                   const overwrite& after) {
  const auto own = effective_guild_permissions(g, call.self(), call.core.clock.now());
  if ((own & permission::administrator) != 0)
    return;
  const auto changed = (before.allow ^ after.allow) | (before.deny ^ after.deny);
  if ((changed & ~held) != 0 || (changed & permission::manage_roles) != 0)
    throw fail(50013);
}

// Entries 13-15 say whose overwrite it was; discord.js needs these options.
json overwrite_options(const guild& g, const overwrite& o) {
  json options{{"id", id_text(o.id)}, {"type", o.member ? "1" : "0"}};
  if (const auto r = g.roles.find(o.id); !o.member && r != g.roles.end())
    options["role_name"] = r->second.name;
  return {{"options", std::move(options)}};
}

http_response put_overwrite(rest_call& call) {
  auto& c = channel_of(call);
  auto& g = guild_with(call, c);
  form_errors errors;
  auto wanted = read_overwrite(form_fields(call.object(), {}, errors), errors);
  check(errors);
  wanted.id = call.id("overwrite");
  require(call, c, permission::manage_roles);
  if (wanted.member ? !call.core.world.find_user(wanted.id) : g.roles.count(wanted.id) == 0)
    throw fail(wanted.member ? 10013 : 10011);
  auto it = std::find_if(c.overwrites.begin(), c.overwrites.end(),
                         [&](const overwrite& o) { return o.id == wanted.id; });
  check_granted(call, g, channel_permissions(call.core.world, c, call.self()),
                it == c.overwrites.end() ? overwrite{} : *it, wanted);
  const bool made = it == c.overwrites.end();
  if (made)
    c.overwrites.push_back(wanted);
  else
    *it = wanted;
  dispatch_channel(call.core, "CHANNEL_UPDATE", c);
  audit(call, g, made ? 13 : 14, c.id, overwrite_options(g, wanted));
  return http_response::none();
}

http_response delete_overwrite(rest_call& call) {
  auto& c = channel_of(call);
  auto& g = guild_with(call, c);
  require(call, c, permission::manage_roles);
  const auto it = std::find_if(c.overwrites.begin(), c.overwrites.end(),
                               [&](const overwrite& o) { return o.id == call.id("overwrite"); });
  if (it == c.overwrites.end())
    throw fail(10009);
  check_granted(call, g, channel_permissions(call.core.world, c, call.self()), *it, {});
  const auto gone = *it;
  c.overwrites.erase(it);
  dispatch_channel(call.core, "CHANNEL_UPDATE", c);
  audit(call, g, 15, c.id, overwrite_options(g, gone));
  return http_response::none();
}

} // namespace

std::vector<overwrite> read_overwrites(const json& list, form_errors& errors) {
  std::vector<overwrite> result;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const form_fields fields(list[i], form_path() / "permission_overwrites" / i, errors);
    auto o = read_overwrite(fields, errors);
    o.id = fields.snowflake("id", true).value_or(0);
    result.push_back(o);
  }
  return result;
}

void check_all_granted(rest_call& call, const guild& g, std::uint64_t held,
                       const std::vector<overwrite>& before, const std::vector<overwrite>& after) {
  const auto in = [](const std::vector<overwrite>& list, snowflake id) {
    const auto it =
        std::find_if(list.begin(), list.end(), [id](const overwrite& o) { return o.id == id; });
    return it == list.end() ? overwrite{} : *it;
  };
  for (const auto& o : after)
    check_granted(call, g, held, in(before, o.id), o);
  for (const auto& o : before)
    check_granted(call, g, held, o, in(after, o.id));
}

void add_overwrite_routes(core& c) {
  route_options options;
  options.limit = {"overwrites", 10, std::chrono::seconds(15)};
  c.api.add("PUT", "/channels/{channel}/permissions/{overwrite}", put_overwrite, options);
  c.api.add("DELETE", "/channels/{channel}/permissions/{overwrite}", delete_overwrite, options);
}

} // namespace sim
