// Who may use which command where (discord-api 3.4): the rights of the channel, the command's own
// default, and what a server's administrators said about it.
#include "discord-sim/access.hpp"
#include "discord-sim/control.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"
#include "discord-sim/route_help.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t permissions_max = 100;
enum : int { of_role = 1, of_user = 2, of_channel = 3 };

using rules = std::vector<command_permission>;

bool offers_context(const command& known, int context) {
  const auto contexts = known.data.value("contexts", json{});
  if (contexts.is_array())
    return std::find(contexts.begin(), contexts.end(), json(context)) != contexts.end();
  return context == 0 || (known.guild == 0 && known.data.value("dm_permission", true));
}

std::optional<bool> find_rule(const rules& all, int type, snowflake id) {
  for (const auto& rule : all)
    if (rule.type == type && rule.id == id)
      return rule.allowed;
  return std::nullopt;
}

/// The channel itself, else "all channels" (guild id - 1).
std::optional<bool> of_channels(const rules& all, const channel& where) {
  const auto own = find_rule(all, of_channel, where.id);
  return own ? own : find_rule(all, of_channel, where.guild - 1);
}

/// The user, else any role of the member's that allows or denies (one that allows wins), else
/// @everyone (guild id).
std::optional<bool> of_people(const rules& all, const member& who, snowflake home) {
  if (const auto own = find_rule(all, of_user, who.user))
    return own;
  std::optional<bool> verdict;
  for (const auto role : who.roles)
    if (const auto rule = find_rule(all, of_role, role))
      verdict = verdict.value_or(false) || *rule;
  return verdict ? verdict : find_rule(all, of_role, home);
}

/// null = all, "0" = administrators only.
bool fits_default(world& w, const command& known, const channel& where, snowflake who) {
  const auto wanted = known.data.value("default_member_permissions", json{});
  if (!wanted.is_string())
    return true;
  const auto bits = wanted == "0" ? 0 : parse_id(wanted).value_or(0);
  return bits != 0 && (channel_permissions(w, where, who) & bits) == bits;
}

/// What the server's administrators said: the command's own rules, where they are silent those of
/// the application, where both are the command's default.
bool fits_rules(world& w, const command& known, const channel& where, snowflake who) {
  static const rules none;
  const auto rules_of = [&](snowflake target) -> const rules& {
    const auto found = w.command_permissions.find({known.application, where.guild, target});
    return found == w.command_permissions.end() ? none : found->second;
  };
  const auto& own = rules_of(known.id);
  const auto& all = rules_of(known.application);
  const auto* guest = w.find_member(where.guild, who);
  if (guest == nullptr)
    return false;
  const auto place = of_channels(own, where);
  if (!place.value_or(of_channels(all, where).value_or(true)))
    return false;
  if (const auto people = of_people(own, *guest, where.guild))
    return *people;
  return fits_default(w, known, where, who) && of_people(all, *guest, where.guild).value_or(true);
}

json rules_json(const command_scope& scope, const rules& all) {
  auto list = json::array();
  for (const auto& rule : all)
    list.push_back({{"id", id_text(rule.id)}, {"type", rule.type}, {"permission", rule.allowed}});
  return {{"id", id_text(scope.target)},
          {"application_id", id_text(scope.application)},
          {"guild_id", id_text(scope.guild)},
          {"permissions", std::move(list)}};
}

rules read_rules(const json& given) {
  if (!given.is_array() || given.size() > permissions_max)
    throw control_error{400, "permissions must be a list of at most 100."};
  rules all;
  for (const auto& entry : given) {
    command_permission rule;
    const bool good = entry.is_object() && entry.contains("id") && parse_id(entry["id"]) &&
                      entry.value("type", json()).is_number_integer() &&
                      entry.value("permission", json()).is_boolean();
    if (!good)
      throw control_error{400, "A permission needs id, type (1 role, 2 user, 3 channel) and "
                               "permission."};
    rule.id = *parse_id(entry["id"]);
    rule.type = entry["type"];
    rule.allowed = entry["permission"];
    if (rule.type < of_role || rule.type > of_channel)
      throw control_error{400, "type must be 1 (role), 2 (user) or 3 (channel)."};
    all.push_back(rule);
  }
  return all;
}

} // namespace

bool may_use(core& c, const command& known, const channel& where, snowflake who) {
  const auto* app = c.world.find_application(known.application);
  if (app == nullptr || (known.guild != 0 && known.guild != where.guild))
    return false;
  if (where.guild == 0)
    return std::count(where.recipients.begin(), where.recipients.end(), app->bot) != 0 &&
           std::count(where.recipients.begin(), where.recipients.end(), who) != 0 &&
           offers_context(known, 1);
  const auto rights = rights_in(c, where, who);
  const bool basic = (rights & permission::view_channel) != 0 &&
                     (rights & permission::use_commands) != 0 && offers_context(known, 0) &&
                     c.world.find_member(where.guild, app->bot) != nullptr;
  if (!basic || (known.data.value("nsfw", false) && !where.nsfw))
    return false;
  return (rights & permission::administrator) != 0 || fits_rules(c.world, known, where, who);
}

json command_permissions_json(world& w, snowflake application, snowflake guild, snowflake target) {
  auto list = json::array();
  for (const auto& [scope, all] : w.command_permissions)
    if (scope.application == application && scope.guild == guild &&
        (target == 0 || scope.target == target))
      list.push_back(rules_json(scope, all));
  return list;
}

/// As the server's settings page does it: with MANAGE_GUILD and MANAGE_ROLES.
act_result set_command_permissions(const act_call& act) {
  auto& home = act.home();
  const auto rights = effective_guild_permissions(home, act.who.id, act.a.core.clock.now());
  constexpr auto wanted = permission::manage_guild | permission::manage_roles;
  if ((rights & wanted) != wanted)
    throw control_error{403, "This user may not change who uses commands."};
  const auto target = act.id("target_id");
  auto& w = act.a.core.world;
  command_scope scope{target, home.id, target};
  if (const auto known = w.commands.find(target); known != w.commands.end())
    scope.application = known->second.application;
  else if (w.find_application(target) == nullptr)
    throw control_error{404, "target_id must be a command or an application."};
  auto all = read_rules(act.at("permissions"));
  event happened;
  happened.type = "APPLICATION_COMMAND_PERMISSIONS_UPDATE";
  happened.data = rules_json(scope, all);
  happened.guild = home.id;
  happened.only_app = scope.application;
  happened.to_people = false;
  if (all.empty())
    w.command_permissions.erase(scope);
  else
    w.command_permissions[scope] = std::move(all);
  act.a.core.events().send(std::move(happened));
  act.a.pages.commands_changed();
  return {};
}

} // namespace sim
