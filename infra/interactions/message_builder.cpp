#include "infra/interactions/message_builder.hpp"
#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hearth {
namespace {

using nlohmann::json;

// Component types of discord-api 3.5.
enum component_type : int {
  type_row = 1,
  type_button = 2,
  type_string_select = 3,
  type_text_input = 4,
  type_user_select = 5,
  type_role_select = 6,
  type_channel_select = 8,
  type_label = 18
};
constexpr int style_link = 5;
constexpr size_t custom_id_max = 100;

std::string or_blank(std::string text) { return text.empty() ? "\u200B" : text; }

/// "name:id" -> {name, id}; anything else is a Unicode emoji.
json emoji_json(const std::string& emoji) {
  const auto colon = emoji.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == emoji.size())
    return {{"name", emoji}};
  return {{"name", emoji.substr(0, colon)}, {"id", emoji.substr(colon + 1)}};
}

json select_json(int type, const select_spec& spec) {
  const auto options_max = type == type_string_select ? spec.options.size() : size_t{25};
  const auto max = std::clamp<size_t>(spec.max_values, 1, std::max<size_t>(1, options_max));
  auto made = json{{"type", type},
                   {"custom_id", spec.custom_id},
                   {"min_values", std::min<size_t>(spec.min_values, max)},
                   {"max_values", max}};
  if (!spec.placeholder.empty())
    made["placeholder"] = truncate(spec.placeholder, 150);
  if (!spec.required)
    made["required"] = false;
  return made;
}

json entity_select_json(int type, const char* entity, const select_spec& spec) {
  auto made = select_json(type, spec);
  auto chosen = json::array();
  for (const auto id : spec.default_ids)
    if (chosen.size() < made["max_values"])
      chosen.push_back({{"id", std::to_string(id)}, {"type", entity}});
  if (!chosen.empty())
    made["default_values"] = std::move(chosen);
  return made;
}

void append_escaped(std::string& out, std::string_view part) {
  for (const auto letter : part) {
    if (letter == ':')
      out += "%3A";
    else if (letter == '%')
      out += "%25";
    else
      out.push_back(letter);
  }
}

std::optional<std::string> unescape(std::string_view part) {
  auto out = std::string{};
  while (!part.empty()) {
    if (part.front() != '%') {
      out.push_back(part.front());
      part.remove_prefix(1);
      continue;
    }
    const auto code = part.substr(0, 3);
    if (code != "%3A" && code != "%25")
      return std::nullopt;
    out.push_back(code == "%25" ? '%' : ':');
    part.remove_prefix(3);
  }
  return out;
}

} // namespace

std::string make_custom_id(std::string_view area, std::initializer_list<std::string_view> parts) {
  auto out = std::string{};
  append_escaped(out, area);
  for (const auto part : parts) {
    out.push_back(':');
    append_escaped(out, part);
  }
  if (out.size() > custom_id_max)
    throw std::length_error("custom_id of " + std::to_string(out.size()) + " bytes: " + out);
  return out;
}

std::optional<custom_id> parse_custom_id(std::string_view text) {
  if (text.empty() || text.size() > custom_id_max)
    return std::nullopt;
  auto parsed = custom_id{};
  auto first = true;
  for (auto more = true; more;) {
    const auto colon = text.find(':');
    more = colon != std::string_view::npos;
    auto part = unescape(text.substr(0, colon));
    if (!part)
      return std::nullopt;
    if (std::exchange(first, false))
      parsed.area = std::move(*part);
    else
      parsed.parts.push_back(std::move(*part));
    text.remove_prefix(more ? colon + 1 : text.size());
  }
  if (parsed.area.empty())
    return std::nullopt;
  return parsed;
}

json message_text(std::string_view content) { return {{"content", truncate(content, 2000)}}; }

json make_embed(const embed_spec& spec) {
  auto budget = size_t{6000}; // of all texts together
  const auto take = [&](std::string_view text, size_t max) {
    auto cut = truncate(text, std::min(max, budget));
    budget -= text_length(cut);
    return cut;
  };
  auto made = json::object();
  if (!spec.title.empty())
    made["title"] = take(spec.title, 256);
  auto footer = spec.footer.empty() ? std::string{} : take(spec.footer, 2048);
  if (!spec.description.empty())
    made["description"] = take(spec.description, 4096);
  auto fields = json::array();
  for (const auto& field : spec.fields) {
    if (fields.size() == 25 || budget < 2)
      break;
    auto name = or_blank(take(field.name, std::min<size_t>(256, budget - 1)));
    auto value = or_blank(take(field.value, 1024));
    fields.push_back(
        {{"name", std::move(name)}, {"value", std::move(value)}, {"inline", field.is_inline}});
  }
  if (!fields.empty())
    made["fields"] = std::move(fields);
  if (!footer.empty())
    made["footer"] = {{"text", std::move(footer)}};
  if (spec.color)
    made["color"] = *spec.color & 0xFFFFFFU;
  if (!spec.image.empty())
    made["image"] = {{"url", spec.image}};
  return made;
}

json make_button(const button_spec& spec) {
  auto made = json{{"type", type_button},
                   {"style", static_cast<int>(spec.style)},
                   {"custom_id", spec.custom_id}};
  if (!spec.label.empty() || spec.emoji.empty())
    made["label"] = or_blank(truncate(spec.label, 80));
  if (!spec.emoji.empty())
    made["emoji"] = emoji_json(spec.emoji);
  if (spec.disabled)
    made["disabled"] = true;
  return made;
}

json make_link_button(std::string_view label, std::string_view url) {
  return {
      {"type", type_button}, {"style", style_link}, {"label", truncate(label, 80)}, {"url", url}};
}

json make_row(std::vector<json> components) {
  if (components.size() > 5)
    components.resize(5);
  return {{"type", type_row}, {"components", std::move(components)}};
}

json make_rows(const std::vector<json>& buttons, size_t width) {
  width = std::clamp<size_t>(width, 1, 5);
  auto rows = json::array();
  for (size_t i = 0; i < buttons.size() && rows.size() < 5; i += width) {
    const auto end = std::min(buttons.size(), i + width);
    rows.push_back(make_row({buttons.begin() + static_cast<std::ptrdiff_t>(i),
                             buttons.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  return rows;
}

json make_string_select(const select_spec& spec) {
  auto made = select_json(type_string_select, spec);
  auto options = json::array();
  for (const auto& option : spec.options) {
    if (options.size() == 25)
      break;
    auto entry = json{{"label", or_blank(truncate(option.label, 100))}, {"value", option.value}};
    if (!option.description.empty())
      entry["description"] = truncate(option.description, 100);
    if (option.chosen)
      entry["default"] = true;
    if (!option.emoji.empty())
      entry["emoji"] = emoji_json(option.emoji);
    options.push_back(std::move(entry));
  }
  made["max_values"] =
      std::min(made["max_values"].get<size_t>(), std::max<size_t>(1, options.size()));
  made["options"] = std::move(options);
  return made;
}

json make_user_select(const select_spec& spec) {
  return entity_select_json(type_user_select, "user", spec);
}
json make_role_select(const select_spec& spec) {
  return entity_select_json(type_role_select, "role", spec);
}
json make_channel_select(const select_spec& spec) {
  auto made = entity_select_json(type_channel_select, "channel", spec);
  if (!spec.channel_kinds.empty())
    made["channel_types"] =
        json(std::vector<int>(spec.channel_kinds.begin(), spec.channel_kinds.end()));
  return made;
}

json make_text_input(const text_input_spec& spec) {
  const auto max = std::clamp<int>(spec.max_length, 1, 4000);
  auto made = json{{"type", type_text_input},
                   {"custom_id", spec.custom_id},
                   {"style", spec.paragraph ? 2 : 1},
                   {"min_length", std::min<int>(spec.min_length, max)},
                   {"max_length", max},
                   {"required", spec.required}};
  if (!spec.value.empty())
    made["value"] = truncate(spec.value, static_cast<size_t>(max));
  if (!spec.placeholder.empty())
    made["placeholder"] = truncate(spec.placeholder, 100);
  return made;
}

json make_label(std::string_view label, json component, std::string_view description) {
  auto made = json{{"type", type_label},
                   {"label", or_blank(truncate(label, 45))},
                   {"component", std::move(component)}};
  if (!description.empty())
    made["description"] = truncate(description, 100);
  return made;
}

json make_modal(std::string_view custom_id, std::string_view title, std::vector<json> labels) {
  if (labels.size() > 5)
    labels.resize(5);
  return {{"custom_id", custom_id},
          {"title", or_blank(truncate(title, 45))},
          {"components", std::move(labels)}};
}

json make_choices(const std::vector<completion>& choices) {
  auto list = json::array();
  for (const auto& choice : choices)
    if (list.size() < 25)
      list.push_back({{"name", or_blank(truncate(choice.name, 100))}, {"value", choice.value}});
  return {{"choices", std::move(list)}};
}

} // namespace hearth
