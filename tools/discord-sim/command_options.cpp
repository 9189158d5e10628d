#include "discord-sim/command_options.hpp"

#include "discord-sim/unicode.hpp"
#include "discord-sim/validate_commands.hpp"

#include <algorithm>
#include <cmath>

namespace sim {

namespace {

[[noreturn]] void refuse(const json& definition, const std::string& why) {
  throw control_error{400, "Option " + definition["name"].get<std::string>() + " " + why + "."};
}

const json* named(const json& list, const std::string& name) {
  for (const auto& item : list)
    if (item.is_object() && item.value("name", json{}) == name)
      return &item;
  return nullptr;
}

/// A number typed into a field comes as text.
json as_number(const json& value) {
  if (!value.is_string())
    return value;
  auto parsed = json::parse(value.get_ref<const std::string&>(), nullptr, false);
  return parsed.is_number() ? parsed : value;
}

} // namespace

snowflake id_in(const json& value) { return parse_id(value).value_or(0); }

json option_filler::fill(const json& defined, const json& given) {
  if (!given.is_array())
    throw control_error{400, "options must be a list of {name, value}."};
  for (const auto& item : given)
    if (!item.is_object() || !item.contains("name") || !item["name"].is_string() ||
        named(defined, item["name"]) == nullptr)
      throw control_error{
          400, "There is no option " +
                   (item.is_object() && item.contains("name") ? item["name"].dump() : item.dump()) +
                   "."};
  auto filled = json::array();
  bool needs_sub = false;
  for (const auto& definition : defined) {
    const int type = definition["type"];
    const std::string name = definition["name"];
    const auto* item = named(given, name);
    if (type == option_type::sub_command || type == option_type::group) {
      needs_sub = true;
      if (item == nullptr)
        continue;
      filled.push_back({{"name", name},
                        {"type", type},
                        {"options", fill(definition.value("options", json::array()),
                                         item->value("options", json::array()))}});
      continue;
    }
    if (item == nullptr || !item->contains("value") || (*item)["value"].is_null()) {
      if (focused_.empty() && definition.value("required", false))
        refuse(definition, "is required");
      if (focused_ == name)
        filled.push_back({{"name", name}, {"type", type}, {"value", ""}, {"focused", true}});
      continue;
    }
    if (focused_ == name) // free text while it is typed (discord-api 3.4)
      filled.push_back(
          {{"name", name}, {"type", type}, {"value", (*item)["value"]}, {"focused", true}});
    else
      filled.push_back(
          {{"name", name}, {"type", type}, {"value", value_of(definition, (*item)["value"])}});
  }
  if (needs_sub && filled.size() != 1)
    throw control_error{400, "Choose exactly one sub-command."};
  return filled;
}

json option_filler::value_of(const json& definition, const json& value) {
  switch (definition["type"].get<int>()) {
  case option_type::string:
    return text_value(definition, value);
  case option_type::integer:
    return number_value(definition, value, true);
  case option_type::number:
    return number_value(definition, value, false);
  case option_type::boolean:
    if (!value.is_boolean())
      refuse(definition, "must be true or false");
    return value;
  case option_type::attachment:
    return attachment_value(definition, value);
  default:
    return entity_value(definition, value);
  }
}

void option_filler::check_choice(const json& definition, const json& value) const {
  const auto choices = definition.value("choices", json::array());
  if (choices.empty())
    return;
  for (const auto& choice : choices)
    if (choice["value"] == value)
      return;
  refuse(definition, "must be one of its choices");
}

json option_filler::text_value(const json& definition, const json& value) const {
  if (!value.is_string())
    refuse(definition, "must be a text");
  const auto length = length_of(value.get_ref<const std::string&>());
  const auto min = definition.value("min_length", std::size_t{0});
  const auto max = definition.value("max_length", std::size_t{6000});
  if (length < min || length > max)
    refuse(definition, "must be between " + std::to_string(min) + " and " + std::to_string(max) +
                           " characters long");
  check_choice(definition, value);
  return value;
}

json option_filler::number_value(const json& definition, const json& value, bool whole) const {
  const auto number = as_number(value);
  constexpr double limit = 9007199254740992.0; // 2^53 (discord-api 3.4)
  if (!number.is_number() || (whole && !number.is_number_integer()))
    refuse(definition, whole ? "must be a whole number" : "must be a number");
  const auto size = number.get<double>();
  if (!std::isfinite(size) || std::abs(size) >= limit)
    refuse(definition, "is too large");
  if (definition.contains("min_value") && size < definition["min_value"].get<double>())
    refuse(definition, "must be at least " + definition["min_value"].dump());
  if (definition.contains("max_value") && size > definition["max_value"].get<double>())
    refuse(definition, "must be at most " + definition["max_value"].dump());
  check_choice(definition, number);
  return number;
}

json option_filler::entity_value(const json& definition, const json& value) {
  const auto id = id_in(value);
  const int type = definition["type"];
  const bool people = type == option_type::user || type == option_type::mentionable;
  const bool roles = type == option_type::role || type == option_type::mentionable;
  if (people && resolved_.add_user(id))
    return id_text(id);
  if (roles && resolved_.add_role(id))
    return id_text(id);
  if (type == option_type::channel && resolved_.add_channel(id)) {
    const auto kinds = definition.value("channel_types", json::array());
    const auto kind = static_cast<int>(act_.a.core.world.find_channel(id)->type);
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), json(kind)) == kinds.end())
      refuse(definition, "takes another kind of channel");
    return id_text(id);
  }
  refuse(definition, "names nothing that exists here");
}

json option_filler::attachment_value(const json& definition, const json& value) {
  const auto files = read_files(act_.body);
  const auto number = as_number(value);
  if (!number.is_number_unsigned() || number.get<std::size_t>() >= files.size())
    refuse(definition, "must be the index of one of the files");
  // Files of options are ephemeral [I].
  const auto attachment =
      act_.a.files.add(act_.a.core.new_id(), where_.id, files[number.get<std::size_t>()],
                       act_.a.core.http_base(), true);
  resolved_.add_attachment(attachment);
  return attachment["id"];
}

} // namespace sim
