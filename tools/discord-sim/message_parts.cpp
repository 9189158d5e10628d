#include "discord-sim/message_parts.hpp"

#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::string_view attachment_scheme = "attachment://";

/// A reply also mentions the author it answers, unless asked not to (discord-api 16).
void mention_replied(activity& a, json& data, const message_body& body, const channel& where) {
  if (!body.reply || !body.mentions.replied_user)
    return;
  const auto* original = a.core.world.find_message(where.id, body.reply->message);
  const auto* who = original ? a.core.world.find_user(original->author) : nullptr;
  if (who == nullptr)
    return;
  for (const auto& known : data["mentions"])
    if (known["id"] == id_text(who->id))
      return;
  data["mentions"].push_back(user_json(*who));
}

/// The text that mentions are looked for in: content, or all text displays of a v2 message.
std::string text_of(const json& data) {
  auto text = data.value("content", std::string{});
  const std::function<void(const json&)> visit = [&](const json& node) {
    if (node.is_array()) {
      for (const auto& child : node)
        visit(child);
    } else if (node.is_object()) {
      if (node.value("type", 0) == 10)
        text += "\n" + node.value("content", std::string{});
      if (const auto children = node.find("components"); children != node.end())
        visit(*children);
    }
  };
  visit(data["components"]);
  return text;
}

json* find_attachment(json& attachments, const std::string& filename) {
  for (auto& attachment : attachments)
    if (attachment["filename"] == filename)
      return &attachment;
  return nullptr;
}

void describe(json& attachment, const attachment_entry& entry) {
  if (!entry.title.empty())
    attachment["title"] = entry.title;
  if (!entry.description.empty())
    attachment["description"] = entry.description;
  // The flag, or a name that starts so (discord-api 2.5).
  if (entry.is_spoiler || attachment["filename"].get<std::string>().rfind("SPOILER_", 0) == 0)
    attachment["flags"] = 8;
}

} // namespace

void set_mentions(activity& a, json& data, const channel& where, snowflake author,
                  const message_body& body) {
  auto& world = a.core.world;
  const auto named = allow(find_mentions(text_of(data)), body.mentions);
  const auto rights = effective_permissions(world, where, author, a.core.clock.now());
  // What a webhook may ping is up to its allowed_mentions alone (assumed).
  const bool anybody = where.guild != 0 && ((rights & permission::mention_everyone) != 0 ||
                                            world.find_webhook(author) != nullptr);
  data["mention_everyone"] = named.everyone && anybody;
  data["mentions"] = json::array();
  data["mention_roles"] = json::array();
  for (const auto id : named.users)
    if (const auto* who = world.find_user(id); who != nullptr)
      data["mentions"].push_back(user_json(*who));
  const auto* home = world.find_guild(where.guild);
  for (const auto id : named.roles) {
    if (home == nullptr)
      break;
    const auto role = home->roles.find(id);
    if (role != home->roles.end() && (role->second.mentionable || anybody))
      data["mention_roles"].push_back(id_text(id));
  }
  mention_replied(a, data, body, where);
}

void set_attachments(activity& a, json& data, const message_body& body,
                     const std::vector<upload>& files, const message& m, bool is_new) {
  if (!is_new && !body.attachments)
    return;
  auto before = data.value("attachments", json::array());
  auto after = json::array();
  std::vector<snowflake> listed;
  const auto add = [&](upload file, const attachment_entry& entry) {
    if (!entry.filename.empty())
      file.filename = entry.filename;
    after.push_back(a.files.add(a.core.new_id(), m.channel, file, a.core.http_base(), m.ephemeral));
    describe(after.back(), entry);
  };
  for (const auto& entry : body.attachments.value_or(std::vector<attachment_entry>{})) {
    listed.push_back(entry.id);
    for (auto& kept : before)
      if (!entry.is_new && kept["id"] == id_text(entry.id)) {
        describe(kept, entry);
        after.push_back(kept);
      }
    for (const auto& file : files)
      if (entry.is_new && file.n == entry.id)
        add(file, entry);
  }
  // A file without an entry is attached too, but only on create (15.10).
  for (const auto& file : files)
    if (is_new && std::find(listed.begin(), listed.end(), file.n) == listed.end())
      add(file, {});
  data["attachments"] = std::move(after);
}

void set_components(json& data, const message_body& body) {
  if (!body.components)
    return;
  auto components = body.components->components;
  for (const auto& name : body.components->attachments)
    if (find_attachment(data["attachments"], name) == nullptr)
      throw form_error("components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                       "The referenced attachment was not found");
  resolve_media(components, [&](const std::string& name) {
    const auto* file = find_attachment(data["attachments"], name);
    return file ? *file : json{};
  });
  data["components"] = std::move(components);
}

void resolve_embeds(json& data) {
  std::vector<std::string> used;
  const auto resolve = [&](json& node, const char* key, const char* proxy) {
    if (!node.is_object() || !node.contains(key))
      return;
    const auto url = node[key].get<std::string>();
    if (url.rfind(attachment_scheme, 0) != 0)
      return;
    auto* file = find_attachment(data["attachments"], url.substr(attachment_scheme.size()));
    if (file == nullptr)
      return;
    node[key] = node[proxy] = (*file)["url"];
    if (file->contains("width") && node.contains("width")) {
      node["width"] = (*file)["width"];
      node["height"] = (*file)["height"];
    }
    used.push_back((*file)["id"]);
  };
  for (auto& embed : data["embeds"]) {
    for (const auto* key : {"image", "thumbnail"})
      if (embed.contains(key))
        resolve(embed[key], "url", "proxy_url");
    for (const auto* key : {"footer", "author"})
      if (embed.contains(key))
        resolve(embed[key], "icon_url", "proxy_icon_url");
  }
  auto left = json::array();
  for (auto& file : data["attachments"])
    if (std::find(used.begin(), used.end(), file["id"].get<std::string>()) == used.end())
      left.push_back(std::move(file));
  data["attachments"] = std::move(left);
}

void require_something(const json& data) {
  if (data["content"].get_ref<const std::string&>().empty() && data["embeds"].empty() &&
      data["attachments"].empty() && data["components"].empty())
    throw fail(50006);
}

} // namespace sim
