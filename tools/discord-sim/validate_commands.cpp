#include "discord-sim/validate_commands.hpp"

#include "discord-sim/unicode.hpp"
#include "discord-sim/validate_options.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>

namespace sim {

using nlohmann::json;

namespace {

constexpr std::size_t command_text_max = 8000;

constexpr std::string_view locales[] = {
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr",    "hr",    "it", "lt",
    "hu", "nl", "no", "pl",    "pt-BR", "ro",    "fi",     "sv-SE", "vi",    "tr", "cs",
    "el", "bg", "ru", "uk",    "hi",    "th",    "zh-CN",  "ja",    "zh-TW", "ko"};

/// Length of a text or of its longest translation (discord-api 3.4).
std::size_t longest(const json& object, const std::string& key) {
  std::size_t length = 0;
  if (const auto found = object.find(key); found != object.end() && found->is_string())
    length = length_of(found->get_ref<const std::string&>());
  if (const auto map = object.find(key + "_localizations"); map != object.end() && map->is_object())
    for (const auto& text : *map)
      if (text.is_string())
        length = std::max(length, length_of(text.get_ref<const std::string&>()));
  return length;
}

/// Sum of names, descriptions and values of a command and all below it.
std::size_t text_of(const json& object) {
  std::size_t sum = longest(object, "name") + longest(object, "description");
  if (const auto value = object.find("value"); value != object.end())
    sum +=
        value->is_string() ? length_of(value->get_ref<const std::string&>()) : value->dump().size();
  for (const auto* key : {"options", "choices"})
    if (const auto list = object.find(key); list != object.end() && list->is_array())
      for (const auto& child : *list)
        if (child.is_object())
          sum += text_of(child);
  return sum;
}

/// contexts or integration_types: a list of numbers up to `max`.
void copy_numbers(const form_fields& fields, const char* key, long long max, json& normal) {
  const auto* list = fields.list(key, {1, unbounded, false});
  if (list == nullptr)
    return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& value = (*list)[i];
    if (!value.is_number_integer() || value < 0 || value > max)
      fields.errors().choices(fields.at() / key / i, max == 1 ? std::vector<long long>{0, 1}
                                                              : std::vector<long long>{0, 1, 2});
  }
  normal[key] = *list;
}

json permissions_of(const form_fields& fields) {
  const auto* value = fields.find("default_member_permissions");
  if (value == nullptr)
    return nullptr;
  const auto bits = snowflake_of(*value);
  if (!bits)
    fields.errors().not_a(fields.at() / "default_member_permissions", value->dump(), "int");
  return std::to_string(bits.value_or(0));
}

void check_describing(const form_fields& fields, int type, json& normal) {
  if (type == command_type::slash) {
    normal["description"] = fields.text("description", {1, 100, true}).value_or("");
    copy_localizations(fields, "description_localizations", 100, false, normal);
    if (fields.has("options"))
      normal["options"] = check_options(fields, 0);
    return;
  }
  // Not allowed in requests, "" in responses (discord-api 16). An empty one is let through, as the
  // libraries send it; the leaf codes are assumed.
  normal["description"] = "";
  if (const auto text = fields.text("description"); text && !text->empty())
    fields.errors().add(fields.at() / "description",
                        "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED",
                        "Context menu commands cannot have a description");
  if (const auto* options = fields.find("options"); options != nullptr && !options->empty())
    fields.errors().add(fields.at() / "options",
                        "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_NOT_ALLOWED",
                        "Context menu commands cannot have options");
}

} // namespace

bool is_locale(std::string_view locale) {
  return std::find(std::begin(locales), std::end(locales), locale) != std::end(locales);
}

std::string check_command_name(const form_fields& fields, std::string_view key, bool slash) {
  const auto name = fields.text(key, {1, 32, true});
  if (!name || !slash || name->empty() || length_of(trimmed(*name)) > 32)
    return name.value_or("");
  const auto where = fields.at() / key;
  const bool fits = is_command_name(*name);
  if (!fits)
    fields.errors().add(where, "STRING_TYPE_REGEX", "String value did not match validation regex.");
  if (!fits || has_upper_case(*name))
    fields.errors().add(where, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
  return *name;
}

void check_localizations(const form_fields& fields, std::string_view key, std::size_t length_max,
                         bool slash_name) {
  const auto* map = fields.object(key);
  if (map == nullptr)
    return;
  const form_fields texts{*map, fields.at() / key, fields.errors()};
  for (const auto& [locale, text] : map->items()) {
    if (!is_locale(locale))
      fields.errors().add(texts.at() / locale, "ENUM_TYPE_COERCE",
                          fmt::format("Value \"{}\" is not a valid enum value.", locale));
    else if (slash_name)
      check_command_name(texts, locale, true);
    else
      texts.text(locale, {1, length_max, false});
  }
}

void copy_localizations(const form_fields& fields, std::string_view key, std::size_t length_max,
                        bool slash_name, json& normal) {
  check_localizations(fields, key, length_max, slash_name);
  if (const auto* map = fields.find(key); map != nullptr)
    normal[std::string{key}] = *map;
}

json check_command(const json& body, bool of_guild, const form_path& at, form_errors& errors) {
  const form_fields fields{body, at, errors};
  json normal = json::object();
  if (!body.is_object())
    return normal;
  const auto type = fields.integer("type").value_or(command_type::slash);
  // A guild command cannot be an entry point (discord-api 16).
  if (type < 1 || type > (of_guild ? 3 : 4)) {
    errors.choices(at / "type",
                   of_guild ? std::vector<long long>{1, 2, 3} : std::vector<long long>{1, 2, 3, 4});
    return normal;
  }
  const bool slash = type == command_type::slash;
  normal["type"] = type;
  normal["name"] = check_command_name(fields, "name", slash);
  copy_localizations(fields, "name_localizations", 32, slash, normal);
  check_describing(fields, static_cast<int>(type), normal);
  normal["default_member_permissions"] = permissions_of(fields);
  normal["nsfw"] = fields.boolean("nsfw").value_or(false);
  normal["contexts"] = nullptr;
  if (!of_guild) {
    normal["dm_permission"] = fields.boolean("dm_permission").value_or(true);
    normal["integration_types"] = json::array({0});
    copy_numbers(fields, "contexts", 2, normal);
    copy_numbers(fields, "integration_types", 1, normal);
  }
  if (text_of(normal) > command_text_max)
    errors.add(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)");
  return normal;
}

json check_command_patch(const json& stored, const json& body, bool of_guild, form_errors& errors) {
  if (!body.is_object()) {
    errors.not_an_object({});
    return stored;
  }
  json merged = stored;
  for (const auto& [key, value] : body.items())
    if (key != "type") // a command's type never changes
      merged[key] = value;
  return check_command(merged, of_guild, {}, errors);
}

json check_command_list(const json& body, bool of_guild, form_errors& errors) {
  json list = json::array();
  if (!body.is_array()) {
    errors.add({}, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    return list;
  }
  std::set<std::pair<int, std::string>> names;
  for (std::size_t i = 0; i < body.size(); ++i) {
    auto command = check_command(body[i], of_guild, form_path{} / i, errors);
    if (command.contains("name") &&
        !names.emplace(command["type"].get<int>(), command["name"].get<std::string>()).second)
      errors.add(form_path{} / i, "APPLICATION_COMMANDS_DUPLICATE_NAME",
                 "Application command names must be unique");
    list.push_back(std::move(command));
  }
  return list;
}

} // namespace sim
