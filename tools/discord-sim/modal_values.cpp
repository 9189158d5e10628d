#include "discord-sim/modal_values.hpp"

#include "discord-sim/command_options.hpp"
#include "discord-sim/unicode.hpp"

#include <algorithm>
#include <set>

namespace sim {

namespace {

[[noreturn]] void refuse(const json& component, const std::string& why) {
  throw control_error{400,
                      "Component " + component["custom_id"].get<std::string>() + " " + why + "."};
}

bool offers(const json& component, const json& value) {
  for (const auto& option : component["options"])
    if (option["value"] == value)
      return true;
  return false;
}

/// Adds what the value of a select names; false when it names nothing that fits.
bool resolve(const json& component, const json& value, resolver& resolved) {
  const int type = component["type"];
  const auto id = id_in(value);
  if (type == 3 || type == 22)
    return offers(component, value);
  if ((type == 5 || type == 7) && resolved.add_user(id))
    return true;
  if ((type == 6 || type == 7) && resolved.add_role(id))
    return true;
  if (type != 8 || !resolved.add_channel(id))
    return false;
  const auto kinds = component.value("channel_types", json::array());
  const auto& kind = resolved.maps()["channels"][id_text(id)]["type"];
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// One answer of a modal.
class modal_filler {
public:
  modal_filler(const act_call& act, const json& values, const channel& where, resolver& resolved)
      : act_(act), values_(values), where_(where), resolved_(resolved) {}

  json answer(const json& component) {
    json filled{{"type", component["type"]}, {"id", component["id"]}};
    switch (component["type"].get<int>()) {
    case 1:
      filled["components"] = json::array();
      for (const auto& child : component["components"])
        filled["components"].push_back(answer(child));
      return filled;
    case 10:
      return filled;
    case 18:
      filled["component"] = answer(component["component"]);
      return filled;
    default:
      filled["custom_id"] = component["custom_id"];
      fill(component, filled);
      return filled;
    }
  }

private:
  void fill(const json& component, json& filled) {
    const auto found = values_.find(component["custom_id"].get<std::string>());
    const auto given = found == values_.end() ? json{} : *found;
    const bool optional = !component.value("required", true);
    switch (component["type"].get<int>()) {
    case 4:
      filled["value"] = text(component, given, optional);
      return;
    case 19:
      filled["values"] = files(component, given, optional);
      return;
    case 21:
      if (given.is_null() ? !optional : !offers(component, given))
        refuse(component, "needs one of its options");
      filled["value"] = given;
      return;
    case 23:
      if (!given.is_null() && !given.is_boolean())
        refuse(component, "must be true or false");
      filled["value"] = given.is_null() ? component.value("default", json(false)) : given;
      return;
    default:
      filled["values"] =
          checked_values(component, given.is_null() ? json::array() : given, optional, resolved_);
    }
  }

  static json text(const json& component, const json& given, bool optional) {
    // What the modal was opened with stands in the field until the user changes it.
    const auto value = given.is_null() ? component.value("value", json("")) : given;
    if (!value.is_string())
      refuse(component, "must be a text");
    const auto length = length_of(value.get_ref<const std::string&>());
    if (length == 0 && optional)
      return value;
    const auto min = component.value("min_length", optional ? std::size_t{0} : std::size_t{1});
    const auto max = component.value("max_length", std::size_t{4000});
    if (length < min || length > max || length == 0)
      refuse(component, "must be between " + std::to_string(std::max<std::size_t>(min, 1)) +
                            " and " + std::to_string(max) + " characters long");
    return value;
  }

  json files(const json& component, const json& given, bool optional) {
    const auto uploads = read_files(act_.body);
    const auto wanted = given.is_null() ? json::array() : given;
    const auto min = optional && wanted.empty() ? 0 : component["min_values"].get<std::size_t>();
    if (!wanted.is_array() || wanted.size() < min ||
        wanted.size() > component["max_values"].get<std::size_t>())
      refuse(component, "has too few or too many files");
    auto ids = json::array();
    for (const auto& index : wanted) {
      if (!index.is_number_unsigned() || index.get<std::size_t>() >= uploads.size())
        refuse(component, "must list indexes of the files");
      const auto attachment =
          act_.a.files.add(act_.a.core.new_id(), where_.id, uploads[index.get<std::size_t>()],
                           act_.a.core.http_base(), true);
      resolved_.add_attachment(attachment);
      ids.push_back(attachment["id"]);
    }
    return ids;
  }

  const act_call& act_;
  const json& values_;
  const channel& where_;
  resolver& resolved_;
};

/// Every custom_id that can be answered.
void collect_ids(const json& node, std::set<std::string>& ids) {
  if (node.is_array())
    for (const auto& child : node)
      collect_ids(child, ids);
  if (!node.is_object())
    return;
  if (node.contains("custom_id"))
    ids.insert(node["custom_id"].get<std::string>());
  for (const auto* key : {"components", "component"})
    if (node.contains(key))
      collect_ids(node[key], ids);
}

} // namespace

json checked_values(const json& component, const json& values, bool optional, resolver& resolved) {
  if (!values.is_array())
    throw control_error{400, "values must be a list."};
  const auto options = component.value("options", json::array()).size();
  const auto min = component.value("min_values", std::size_t{1});
  const auto max =
      component.value("max_values", component["type"] == 22 ? options : std::size_t{1});
  const bool none = values.empty() && optional;
  if (!none && (values.size() < min || values.size() > max))
    refuse(component, "takes " + std::to_string(min) + " to " + std::to_string(max) + " values");
  std::set<std::string> seen;
  for (const auto& value : values)
    if (!value.is_string() || !seen.insert(value.get<std::string>()).second ||
        !resolve(component, value, resolved))
      refuse(component, "does not offer " + value.dump());
  return values;
}

json filled_modal(const act_call& act, const json& components, const json& values,
                  const channel& where, resolver& resolved) {
  if (!values.is_object())
    throw control_error{400, "values must be an object of custom_id and value."};
  std::set<std::string> known;
  collect_ids(components, known);
  for (const auto& [id, value] : values.items())
    if (known.count(id) == 0)
      throw control_error{404, "The modal has no component " + id + "."};
  modal_filler filler{act, values, where, resolved};
  auto filled = json::array();
  for (const auto& component : components)
    filled.push_back(filler.answer(component));
  return filled;
}

} // namespace sim
