// Registering application commands (discord-api 3.4, 15.12).
#include "discord-sim/control.hpp"
#include "discord-sim/validate_commands.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr unix_ms day_ms = 24LL * 3600 * 1000;
constexpr std::size_t creates_per_day = 200; // 30034

/// Commands per scope (discord-api 3.4).
std::size_t count_max(int type) {
  return type == command_type::slash ? 100 : type == command_type::entry_point ? 1 : 15;
}

/// Whose commands a request is about.
struct scope {
  snowflake application = 0;
  snowflake guild = 0; ///< 0: global
};

scope scope_of(rest_call& call) {
  scope where{call.id("application"), call.id("guild")};
  if (call.app->id != where.application)
    throw api_error{
        403, 20012, "You are not authorized to perform this action on this application", {}};
  // A guild without the application: 50001 (15.12).
  if (where.guild != 0 && call.core.world.find_member(where.guild, call.self()) == nullptr)
    throw fail(50001);
  return where;
}

std::vector<command*> commands_of(world& w, const scope& where) {
  std::vector<command*> list;
  for (auto& [id, known] : w.commands)
    if (known.application == where.application && known.guild == where.guild)
      list.push_back(&known);
  return list;
}

command* named(world& w, const scope& where, const json& definition) {
  for (auto* known : commands_of(w, where))
    if (known->type == definition["type"] && known->name == definition["name"])
      return known;
  return nullptr;
}

/// Counts one create against the 200 of the last 24 hours. Throws 30034.
void count_create(activity& a, const scope& where) {
  auto& times = a.command_creates[{where.application, where.guild}];
  const auto now = a.core.clock.now();
  times.erase(
      std::remove_if(times.begin(), times.end(), [=](unix_ms at) { return now - at >= day_ms; }),
      times.end());
  if (times.size() >= creates_per_day)
    throw fail(30034);
  times.push_back(now);
}

/// Fills in what the server decides; a changed definition gets a new version (15.12).
void store(activity& a, const scope& where, command& known, json definition) {
  auto comparable = known.data;
  for (const auto* key : {"id", "application_id", "guild_id", "version"})
    if (comparable.is_object())
      comparable.erase(key);
  const bool changed = comparable != definition;
  const auto version =
      changed ? json(id_text(a.core.new_id())) : known.data.value("version", json{});
  known.type = definition["type"];
  known.name = definition["name"];
  known.data = std::move(definition);
  known.data["id"] = id_text(known.id);
  known.data["application_id"] = id_text(where.application);
  known.data["version"] = version;
  if (where.guild != 0)
    known.data["guild_id"] = id_text(where.guild);
}

command& make(activity& a, const scope& where, json definition) {
  command fresh;
  fresh.id = a.core.new_id();
  fresh.application = where.application;
  fresh.guild = where.guild;
  store(a, where, fresh, std::move(definition));
  return a.core.world.commands[fresh.id] = std::move(fresh);
}

command& find(rest_call& call, const scope& where) {
  const auto found = call.core.world.commands.find(call.id("command"));
  if (found == call.core.world.commands.end() || found->second.application != where.application ||
      found->second.guild != where.guild)
    throw fail(10063);
  return found->second;
}

/// A command of the guild or a global one: both have rules in a guild.
void find_anywhere(rest_call& call, const scope& where) {
  const auto found = call.core.world.commands.find(call.id("command"));
  if (found == call.core.world.commands.end() || found->second.application != where.application ||
      (found->second.guild != 0 && found->second.guild != where.guild))
    throw fail(10063);
}

/// Lists leave the dictionaries out unless asked, and translate for X-Discord-Locale (15.12, 16).
void localise(json& node, std::string_view locale) {
  for (const std::string key : {"name", "description"}) {
    const auto map = node.find(key + "_localizations");
    if (map == node.end())
      continue;
    if (!locale.empty() && map->is_object() && map->contains(std::string{locale}))
      node[key + "_localized"] = (*map)[std::string{locale}];
    node.erase(key + "_localizations");
  }
  for (const auto* key : {"options", "choices"})
    if (const auto list = node.find(key); list != node.end())
      for (auto& child : *list)
        localise(child, locale);
}

http_response list(rest_call& call) {
  auto answer = json::array();
  for (const auto* known : commands_of(call.core.world, scope_of(call))) {
    auto data = known->data;
    if (!call.query_flag("with_localizations"))
      localise(data, call.request.header("X-Discord-Locale"));
    answer.push_back(std::move(data));
  }
  return http_response::of(200, answer);
}

http_response create(activity& a, rest_call& call) {
  const auto where = scope_of(call);
  form_errors errors;
  auto definition = check_command(call.object(), where.guild != 0, {}, errors);
  check(errors);
  if (auto* known = named(a.core.world, where, definition); known != nullptr) {
    store(a, where, *known, std::move(definition));
    a.pages.commands_changed();
    return http_response::of(200, known->data);
  }
  const auto all = commands_of(a.core.world, where);
  const int type = definition["type"];
  const auto same = std::count_if(all.begin(), all.end(),
                                  [=](const command* known) { return known->type == type; });
  if (static_cast<std::size_t>(same) >= count_max(type))
    throw fail(30032);
  count_create(a, where);
  const auto& made = make(a, where, std::move(definition));
  a.pages.commands_changed();
  return http_response::of(201, made.data);
}

http_response replace_all(activity& a, rest_call& call) {
  const auto where = scope_of(call);
  form_errors errors;
  auto definitions = check_command_list(call.body(), where.guild != 0, errors);
  check(errors);
  std::map<int, std::size_t> counts;
  std::size_t fresh = 0;
  for (const auto& definition : definitions) {
    const int type = definition["type"];
    if (++counts[type] > count_max(type))
      throw fail(30032);
    fresh += named(a.core.world, where, definition) == nullptr ? 1 : 0;
  }
  // All or nothing: a list that does not fit in the day's creates changes nothing (assumed).
  const auto spent = a.command_creates.find({where.application, where.guild});
  const auto now = a.core.clock.now();
  if (spent != a.command_creates.end() &&
      static_cast<std::size_t>(std::count_if(spent->second.begin(), spent->second.end(),
                                             [=](unix_ms at) { return now - at < day_ms; })) +
              fresh >
          creates_per_day)
    throw fail(30034);
  std::vector<snowflake> kept;
  auto answer = json::array();
  for (auto& definition : definitions) {
    auto* known = named(a.core.world, where, definition);
    if (known != nullptr)
      store(a, where, *known, std::move(definition));
    else {
      count_create(a, where);
      known = &make(a, where, std::move(definition));
    }
    kept.push_back(known->id);
    answer.push_back(known->data);
  }
  // Whatever the list omits is gone, context menus and entry point included (discord-api 3.4).
  for (const auto* known : commands_of(a.core.world, where))
    if (const auto id = known->id; std::find(kept.begin(), kept.end(), id) == kept.end())
      a.core.world.commands.erase(id);
  a.pages.commands_changed();
  return http_response::of(200, answer);
}

http_response change(activity& a, rest_call& call) {
  const auto where = scope_of(call);
  auto& known = find(call, where);
  form_errors errors;
  auto definition = check_command_patch(known.data, call.object(), where.guild != 0, errors);
  check(errors);
  const auto* clash = named(a.core.world, where, definition);
  if (clash != nullptr && clash->id != known.id)
    throw form_error("name", "APPLICATION_COMMANDS_DUPLICATE_NAME",
                     "Application command names must be unique");
  store(a, where, known, std::move(definition));
  a.pages.commands_changed();
  return http_response::of(200, known.data);
}

http_response remove(activity& a, rest_call& call) {
  const auto where = scope_of(call);
  a.core.world.commands.erase(find(call, where).id);
  a.pages.commands_changed();
  return http_response::none();
}

} // namespace

void add_command_routes(activity& a) {
  auto& api = a.core.api;
  const std::string global = "/applications/{application}/commands";
  const std::string guild = "/applications/{application}/guilds/{guild}/commands";
  for (const auto& base : {global, guild}) {
    const auto one = base + "/{command}";
    api.add("GET", base, [](rest_call& call) { return list(call); });
    api.add("POST", base, [&a](rest_call& call) { return create(a, call); });
    api.add("PUT", base, [&a](rest_call& call) { return replace_all(a, call); });
    api.add("GET", one, [](rest_call& call) {
      return http_response::of(200, find(call, scope_of(call)).data);
    });
    api.add("PATCH", one, [&a](rest_call& call) { return change(a, call); });
    api.add("DELETE", one, [&a](rest_call& call) { return remove(a, call); });
  }
  // Rules per guild: a bot reads them; only a person's Bearer token writes
  // (discord-api 3.4, 15.12), which is the act set_command_permissions here.
  api.add("GET", guild + "/permissions", [](rest_call& call) {
    const auto where = scope_of(call);
    return http_response::of(
        200, command_permissions_json(call.core.world, where.application, where.guild, 0));
  });
  api.add("GET", guild + "/{command}/permissions", [](rest_call& call) {
    const auto where = scope_of(call);
    // The application's own id stands for all of its commands.
    const auto target = call.id("command");
    if (target != where.application)
      find_anywhere(call, where);
    const auto found =
        command_permissions_json(call.core.world, where.application, where.guild, target);
    if (found.empty())
      throw fail(10066);
    return http_response::of(200, found.front());
  });
  api.add("PUT", guild + "/{command}/permissions",
          [](rest_call&) -> http_response { throw fail(20001); });
}

} // namespace sim
