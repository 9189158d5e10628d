// What people do with commands and components: POST /sim/act command, autocomplete, click, select.
#include "discord-sim/access.hpp"
#include "discord-sim/command_options.hpp"
#include "discord-sim/modal_values.hpp"
#include "discord-sim/permissions.hpp"
#include "discord-sim/post.hpp"
#include "discord-sim/validate_commands.hpp"

#include <algorithm>
#include <set>

namespace sim {

namespace {

const command& find_command(const act_call& act, const channel& where) {
  const bool by_id = act.has("command_id");
  const auto id = by_id ? act.id("command_id") : 0;
  const auto name = by_id ? std::string{} : act.text("name");
  const auto type = act.has("command_type") ? act.at("command_type") : json{};
  bool forbidden = false;
  for (const auto& [number, known] : act.a.core.world.commands) {
    const bool meant =
        by_id ? number == id : known.name == name && (type.is_null() || type == known.type);
    if (!meant)
      continue;
    if (may_use(act.a.core, known, where, act.who.id))
      return known;
    forbidden = true;
  }
  if (forbidden)
    throw control_error{403, "This user may not use that command here."};
  throw control_error{404, "There is no such command."};
}

/// The part of `data` that a context menu adds: the target and its resolved entry.
void add_target(const act_call& act, const command& known, const channel& where, resolver& resolved,
                json& data) {
  if (known.type == command_type::slash)
    return;
  const auto target = act.id("target_id");
  data["target_id"] = id_text(target);
  if (known.type == command_type::user) {
    if (!resolved.add_user(target))
      throw control_error{404, "There is no such user."};
    return;
  }
  const auto* m = act.a.core.world.find_message(where.id, target);
  if (m == nullptr || (m->ephemeral && m->shown_to != act.who.id))
    throw control_error{404, "This user sees no such message."};
  resolved.add_message(message_view(act.a, *m, 0));
  resolved.add_user(m->author);
}

snowflake open_command(const act_call& act, const std::string& focused) {
  auto& where = act.where();
  const auto& known = find_command(act, where);
  const bool completing = !focused.empty();
  resolver resolved{act.a.core, where, known.application, act.who.id};
  json data{{"id", id_text(known.id)}, {"name", known.name}, {"type", known.type}};
  if (known.guild != 0)
    data["guild_id"] = id_text(known.guild);
  add_target(act, known, where, resolved, data);
  const auto defined = known.data.value("options", json::array());
  const auto given = act.has("options") ? act.at("options") : json::array();
  auto options = option_filler{act, resolved, where, focused}.fill(defined, given);
  if (!options.empty())
    data["options"] = std::move(options);
  if (!resolved.maps().empty())
    data["resolved"] = resolved.maps();
  new_interaction wish;
  wish.application = known.application;
  wish.user = act.who.id;
  wish.channel = where.id;
  wish.type = completing ? 4 : 2;
  wish.data = std::move(data);
  return act.a.desk.open(std::move(wish)).id;
}

act_result run_command(const act_call& act) { return {json::object(), open_command(act, "")}; }

/// True when the option is there and completes, somewhere below `options`.
bool completes(const json& options, const std::string& name) {
  return std::any_of(options.begin(), options.end(), [&](const json& option) {
    return (option["name"] == name && option.value("autocomplete", false)) ||
           completes(option.value("options", json::array()), name);
  });
}

/// The name of the option marked `focused: true`, "" when there is none.
std::string focused_in(const json& options) {
  if (!options.is_array())
    return {};
  for (const auto& option : options) {
    if (!option.is_object())
      continue;
    if (option.value("focused", json{}) == true && option.value("name", json{}).is_string())
      return option["name"].get<std::string>();
    if (auto below = focused_in(option.value("options", json{})); !below.empty())
      return below;
  }
  return {};
}

act_result autocomplete(const act_call& act) {
  // Either the name beside the options, or the mark inside them.
  auto focused = act.has("options") ? focused_in(act.at("options")) : std::string{};
  if (focused.empty())
    focused = act.text("focused");
  const auto& known = find_command(act, act.where());
  if (!completes(known.data.value("options", json::array()), focused))
    throw control_error{400, "Option " + focused + " has no autocompletion."};
  return {json::object(), open_command(act, focused)};
}

/// A component of a message as a user meets it.
struct met_component {
  message& m;
  const json& component;
  snowflake application = 0;
};

met_component meet(const act_call& act, const channel& where) {
  auto& m = act.seen_message(where);
  const auto* component = find_component(m.data["components"], act.text("custom_id"));
  if (component == nullptr)
    throw control_error{404, "The message has no such component."};
  if (component->value("disabled", false))
    throw control_error{409, "The component is disabled."};
  const auto* app = act.a.core.world.application_of_bot(m.author);
  if (app == nullptr)
    throw control_error{409, "The message is not an application's."};
  return {m, *component, app->id};
}

snowflake open_component(const act_call& act, const channel& where, const met_component& met,
                         json data) {
  data["custom_id"] = met.component["custom_id"];
  data["component_type"] = met.component["type"];
  data["id"] = met.component["id"];
  new_interaction wish;
  wish.application = met.application;
  wish.user = act.who.id;
  wish.channel = where.id;
  wish.type = 3;
  wish.data = std::move(data);
  wish.source_message = met.m.id;
  return act.a.desk.open(std::move(wish)).id;
}

act_result click(const act_call& act) {
  auto& where = act.where();
  const auto met = meet(act, where);
  if (met.component["type"] != 2)
    throw control_error{400, "That component is no button."};
  return {json::object(), open_component(act, where, met, json::object())};
}

act_result select(const act_call& act) {
  auto& where = act.where();
  const auto met = meet(act, where);
  const int type = met.component["type"];
  if (type != 3 && (type < 5 || type > 8))
    throw control_error{400, "That component is no select."};
  resolver resolved{act.a.core, where, met.application, act.who.id};
  json data{{"values", checked_values(met.component, act.at("values"), false, resolved)}};
  // Selects of entities always say what they chose (discord-api 16).
  if (type != 3)
    data["resolved"] = resolved.maps();
  return {json::object(), open_component(act, where, met, std::move(data))};
}

act_result submit_modal(const act_call& act) {
  const auto id = act.id("interaction_id");
  auto& all = act.a.core.world.interactions;
  const auto opener = all.find(id);
  if (opener == all.end() || opener->second.user != act.who.id ||
      act.a.desk.outcome(id).modal.is_null())
    throw control_error{404, "That interaction opened no modal for this user."};
  const auto modal = act.a.desk.outcome(id).modal;
  const auto& where = *act.a.core.world.find_channel(opener->second.channel);
  resolver resolved{act.a.core, where, opener->second.application, act.who.id};
  json data{{"custom_id", modal["custom_id"]},
            {"components",
             filled_modal(act, modal["components"],
                          act.has("values") ? act.at("values") : json::object(), where, resolved)}};
  if (!resolved.maps().empty())
    data["resolved"] = resolved.maps();
  new_interaction wish;
  wish.application = opener->second.application;
  wish.user = act.who.id;
  wish.channel = where.id;
  wish.type = 5;
  wish.data = std::move(data);
  wish.source_message = opener->second.source_message;
  wish.source_interaction = id;
  return {json::object(), act.a.desk.open(std::move(wish)).id};
}

} // namespace

act_handler interaction_act(std::string_view type) {
  static const std::map<std::string_view, act_handler> handlers{{"command", run_command},
                                                                {"autocomplete", autocomplete},
                                                                {"click", click},
                                                                {"select", select},
                                                                {"modal_submit", submit_modal}};
  const auto found = handlers.find(type);
  return found == handlers.end() ? nullptr : found->second;
}

} // namespace sim
