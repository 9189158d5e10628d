// Embeds: limits and normal form (discord-api 4, 15.2, 15.9).
#include "discord-sim/types.hpp"
#include "discord-sim/unicode.hpp"
#include "discord-sim/validate_message.hpp"

#include <fmt/format.h>

namespace sim {

namespace {

using nlohmann::json;

constexpr std::size_t embeds_max = 10;
constexpr std::size_t embed_text_max = 6000; // over all embeds of a message
constexpr std::string_view attachment_scheme = "attachment://";

/// One list of embeds being checked.
struct embed_checker {
  form_errors& errors;
  std::vector<std::string>& attachments;
  std::size_t text = 0;

  std::optional<std::string> text_of(const form_fields& fields, const char* key, std::size_t max,
                                     bool required = false) {
    const auto value = fields.text(key, {0, max, required});
    if (!value)
      return std::nullopt;
    const auto plain = trimmed(*value);
    text += length_of(plain);
    return std::string{plain};
  }

  std::optional<std::string> address(const form_fields& fields, const char* key, bool required) {
    auto url = fields.url(key, true, required);
    if (url && url->rfind(attachment_scheme, 0) == 0)
      attachments.push_back(url->substr(attachment_scheme.size()));
    return url;
  }

  void picture(const form_fields& embed, const char* key, json& normal) {
    const auto* object = embed.object(key);
    if (object == nullptr)
      return;
    const form_fields fields{*object, embed.at() / key, errors};
    // The simulator never fetches a picture; a size of 0 means unknown, as Discord says it.
    if (const auto url = address(fields, "url", true))
      normal[key] = {{"url", *url}, {"proxy_url", *url}, {"width", 0}, {"height", 0}};
  }

  void small(const form_fields& embed, const char* key, const char* label, std::size_t max,
             json& normal) {
    const auto* object = embed.object(key);
    if (object == nullptr)
      return;
    const form_fields fields{*object, embed.at() / key, errors};
    json part = json::object();
    if (const auto value = text_of(fields, label, max, true))
      part[label] = *value;
    if (const auto icon = address(fields, "icon_url", false)) {
      part["icon_url"] = *icon;
      part["proxy_icon_url"] = *icon;
    }
    if (const auto url = fields.url("url", false); url && std::string_view{key} == "author")
      part["url"] = *url;
    normal[key] = std::move(part);
  }

  void fields_of(const form_fields& embed, json& normal) {
    const auto* list = embed.list("fields", {0, 25, false});
    if (list == nullptr || list->empty())
      return;
    auto& out = normal["fields"] = json::array();
    for (std::size_t i = 0; i < list->size(); ++i) {
      const form_fields field{(*list)[i], embed.at() / "fields" / i, errors};
      const auto name = text_of(field, "name", 256, true);
      const auto value = text_of(field, "value", 1024, true);
      out.push_back({{"name", name.value_or("")},
                     {"value", value.value_or("")},
                     {"inline", field.boolean("inline").value_or(false)}});
    }
  }

  void timestamp(const form_fields& embed, json& normal) {
    const auto value = embed.text("timestamp");
    if (!value)
      return;
    if (const auto at = parse_iso_time(*value))
      normal["timestamp"] = iso_time(*at);
    else
      errors.add(embed.at() / "timestamp", "DATE_TIME_TYPE_PARSE",
                 fmt::format("Could not parse {}. Should be ISO8601.", *value));
  }

  json one(const json& value, const form_path& at) {
    const form_fields embed{value, at, errors};
    json normal{{"type", "rich"}};
    if (const auto title = text_of(embed, "title", 256); title && !title->empty())
      normal["title"] = *title;
    if (const auto description = text_of(embed, "description", 4096);
        description && !description->empty())
      normal["description"] = *description;
    if (const auto url = embed.url("url", false); url && !url->empty())
      normal["url"] = *url;
    if (const auto color = embed.integer("color", {0, 0xffffff, false}))
      normal["color"] = *color;
    timestamp(embed, normal);
    small(embed, "footer", "text", 2048, normal);
    small(embed, "author", "name", 256, normal);
    picture(embed, "image", normal);
    picture(embed, "thumbnail", normal);
    fields_of(embed, normal);
    // An embed that shows nothing: the wire complains about its description [I].
    bool shows = normal.contains("title") || normal.contains("description");
    for (const auto* key : {"image", "thumbnail", "fields", "footer", "author"})
      shows = shows || embed.has(key);
    if (!shows && value.is_object())
      errors.required(at / "description");
    return normal;
  }
};

} // namespace

json check_embeds(const form_fields& body, std::vector<std::string>& attachments) {
  json normal = json::array();
  const auto* list = body.list("embeds", {0, embeds_max, false});
  if (list == nullptr)
    return normal;
  embed_checker checker{body.errors(), attachments};
  for (std::size_t i = 0; i < list->size(); ++i)
    normal.push_back(checker.one((*list)[i], body.at() / "embeds" / i));
  if (checker.text > embed_text_max)
    body.errors().add(body.at() / "embeds", "MAX_EMBED_SIZE_EXCEEDED",
                      "Embed size exceeds maximum size of 6000");
  return normal;
}

} // namespace sim
