// Walks over checked components: their media and the one of a custom_id.
#include "discord-sim/component_checker.hpp"
#include "discord-sim/validate_components.hpp"

namespace sim {

using nlohmann::json;

namespace {

constexpr std::string_view attachment_scheme = "attachment://";

} // namespace

void resolve_media(json& components, const attachment_finder& find_attachment) {
  if (components.is_array()) {
    for (auto& child : components)
      resolve_media(child, find_attachment);
    return;
  }
  if (!components.is_object())
    return;
  for (const auto* key : {"media", "file"}) {
    if (!components.contains(key) || !components[key].is_object())
      continue;
    auto& item = components[key];
    const auto url = item.value("url", "");
    if (url.rfind(attachment_scheme, 0) != 0)
      continue;
    const auto found = find_attachment(url.substr(attachment_scheme.size()));
    if (found.is_object()) {
      item = kept(found, {"url", "proxy_url", "width", "height", "content_type"});
      item["attachment_id"] = found["id"];
      if (std::string_view{key} == "file")
        components["size"] = found["size"];
    }
  }
  for (const auto* key : {"components", "items", "accessory"})
    if (components.contains(key))
      resolve_media(components[key], find_attachment);
}

const json* find_component(const json& components, const std::string& custom_id) {
  if (components.is_array()) {
    for (const auto& child : components)
      if (const auto* found = find_component(child, custom_id); found != nullptr)
        return found;
    return nullptr;
  }
  if (!components.is_object())
    return nullptr;
  if (const auto id = components.find("custom_id"); id != components.end() && *id == custom_id)
    return &components;
  for (const auto* key : {"components", "component", "accessory"})
    if (const auto child = components.find(key); child != components.end())
      if (const auto* found = find_component(*child, custom_id); found != nullptr)
        return found;
  return nullptr;
}

} // namespace sim
