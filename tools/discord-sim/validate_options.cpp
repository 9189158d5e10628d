// Options and choices of slash commands (discord-api 3.4, 15.12).
#include "discord-sim/validate_options.hpp"

#include "discord-sim/types.hpp"
#include "discord-sim/unicode.hpp"
#include "discord-sim/validate_commands.hpp"

#include <algorithm>
#include <set>

namespace sim {

using nlohmann::json;

namespace {

constexpr long long integer_limit = (1LL << 53) - 1; // |v| < 2^53
constexpr std::size_t options_max = 25;
constexpr std::size_t choices_max = 25;

bool has_choices(long long type) {
  return type == option_type::string || type == option_type::integer || type == option_type::number;
}

/// Value of a choice, checked against the option's type.
void check_choice_value(const form_fields& choice, long long type) {
  const auto* value = choice.find("value");
  const auto where = choice.at() / "value";
  if (value == nullptr)
    choice.errors().required(where);
  else if (type == option_type::string)
    choice.text("value", {1, 100, true});
  else if (type == option_type::integer)
    choice.integer("value", {-integer_limit, integer_limit, true});
  else if (!value->is_number())
    choice.errors().not_a(where, value->dump(), "float");
}

json check_choices(const form_fields& option, long long type) {
  json normal = json::array();
  const auto* list = option.list("choices", {0, choices_max, false});
  if (list == nullptr)
    return normal;
  std::set<std::string> names;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const form_fields choice{(*list)[i], option.at() / "choices" / i, option.errors()};
    const auto name = choice.text("name", {1, 100, true});
    if (name && !names.insert(*name).second)
      option.errors().add(choice.at(), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
                          "Option choice name already exists");
    check_localizations(choice, "name_localizations", 100, false);
    check_choice_value(choice, type);
    normal.push_back((*list)[i]);
  }
  return normal;
}

void check_bounds(const form_fields& option, long long type, json& normal) {
  if (type == option_type::string) {
    const auto min = option.integer("min_length", {0, 6000, false});
    const auto max = option.integer("max_length", {1, 6000, false});
    if (min && max && *min > *max)
      option.errors().number_max(option.at() / "min_length", *max);
  }
  for (const auto* key : {"min_value", "max_value"}) {
    const auto* value = option.find(key);
    if (value == nullptr)
      continue;
    if (type == option_type::integer)
      option.integer(key, {-integer_limit, integer_limit, false});
    else if (type == option_type::number && !value->is_number())
      option.errors().not_a(option.at() / key, value->dump(), "float");
  }
  for (const auto* key : {"min_length", "max_length"})
    if (const auto* value = option.find(key); value != nullptr && type == option_type::string)
      normal[key] = *value;
  const bool numeric = type == option_type::integer || type == option_type::number;
  for (const auto* key : {"min_value", "max_value"})
    if (const auto* value = option.find(key); value != nullptr && numeric)
      normal[key] = *value;
}

void check_plain(const form_fields& option, long long type, json& normal) {
  if (option.boolean("required").value_or(false))
    normal["required"] = true;
  const bool completes = option.boolean("autocomplete").value_or(false);
  if (completes)
    normal["autocomplete"] = true;
  if (completes && !has_choices(type))
    option.errors().add(option.at() / "autocomplete",
                        "APPLICATION_COMMAND_AUTOCOMPLETE_TYPE_INVALID",
                        "Autocomplete is not available for this option type");
  if (has_choices(type) && option.has("choices")) {
    normal["choices"] = check_choices(option, type);
    if (completes && !normal["choices"].empty())
      option.errors().add(option.at() / "autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES",
                          "Autocomplete and choices are mutually exclusive");
  }
  check_bounds(option, type, normal);
  if (type == option_type::channel)
    if (const auto* kinds = option.list("channel_types"); kinds != nullptr)
      normal["channel_types"] = *kinds;
}

/// Kinds allowed at a depth: 0 the command, 1 inside a group, 2 inside a sub-command.
const std::vector<long long>& allowed_at(int depth) {
  static const std::vector<long long> top{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  static const std::vector<long long> in_group{1};
  static const std::vector<long long> in_sub{3, 4, 5, 6, 7, 8, 9, 10, 11};
  return depth == 0 ? top : depth == 1 ? in_group : in_sub;
}

json check_option(const json& value, int depth, const form_path& at, form_errors& errors) {
  const form_fields option{value, at, errors};
  if (!value.is_object())
    return value;
  const auto type = option.integer("type", {INT64_MIN, INT64_MAX, true});
  if (!type)
    return value;
  const auto& allowed = allowed_at(depth);
  if (std::find(allowed.begin(), allowed.end(), *type) == allowed.end()) {
    errors.union_choices(at, allowed); // wrong nesting (15.12)
    return value;
  }
  json normal{{"type", *type}};
  normal["name"] = check_command_name(option, "name", true);
  normal["description"] = option.text("description", {1, 100, true}).value_or("");
  copy_localizations(option, "name_localizations", 32, true, normal);
  copy_localizations(option, "description_localizations", 100, false, normal);
  if (*type == option_type::sub_command || *type == option_type::group)
    normal["options"] = check_options(option, *type == option_type::group ? 1 : 2);
  else
    check_plain(option, *type, normal);
  return normal;
}

} // namespace

json check_options(const form_fields& parent, int depth) {
  json normal = json::array();
  const auto* list = parent.list("options", {0, options_max, false});
  if (list == nullptr)
    return normal;
  auto& errors = parent.errors();
  const auto at = parent.at() / "options";
  std::set<std::string> names;
  std::size_t subs = 0;
  bool optional_seen = false;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto option = check_option((*list)[i], depth, at / i, errors);
    const auto type = option.value("type", json{});
    if (!type.is_number_integer()) {
      normal.push_back(std::move(option));
      continue;
    }
    const bool sub = type == option_type::sub_command || type == option_type::group;
    subs += sub ? 1 : 0;
    const auto name = option.value("name", json{});
    if (name.is_string() && !names.insert(name.get<std::string>()).second)
      errors.add(at / i / "name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                 "Option name already exists");
    const auto required = option.value("required", json(false));
    if (required == true && optional_seen)
      errors.add(at / i, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                 "Required options must be placed before non-required options");
    optional_seen = optional_seen || (!sub && required != true);
    normal.push_back(std::move(option));
  }
  if (subs != 0 && subs != list->size())
    errors.add(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
               "Sub-command and sub-command group option types are mutually exclusive to all other "
               "types");
  return normal;
}

} // namespace sim
