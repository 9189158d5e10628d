// The interactive kinds of component_checker: buttons, selects and the inputs of modals.
#include "discord-sim/component_checker.hpp"
#include "discord-sim/emoji.hpp"

#include <algorithm>

namespace sim {

using nlohmann::json;

void component_checker::custom_id(const form_fields& fields) {
  const auto id = fields.text("custom_id", {1, 100, true});
  if (id && !custom_ids_.insert(*id).second)
    errors_.add(fields.at() / "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated");
}

void component_checker::not_disabled(const form_fields& fields) {
  // `disabled` in modals is an error (discord-api 3.5); its code is assumed.
  if (fields.boolean("disabled").value_or(false) && in_modal())
    errors_.add(fields.at() / "disabled", "COMPONENT_DISABLED_IN_MODAL",
                "Components in modals cannot be disabled");
}

void component_checker::button_target(long long style, const form_fields& fields) {
  const bool has_id = fields.has("custom_id");
  const bool has_url = fields.has("url");
  const auto exclusive = [&](const char* key) {
    errors_.add(fields.at() / key, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified");
  };
  if (style == 5) {
    fields.url("url", false, true, true);
    if (has_id)
      exclusive("custom_id");
  } else if (style == 6) {
    fields.snowflake("sku_id", true);
    if (has_id || has_url)
      exclusive(has_id ? "custom_id" : "url");
  } else if (!has_id) {
    errors_.add(fields.at() / "custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
                "A custom id is required");
  } else {
    custom_id(fields);
    if (has_url)
      exclusive("url");
  }
}

json component_checker::button(const form_fields& fields) {
  const auto style = fields.integer("style", {INT64_MIN, INT64_MAX, true}).value_or(0);
  if (fields.has("style") && (style < 1 || style > 6))
    errors_.choices(fields.at() / "style", {1, 2, 3, 4, 5, 6});
  else if (style != 0)
    button_target(style, fields);
  const auto label = fields.text("label", {0, 80, false});
  check_component_emoji(fields, "emoji");
  // A premium button shows its product, any other needs something to show (discord-api 3.5).
  if (style != 6 && (!label || label->empty()) && !fields.has("emoji"))
    errors_.required(fields.at() / "label");
  auto normal = json{{"style", style}};
  for (const auto* key : {"label", "emoji", "custom_id", "url", "sku_id"})
    if (const auto* value = fields.find(key); value != nullptr)
      normal[key] = *value;
  if (fields.boolean("disabled").value_or(false))
    normal["disabled"] = true;
  return normal;
}

void component_checker::value_range(const form_fields& fields, long long& min, long long& max,
                                    long long limit) {
  min = fields.integer("min_values", {0, limit, false}).value_or(1);
  max = fields.integer("max_values", {1, limit, false}).value_or(std::max(min, 1LL));
  // The leaf for a crossed range is assumed.
  if (fields.has("min_values") && min > max)
    errors_.number_max(fields.at() / "min_values", max);
  const bool required = fields.boolean("required").value_or(true);
  // min_values 0 goes only with required:false in modals (discord-api 16).
  if (in_modal() && fields.has("min_values") && min == 0 && required)
    errors_.number_min(fields.at() / "min_values", 1);
}

json component_checker::options(const form_fields& fields, length_bounds bounds, bool emoji,
                                std::size_t default_max) {
  json normal = json::array();
  const auto* list = fields.list("options", bounds);
  if (list == nullptr)
    return normal;
  std::set<std::string> values;
  std::size_t defaults = 0;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const form_fields option{(*list)[i], fields.at() / "options" / i, errors_};
    option.text("label", {1, 100, true});
    option.text("description", {0, 100, false});
    const auto value = option.text("value", {1, 100, true});
    if (value && !values.insert(*value).second)
      errors_.add(option.at() / "value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                  "The specified option value is already used");
    defaults += option.boolean("default").value_or(false) ? 1 : 0;
    if (emoji)
      check_component_emoji(option, "emoji");
    normal.push_back((*list)[i].is_object()
                         ? kept((*list)[i], {"label", "value", "description", "emoji", "default"})
                         : (*list)[i]);
  }
  if (defaults > default_max)
    errors_.add(fields.at() / "options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
                "Too many default values");
  return normal;
}

void component_checker::default_values(long long type, const form_fields& fields, long long max) {
  const auto* list = fields.list("default_values", {0, 25, false});
  if (list == nullptr)
    return;
  if (static_cast<long long>(list->size()) > max)
    errors_.add(fields.at() / "default_values", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
                "Too many default values");
  for (std::size_t i = 0; i < list->size(); ++i) {
    const form_fields item{(*list)[i], fields.at() / "default_values" / i, errors_};
    item.snowflake("id", true);
    const auto kind = item.text("type", {0, unbounded, true}).value_or("");
    const bool fits = (kind == "user" && (type == 5 || type == 7)) ||
                      (kind == "role" && (type == 6 || type == 7)) ||
                      (kind == "channel" && type == 8);
    if (!fits && !kind.empty())
      errors_.add(item.at() / "type", "BASE_TYPE_CHOICES", "Value must be one of the kinds shown.");
  }
}

json component_checker::select(long long type, const form_fields& fields) {
  custom_id(fields);
  not_disabled(fields);
  fields.text("placeholder", {0, 150, false});
  long long min = 1;
  long long max = 1;
  value_range(fields, min, max, 25);
  json normal{{"min_values", min}, {"max_values", max}};
  if (type == 3) {
    normal["options"] = options(fields, {1, 25, true}, true, static_cast<std::size_t>(max));
    // More choices asked for than there are options (assumed).
    const auto count = static_cast<long long>(normal["options"].size());
    if (count > 0 && max > count)
      errors_.number_max(fields.at() / "max_values", count);
  } else {
    default_values(type, fields, max);
  }
  if (type == 8)
    if (const auto* kinds = fields.list("channel_types"); kinds != nullptr)
      for (std::size_t i = 0; i < kinds->size(); ++i)
        if (!(*kinds)[i].is_number_integer() || (*kinds)[i] < 0 || (*kinds)[i] > 16)
          errors_.choices(fields.at() / "channel_types" / i,
                          {0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16});
  for (const auto* key :
       {"custom_id", "placeholder", "disabled", "default_values", "channel_types", "required"})
    if (const auto* value = fields.find(key); value != nullptr)
      normal[key] = *value;
  return normal;
}

json component_checker::text_input(const form_fields& fields) {
  custom_id(fields);
  not_disabled(fields);
  const auto style = fields.integer("style", {INT64_MIN, INT64_MAX, true}).value_or(1);
  if (style != 1 && style != 2)
    errors_.choices(fields.at() / "style", {1, 2});
  // Inside a Label the label is the Label's (discord-api 16); the code is assumed.
  if (!in_label_)
    fields.text("label", {1, 45, true});
  else if (fields.has("label"))
    errors_.add(fields.at() / "label", "COMPONENT_LABEL_NOT_ALLOWED",
                "A text input inside a label cannot have a label");
  const auto min = fields.integer("min_length", {0, 4000, false});
  const auto max = fields.integer("max_length", {1, 4000, false});
  if (min && max && *min > *max)
    errors_.number_max(fields.at() / "min_length", *max);
  fields.text("value", {0, 4000, false});
  fields.text("placeholder", {0, 100, false});
  json normal{{"style", style}, {"required", fields.boolean("required").value_or(true)}};
  for (const auto* key : {"custom_id", "label", "min_length", "max_length", "value", "placeholder"})
    if (const auto* value = fields.find(key); value != nullptr)
      normal[key] = *value;
  return normal;
}

json component_checker::file_upload(const form_fields& fields) {
  custom_id(fields);
  not_disabled(fields);
  long long min = 1;
  long long max = 1;
  value_range(fields, min, max, 10);
  fields.list("file_types", {0, 10, false});
  json normal{{"min_values", min},
              {"max_values", max},
              {"required", fields.boolean("required").value_or(true)}};
  for (const auto* key : {"custom_id", "file_types"})
    if (const auto* value = fields.find(key); value != nullptr)
      normal[key] = *value;
  return normal;
}

json component_checker::choice_group(long long type, const form_fields& fields) {
  custom_id(fields);
  not_disabled(fields);
  const bool radio = type == 21;
  json normal{{"required", fields.boolean("required").value_or(true)}};
  long long min = 1;
  long long max = 1;
  if (!radio) {
    value_range(fields, min, max, 10);
    normal["min_values"] = min;
    // Without a maximum every box may be ticked (assumed).
    if (fields.has("max_values"))
      normal["max_values"] = max;
  }
  const bool bounded = radio || fields.has("max_values");
  normal["options"] = options(fields, {radio ? std::size_t{2} : std::size_t{1}, 10, true}, false,
                              bounded ? static_cast<std::size_t>(max) : 10);
  if (const auto* id = fields.find("custom_id"); id != nullptr)
    normal["custom_id"] = *id;
  return normal;
}

json component_checker::checkbox(const form_fields& fields) {
  custom_id(fields);
  not_disabled(fields);
  json normal{{"default", fields.boolean("default").value_or(false)}};
  if (const auto* id = fields.find("custom_id"); id != nullptr)
    normal["custom_id"] = *id;
  return normal;
}

} // namespace sim
