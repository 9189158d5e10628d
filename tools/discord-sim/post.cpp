#include "discord-sim/post.hpp"

#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::string_view attachment_scheme = "attachment://";

/// What the text and allowed_mentions leave, with permissions (discord-api 15.11).
void set_mentions(activity& a, json& data, const channel& where, snowflake author,
                  const message_body& body, const std::string& text) {
  auto& world = a.core.world;
  const auto named = allow(find_mentions(text), body.mentions);
  const auto rights = effective_permissions(world, where, author, a.core.clock.now());
  const bool anybody = where.guild != 0 && (rights & permission::mention_everyone) != 0;
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
}

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

/// Replaces attachment:// in embeds. A file shown by an embed leaves the list below the message
/// (observed in clients; assumed).
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

void describe(json& attachment, const attachment_entry& entry) {
  if (!entry.title.empty())
    attachment["title"] = entry.title;
  if (!entry.description.empty())
    attachment["description"] = entry.description;
  // The flag, or a name that starts so (discord-api 2.5).
  if (entry.is_spoiler || attachment["filename"].get<std::string>().rfind("SPOILER_", 0) == 0)
    attachment["flags"] = 8;
}

/// The attachments after a create or edit: kept ones by id, then new files (discord-api 15.10).
void set_attachments(activity& a, json& data, const message_body& body,
                     const std::vector<upload>& files, snowflake channel, bool ephemeral,
                     bool is_new) {
  if (!is_new && !body.attachments)
    return;
  auto before = data.value("attachments", json::array());
  auto after = json::array();
  std::vector<snowflake> listed;
  const auto add = [&](upload file, const attachment_entry& entry) {
    if (!entry.filename.empty())
      file.filename = entry.filename;
    after.push_back(a.files.add(a.core.new_id(), channel, file, a.core.http_base(), ephemeral));
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

void require_something(const json& data) {
  if (data["content"].get_ref<const std::string&>().empty() && data["embeds"].empty() &&
      data["attachments"].empty() && data["components"].empty())
    throw fail(50006);
}

/// What MESSAGE_CREATE and MESSAGE_UPDATE add to the REST object (discord-api 1.12, 15.8).
json event_data(activity& a, const message& m) {
  auto& world = a.core.world;
  auto data = message_view(a, m, 0);
  data.erase("reactions");
  const auto* where = world.find_channel(m.channel);
  // Ephemeral ones come like a DM: no guild_id, no member (15.6).
  if (where == nullptr || m.ephemeral)
    return data;
  data["channel_type"] = static_cast<int>(where->type);
  if (where->guild == 0)
    return data;
  data["guild_id"] = id_text(where->guild);
  if (const auto* author = world.find_member(where->guild, m.author); author != nullptr)
    data["member"] = bare_member_json(*author);
  for (auto& mention : data["mentions"])
    if (const auto id = parse_id(mention["id"]))
      if (const auto* who = world.find_member(where->guild, *id); who != nullptr)
        mention["member"] = bare_member_json(*who);
  return data;
}

void dispatch(activity& a, const message& m, const char* type, json data) {
  const auto* where = a.core.world.find_channel(m.channel);
  event happened;
  happened.type = type;
  happened.data = std::move(data);
  happened.message = happened.data.contains("author");
  if (m.ephemeral) {
    // Only the bot's DIRECT_MESSAGES intent and the invoking user (discord-api 15.6).
    happened.intents = intent::dms;
    happened.only_app = m.application;
    happened.only_user = m.shown_to;
  } else {
    happened.guild = where ? where->guild : 0;
    happened.channel = m.channel;
    happened.intents = happened.guild != 0 ? intent::messages : intent::dms;
  }
  a.core.events().send(std::move(happened));
}

} // namespace

json message_view(activity& a, const message& m, snowflake viewer) {
  auto view = m.data;
  if (!m.reactions.empty())
    view["reactions"] = reactions_json(m, viewer);
  const auto reference = view.find("message_reference");
  if (reference == view.end())
    return view;
  // Null when it was deleted (discord-api 4).
  view["referenced_message"] = nullptr;
  const auto id = parse_id(reference->value("message_id", json{}));
  const auto* other = id ? a.core.world.find_message(m.channel, *id) : nullptr;
  if (other != nullptr)
    view["referenced_message"] = other->data;
  return view;
}

message& post_message(activity& a, new_message wish) {
  auto& world = a.core.world;
  auto& where = *world.find_channel(wish.channel);
  const auto* author = world.find_user(wish.author);
  const auto now = a.core.clock.now();
  message m;
  m.id = a.core.new_id();
  m.channel = wish.channel;
  m.author = wish.author;
  m.application = wish.application;
  m.interaction = wish.interaction;
  m.shown_to = wish.shown_to;
  m.ephemeral = (wish.extra_flags & message_flag::ephemeral) != 0;
  m.nonce = wish.body.nonce;
  const bool loading = (wish.extra_flags & message_flag::loading) != 0;
  m.data = {{"id", id_text(m.id)},
            {"channel_id", id_text(m.channel)},
            {"type", wish.body.reply ? 19 : wish.type},
            {"content", wish.body.content.value_or("")},
            {"author", author ? user_json(*author) : json{}},
            {"timestamp", iso_time(now)},
            {"edited_timestamp", nullptr},
            {"tts", wish.body.tts},
            {"attachments", json::array()},
            {"embeds", wish.body.embeds.value_or(json::array())},
            {"components", json::array()},
            {"pinned", false},
            {"flags", wish.body.flags.value_or(0) | wish.extra_flags}};
  m.data.update(wish.extra);
  if (wish.body.reply)
    m.data["message_reference"] = {{"type", 0},
                                   {"channel_id", id_text(m.channel)},
                                   {"message_id", id_text(wish.body.reply->message)}};
  if (wish.body.reply && where.guild != 0)
    m.data["message_reference"]["guild_id"] = id_text(where.guild);
  set_attachments(a, m.data, wish.body, wish.files, m.channel, m.ephemeral, true);
  set_components(m.data, wish.body);
  resolve_embeds(m.data);
  if (!loading && wish.type != 6) // a pin notice has no content
    require_something(m.data);
  set_mentions(a, m.data, where, m.author, wish.body, text_of(m.data));
  mention_replied(a, m.data, wish.body, where);
  if (!m.ephemeral)
    where.last_message = m.id;
  auto& stored = where.messages[m.id] = std::move(m);
  auto data = event_data(a, stored);
  // Only here and in the create reply (discord-api 15.9).
  if (!stored.nonce.empty())
    data["nonce"] = wish.body.nonce_is_number ? json::parse(stored.nonce) : json(stored.nonce);
  dispatch(a, stored, "MESSAGE_CREATE", std::move(data));
  return stored;
}

void edit_message(activity& a, message& m, message_body body, const std::vector<upload>& files,
                  bool edited) {
  auto& where = *a.core.world.find_channel(m.channel);
  auto data = m.data;
  if (body.content)
    data["content"] = *body.content;
  if (body.embeds)
    data["embeds"] = *body.embeds;
  auto flags = data["flags"].get<long long>() & ~message_flag::loading;
  if (body.flags)
    flags = (flags & ~message_flag::suppress_embeds) | *body.flags; // v2 is never cleared (16)
  data["flags"] = flags;
  set_attachments(a, data, body, files, m.channel, m.ephemeral, false);
  set_components(data, body);
  resolve_embeds(data);
  require_something(data);
  // Edits compute mentions anew, with defaults (discord-api 15.11).
  set_mentions(a, data, where, m.author, body, text_of(data));
  if (edited)
    data["edited_timestamp"] = iso_time(a.core.clock.now());
  m.data = std::move(data);
  dispatch(a, m, "MESSAGE_UPDATE", event_data(a, m));
}

void delete_message(activity& a, snowflake channel, snowflake id) {
  auto* m = a.core.world.find_message(channel, id);
  if (m == nullptr)
    return;
  auto& where = *a.core.world.find_channel(channel);
  const auto gone = std::move(*m);
  where.messages.erase(id);
  where.pins.erase(std::remove(where.pins.begin(), where.pins.end(), id), where.pins.end());
  json data{{"id", id_text(id)}, {"channel_id", id_text(channel)}};
  if (where.guild != 0 && !gone.ephemeral)
    data["guild_id"] = id_text(where.guild);
  dispatch(a, gone, "MESSAGE_DELETE", std::move(data));
}

message_context edit_context(const message& m, message_route route, const request_body& request) {
  message_context context;
  context.route = route;
  context.was_v2 = (m.data["flags"].get<long long>() & message_flag::components_v2) != 0;
  context.files = request.file_numbers();
  for (const auto& attachment : m.data["attachments"])
    if (const auto id = parse_id(attachment["id"]))
      context.attachments.insert(*id);
  return context;
}

void start_typing(activity& a, const channel& c, snowflake user) {
  json data{{"channel_id", id_text(c.id)},
            {"user_id", id_text(user)},
            {"timestamp", a.core.clock.now() / 1000}};
  if (c.guild != 0) {
    data["guild_id"] = id_text(c.guild);
    if (const auto* who = a.core.world.find_member(c.guild, user); who != nullptr)
      data["member"] = member_json(a.core.world, *who);
  }
  event happened;
  happened.type = "TYPING_START";
  happened.data = std::move(data);
  happened.guild = c.guild;
  happened.channel = c.id;
  happened.intents = c.guild != 0 ? intent::typing : intent::dm_typing;
  a.core.events().send(std::move(happened));
}

channel& open_dm(activity& a, snowflake one, snowflake other) {
  auto& world = a.core.world;
  if (auto* known = world.find_dm(one, other); known != nullptr)
    return *known;
  channel fresh;
  fresh.id = a.core.new_id();
  fresh.type = channel_type::dm;
  fresh.recipients = {one, other};
  world.dms.push_back(fresh.id);
  return world.channels[fresh.id] = std::move(fresh);
}

} // namespace sim
