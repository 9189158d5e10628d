#include "infra/interactions/command_json.hpp"
#include "infra/interactions/message_builder.hpp"
#include <algorithm>
#include <array>

namespace hearth {
namespace {

using nlohmann::json;

constexpr int type_subcommand = 1;
constexpr int type_group = 2;
constexpr int type_entry_point = 4;
constexpr size_t text_max = 100; // discord-api 3.4: descriptions and choice names

/// Discord's name of a language of ours; empty for those it does not have.
std::string locale_of(const std::string& language) {
  static constexpr auto known = std::array<std::string_view, 32>{
      "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr",    "hr",    "it", "lt",
      "hu", "nl", "no", "pl",    "pt-BR", "ro",    "fi",     "sv-SE", "vi",    "tr", "cs",
      "el", "bg", "ru", "uk",    "hi",    "th",    "zh-CN",  "ja",    "zh-TW", "ko"};
  for (const auto each : known) // "pt" of ours is "pt-BR" of theirs
    if (each == language || each.substr(0, each.find('-')) == language)
      return std::string{each};
  return {};
}

/// `<field>` in English and `<field>_localizations` in the others.
void put_text(json& into, const char* field, const catalog& texts, const std::string& key) {
  into[field] = truncate(texts.text("en", key), text_max);
  auto others = json::object();
  for (const auto& [language, text] : texts.translations(key))
    if (const auto locale = locale_of(language); language != "en" && !locale.empty())
      others[locale] = truncate(text, text_max);
  if (!others.empty())
    into[std::string{field} + "_localizations"] = std::move(others);
}

json choices_json(const std::vector<choice_spec>& choices, const catalog& texts) {
  auto list = json::array();
  for (const auto& choice : choices) {
    auto entry = json::object();
    put_text(entry, "name", texts, choice.text);
    std::visit([&](const auto& value) { entry["value"] = value; }, choice.value);
    list.push_back(std::move(entry));
  }
  return list;
}

json option_json(const option_spec& option, const catalog& texts, const std::string& key) {
  auto made = json::object();
  made["type"] = static_cast<int>(option.type);
  made["name"] = option.name;
  put_text(made, "description", texts, key + "." + option.name + ".description");
  if (option.required)
    made["required"] = true;
  if (option.autocomplete)
    made["autocomplete"] = true;
  if (!option.choices.empty())
    made["choices"] = choices_json(option.choices, texts);
  const auto put = [&](const char* name, const auto& value) {
    if (value)
      made[name] = *value;
  };
  put("min_value", option.min);
  put("max_value", option.max);
  put("min_length", option.min_length);
  put("max_length", option.max_length);
  if (!option.channel_kinds.empty())
    made["channel_types"] =
        std::vector<int>(option.channel_kinds.begin(), option.channel_kinds.end());
  return made;
}

json options_json(const std::vector<option_spec>& options, const catalog& texts,
                  const std::string& key) {
  auto list = json::array();
  for (const auto& option : options)
    list.push_back(option_json(option, texts, key));
  return list;
}

/// The entry of a group in `list`, made when it is the first of its group.
json& group_of(json& list, const std::string& group, const catalog& texts, const std::string& key) {
  for (auto& entry : list)
    if (entry["type"] == type_group && entry["name"] == group)
      return entry;
  auto made = json::object();
  made["type"] = type_group;
  made["name"] = group;
  put_text(made, "description", texts, key + "." + group + ".description");
  made["options"] = json::array();
  list.push_back(std::move(made));
  return list.back();
}

json subcommands_json(const command_spec& command, const catalog& texts, const std::string& key) {
  auto list = json::array();
  for (const auto& branch : command.subcommands) {
    const auto at = branch.group.empty() ? key : key + "." + branch.group;
    auto made = json::object();
    made["type"] = type_subcommand;
    made["name"] = branch.name;
    put_text(made, "description", texts, at + "." + branch.name + ".description");
    if (!branch.options.empty())
      made["options"] = options_json(branch.options, texts, at + "." + branch.name);
    if (branch.group.empty())
      list.push_back(std::move(made));
    else
      group_of(list, branch.group, texts, key)["options"].push_back(std::move(made));
  }
  return list;
}

/// Who sees the command in Discord's list. Only a hint, the handler checks again. Moderators are
/// not named: members of a guild's Mod role must see their commands, and Discord knows permissions
/// only, not our role; a guild may hide them in its integration settings.
json default_permissions(allowed who) {
  if (who == allowed::administrator || who == allowed::owner)
    return "8";
  return nullptr;
}

/// Keeps `field` of `from` unless it is absent, null or `usual`.
void keep(json& into, const json& from, const char* field, const json& usual = nullptr) {
  const auto found = from.find(field);
  if (found != from.end() && !found->is_null() && *found != usual)
    into[field] = *found;
}

json canonical_list(const json& list, json (*each)(const json&)) {
  auto out = json::array();
  for (const auto& entry : list)
    if (entry.is_object())
      out.push_back(each(entry));
  return out;
}

json canonical_choice(const json& choice) {
  auto out = json::object();
  keep(out, choice, "name");
  keep(out, choice, "name_localizations", json::object());
  keep(out, choice, "value");
  return out;
}

json canonical_option(const json& option) {
  auto out = json::object();
  for (const auto* field : {"type", "name", "min_value", "max_value", "min_length", "max_length"})
    keep(out, option, field);
  keep(out, option, "description", "");
  for (const auto* field : {"name_localizations", "description_localizations"})
    keep(out, option, field, json::object());
  keep(out, option, "required", false);
  keep(out, option, "autocomplete", false);
  keep(out, option, "channel_types", json::array());
  for (const auto& [field, each] :
       {std::pair{"choices", &canonical_choice}, std::pair{"options", &canonical_option}})
    if (const auto found = option.find(field); found != option.end() && found->is_array())
      if (auto list = canonical_list(*found, each); !list.empty())
        out[field] = std::move(list);
  return out;
}

json canonical_command(const json& command) {
  auto out = canonical_option(command);
  if (!out.contains("type"))
    out["type"] = 1;
  keep(out, command, "default_member_permissions");
  keep(out, command, "nsfw", false);
  keep(out, command, "contexts", json::array());
  return out;
}

bool before(const json& left, const json& right) {
  return std::pair{left.value("type", json(1)), left.value("name", json(""))} <
         std::pair{right.value("type", json(1)), right.value("name", json(""))};
}

} // namespace

json command_json(const command_spec& command, const catalog& texts) {
  auto made = json::object();
  made["type"] = static_cast<int>(command.type);
  made["name"] = command.name;
  const auto key = "command." + command.name;
  if (command.type == command_kind::slash) {
    put_text(made, "description", texts, key + ".description");
    auto options = command.subcommands.empty() ? options_json(command.options, texts, key)
                                               : subcommands_json(command, texts, key);
    if (!options.empty())
      made["options"] = std::move(options);
  }
  made["default_member_permissions"] = default_permissions(command.who);
  if (command.feature == "core") { // fields of the global scope only (discord-api 3.4)
    made["contexts"] = json::array({0});
    if (command.who == allowed::everyone)
      made["contexts"].push_back(1); // also in direct messages with the bot
    made["integration_types"] = json::array({0});
  }
  return made;
}

json registration_json(const std::vector<command_spec>& commands,
                       const std::vector<std::string>& features, const catalog& texts,
                       const json& present) {
  auto list = std::vector<json>{};
  for (const auto& command : commands)
    if (std::find(features.begin(), features.end(), command.feature) != features.end())
      list.push_back(command_json(command, texts));
  if (present.is_array())
    for (const auto& command : present)
      if (command.is_object() && command.value("type", json(1)) == json(type_entry_point))
        list.push_back(command);
  std::sort(list.begin(), list.end(), before);
  return list;
}

json canonical_commands(const json& commands) {
  if (!commands.is_array())
    return nullptr;
  auto list = std::vector<json>{};
  for (const auto& command : commands)
    if (command.is_object())
      list.push_back(canonical_command(command));
  std::sort(list.begin(), list.end(), before);
  return list;
}

std::vector<std::pair<std::string, command_id>> registered_ids(const json& commands) {
  auto ids = std::vector<std::pair<std::string, command_id>>{};
  if (!commands.is_array())
    return ids;
  for (const auto& command : commands) {
    if (!command.is_object())
      continue;
    const auto name = command.find("name");
    const auto id = command.find("id");
    if (name == command.end() || id == command.end() || !name->is_string() || !id->is_string())
      continue;
    if (const auto parsed = parse_id<command_id>(id->get_ref<const std::string&>()))
      ids.emplace_back(name->get<std::string>(), *parsed);
  }
  return ids;
}

} // namespace hearth
