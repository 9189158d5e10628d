#include "discord-sim/post.hpp"

#include "discord-sim/message_parts.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"

#include <algorithm>

namespace sim {

namespace {

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
  m.webhook = wish.webhook;
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
  set_attachments(a, m.data, wish.body, wish.files, m, true);
  set_components(m.data, wish.body);
  resolve_embeds(m.data);
  if (!loading && wish.type != 6) // a pin notice has no content
    require_something(m.data);
  set_mentions(a, m.data, where, m.author, wish.body);
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
  set_attachments(a, data, body, files, m, false);
  set_components(data, body);
  resolve_embeds(data);
  require_something(data);
  // Edits compute mentions anew, with defaults (discord-api 15.11).
  set_mentions(a, data, where, m.author, body);
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
  unpin(where, id);
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
