#include "discord-sim/validate_components.hpp"

#include "discord-sim/component_checker.hpp"
#include "discord-sim/unicode.hpp"

#include <algorithm>

namespace sim {

using nlohmann::json;

namespace {

constexpr std::size_t total_max = 40;          // discord-api 3.5, 16
constexpr std::size_t display_text_max = 4000; // discord-api 3.5, 16
constexpr std::string_view attachment_scheme = "attachment://";

const std::vector<long long> row_children{2, 3, 5, 6, 7, 8};
const std::vector<long long> v2_top{1, 9, 10, 12, 13, 14, 17};
const std::vector<long long> container_children{1, 9, 10, 12, 13, 14};
const std::vector<long long> modal_top{1, 10, 18};
const std::vector<long long> label_children{3, 4, 5, 6, 7, 8, 19, 21, 22, 23};

/// A select fills a row, a button a fifth of it (discord-api 3.5).
std::size_t width_of(const json& component) { return component.value("type", 0) == 2 ? 1 : 5; }

} // namespace

json kept(const json& object, std::initializer_list<const char*> keys) {
  json copy = json::object();
  for (const auto* key : keys)
    if (const auto found = object.find(key); found != object.end() && !found->is_null())
      copy[key] = *found;
  return copy;
}

checked_components component_checker::check(const json& list, const form_path& at) {
  if (!list.is_array()) {
    errors_.add(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    return result_;
  }
  const bool v2 = surface_ == component_surface::message_v2;
  // Since April 2025 only the total bounds a v2 message (discord-api 3.5).
  if (!v2 && list.size() > 5)
    errors_.length(at, 0, 5);
  if (in_modal() && list.empty())
    errors_.required(at);
  static const std::vector<long long> legacy_top{1};
  const auto& allowed = in_modal() ? modal_top : v2 ? v2_top : legacy_top;
  for (std::size_t i = 0; i < list.size(); ++i)
    result_.components.push_back(any(list[i], at / i, allowed));
  if (v2 && result_.total > total_max)
    errors_.add(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                "The total number of components cannot exceed 40");
  std::size_t text = 0;
  for (const auto& part : result_.texts)
    text += length_of(part);
  if (text > display_text_max)
    errors_.add(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                "Components displayable text size exceeds maximum size of 4000");
  number(result_.components);
  return std::move(result_);
}

json component_checker::any(const json& component, const form_path& at,
                            const std::vector<long long>& allowed) {
  ++result_.total;
  const form_fields fields{component, at, errors_};
  if (!component.is_object())
    return component;
  const auto type = fields.integer("type", {0, INT64_MAX, true});
  if (!type)
    return component;
  if (std::find(allowed.begin(), allowed.end(), *type) == allowed.end()) {
    errors_.union_choices(at, allowed);
    return component;
  }
  auto normal = by_type(*type, fields);
  normal["type"] = *type;
  // The id is an int32, unique in the message; 0 means "number it" (discord-api 3.5).
  const auto id = fields.integer("id", {0, INT32_MAX, false}).value_or(0);
  if (id != 0 && !ids_.insert(id).second)
    errors_.add(at / "id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated");
  normal["id"] = id;
  return normal;
}

json component_checker::by_type(long long type, const form_fields& fields) {
  switch (type) {
  case 1:
    return row(fields);
  case 2:
    return button(fields);
  case 4:
    return text_input(fields);
  case 9:
    return section(fields);
  case 10:
    return text_display(fields);
  case 11:
    return thumbnail(fields);
  case 12:
    return gallery(fields);
  case 13:
    return file(fields);
  case 14:
    return separator(fields);
  case 17:
    return container(fields);
  case 18:
    return label(fields);
  case 19:
    return file_upload(fields);
  case 21:
  case 22:
    return choice_group(type, fields);
  case 23:
    return checkbox(fields);
  default: // 3, 5, 6, 7, 8: nothing else is ever allowed.
    return select(type, fields);
  }
}

json component_checker::children(const form_fields& fields, std::string_view key,
                                 length_bounds bounds, const std::vector<long long>& allowed) {
  json checked = json::array();
  const auto* list = fields.list(key, bounds);
  if (list == nullptr)
    return checked;
  for (std::size_t i = 0; i < list->size(); ++i)
    checked.push_back(any((*list)[i], fields.at() / key / i, allowed));
  return checked;
}

json component_checker::row(const form_fields& fields) {
  static const std::vector<long long> text_input_only{4};
  const auto& allowed = in_modal() ? text_input_only : row_children;
  auto checked = children(fields, "components", {1, 5, true}, allowed);
  std::size_t width = 0;
  for (std::size_t i = 0; i < checked.size(); ++i) {
    width += checked[i].is_object() ? width_of(checked[i]) : 0;
    if (width > 5) {
      errors_.add(fields.at() / "components" / i, "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                  "The specified component exceeds the maximum width");
      break;
    }
  }
  return {{"components", std::move(checked)}};
}

json component_checker::section(const form_fields& fields) {
  static const std::vector<long long> texts{10};
  static const std::vector<long long> accessories{2, 11};
  json normal{{"components", children(fields, "components", {1, 3, true}, texts)}};
  if (const auto* accessory = fields.object("accessory", true); accessory != nullptr)
    normal["accessory"] = any(*accessory, fields.at() / "accessory", accessories);
  return normal;
}

json component_checker::text_display(const form_fields& fields) {
  const auto content = fields.text("content", {0, unbounded, true});
  if (content)
    result_.texts.push_back(*content);
  return {{"content", content.value_or("")}};
}

json component_checker::media(const form_fields& fields, std::string_view key,
                              bool attachment_only) {
  const auto* object = fields.object(key, true);
  if (object == nullptr)
    return json::object();
  const form_fields item{*object, fields.at() / key, errors_};
  const auto url = item.url("url", true, true);
  if (!url)
    return json::object();
  const bool attached = url->rfind(attachment_scheme, 0) == 0;
  if (attached)
    result_.attachments.push_back(url->substr(attachment_scheme.size()));
  else if (attachment_only)
    errors_.add(item.at() / "url", "URL_TYPE_INVALID_SCHEME",
                "Scheme is not supported. Scheme must be one of ('attachment',).");
  return {{"url", *url}};
}

json component_checker::thumbnail(const form_fields& fields) {
  const auto description = fields.text("description", {0, 1024, false});
  return {{"media", media(fields, "media", false)},
          {"description", description ? json(*description) : json{}},
          {"spoiler", fields.boolean("spoiler").value_or(false)}};
}

json component_checker::gallery(const form_fields& fields) {
  json items = json::array();
  if (const auto* list = fields.list("items", {1, 10, true}); list != nullptr)
    for (std::size_t i = 0; i < list->size(); ++i)
      items.push_back(thumbnail({(*list)[i], fields.at() / "items" / i, errors_}));
  return {{"items", std::move(items)}};
}

json component_checker::file(const form_fields& fields) {
  auto file = media(fields, "file", true);
  const auto url = file.value("url", "");
  const auto name = url.substr(std::min(url.size(), attachment_scheme.size()));
  return {{"file", std::move(file)},
          {"name", name},
          {"spoiler", fields.boolean("spoiler").value_or(false)}};
}

json component_checker::separator(const form_fields& fields) {
  const auto spacing = fields.integer("spacing").value_or(1);
  if (spacing != 1 && spacing != 2)
    errors_.choices(fields.at() / "spacing", {1, 2});
  return {{"divider", fields.boolean("divider").value_or(true)}, {"spacing", spacing}};
}

json component_checker::container(const form_fields& fields) {
  const auto color = fields.integer("accent_color", {0, 0xffffff, false});
  return {{"components", children(fields, "components", {1, total_max, true}, container_children)},
          {"accent_color", color ? json(*color) : json{}},
          {"spoiler", fields.boolean("spoiler").value_or(false)}};
}

json component_checker::label(const form_fields& fields) {
  json normal{{"label", fields.text("label", {1, 45, true}).value_or("")}};
  if (const auto description = fields.text("description", {0, 100, false}))
    normal["description"] = *description;
  if (const auto* child = fields.object("component", true); child != nullptr) {
    in_label_ = true;
    normal["component"] = any(*child, fields.at() / "component", label_children);
    in_label_ = false;
  }
  return normal;
}

void component_checker::number(json& components) {
  // Absent ids are numbered in document order, skipping those taken (discord-api 3.5).
  long long next = 1;
  const std::function<void(json&)> visit = [&](json& node) {
    if (node.is_object() && node.contains("type") && node.contains("id") && node["id"] == 0) {
      while (ids_.count(next) != 0)
        ++next;
      node["id"] = next++;
    }
    for (const auto* key : {"components", "items"})
      if (node.is_object() && node.contains(key) && node[key].is_array())
        for (auto& child : node[key])
          visit(child);
    for (const auto* key : {"component", "accessory"})
      if (node.is_object() && node.contains(key))
        visit(node[key]);
  };
  for (auto& component : components)
    visit(component);
}

checked_components check_components(const json& list, component_surface surface,
                                    const form_path& at, form_errors& errors) {
  return component_checker{surface, errors}.check(list, at);
}

} // namespace sim
