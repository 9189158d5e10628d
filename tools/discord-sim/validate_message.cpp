#include "discord-sim/validate_message.hpp"

#include "discord-sim/unicode.hpp"

#include <algorithm>

namespace sim {

using nlohmann::json;

namespace {

constexpr std::size_t content_max = 2000;
constexpr std::size_t nonce_max = 25;
constexpr std::size_t files_max = 10;

/// Settable flags per route (discord-api 16); other bits are ignored silently.
long long settable_flags(message_route route) {
  using namespace message_flag;
  switch (route) {
  case message_route::create:
    return suppress_embeds | silent | voice | components_v2;
  case message_route::callback:
  case message_route::follow_up:
    return suppress_embeds | ephemeral | silent | voice | components_v2;
  case message_route::webhook:
    return suppress_embeds | silent | components_v2;
  case message_route::edit:
  case message_route::edit_webhook:
    break;
  }
  return suppress_embeds | components_v2;
}

bool is_edit(message_route route) {
  return route == message_route::edit || route == message_route::edit_webhook;
}

void read_nonce(const form_fields& fields, message_body& body) {
  const auto* nonce = fields.find("nonce");
  if (nonce == nullptr)
    return;
  if (nonce->is_string()) {
    body.nonce = nonce->get<std::string>();
  } else if (nonce->is_number_integer()) {
    body.nonce = nonce->dump();
    body.nonce_is_number = true;
  } else {
    // Anything else is no nonce (assumed to be told like a too long one).
    body.nonce.assign(nonce_max + 1, 'x');
  }
  if (length_of(body.nonce) > nonce_max)
    fields.errors().add(fields.at() / "nonce", "NONCE_TYPE_TOO_LONG",
                        "Must be 25 or fewer characters long.");
  body.enforce_nonce = fields.boolean("enforce_nonce").value_or(false);
}

void read_reply(const form_fields& fields, message_body& body) {
  const auto* object = fields.object("message_reference");
  if (object == nullptr)
    return;
  const form_fields reference{*object, fields.at() / "message_reference", fields.errors()};
  const auto type = reference.integer("type").value_or(0);
  // Forwards (type 1) are not simulated: refused as an unknown kind rather than taken as a reply.
  if (type != 0) {
    fields.errors().choices(reference.at() / "type", {0});
    return;
  }
  reply_reference reply;
  reply.message = reference.snowflake("message_id", true).value_or(0);
  reply.channel = reference.snowflake("channel_id").value_or(0);
  reply.must_exist = reference.boolean("fail_if_not_exists").value_or(true);
  reference.snowflake("guild_id");
  body.reply = reply;
}

void read_attachments(const form_fields& fields, const message_context& context,
                      message_body& body) {
  const auto* list = fields.list("attachments", {0, files_max, false});
  if (list == nullptr)
    return;
  std::vector<attachment_entry> entries;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const form_fields item{(*list)[i], fields.at() / "attachments" / i, fields.errors()};
    attachment_entry entry;
    const auto id = item.snowflake("id", true);
    entry.filename = item.text("filename", {0, 1024, false}).value_or("");
    entry.title = item.text("title", {0, 1024, false}).value_or("");
    entry.description = item.text("description", {0, 1024, false}).value_or("");
    entry.is_spoiler = item.boolean("is_spoiler").value_or(false);
    if (!id)
      continue;
    entry.id = *id;
    entry.is_new = context.files.count(*id) != 0;
    if (!entry.is_new && context.attachments.count(*id) == 0)
      fields.errors().add(item.at(), "ATTACHMENT_NOT_FOUND", "Attachment data not found");
    entries.push_back(std::move(entry));
  }
  body.attachments = std::move(entries);
}

/// Fields that a v2 message may not use (discord-api 3.5, 15.2).
void refuse_legacy_fields(const form_fields& fields, const message_body& body) {
  const auto refuse = [&](const char* key) {
    fields.errors().add(fields.at() / key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                        std::string{"The '"} + key +
                            "' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
  };
  if (body.content && !body.content->empty())
    refuse("content");
  if (body.embeds && !body.embeds->empty())
    refuse("embeds");
  if (fields.has("poll"))
    refuse("poll");
  if (const auto* stickers = fields.find("sticker_ids"); stickers != nullptr && !stickers->empty())
    refuse("sticker_ids");
}

} // namespace

message_body check_message(const json& object, const message_context& context, const form_path& at,
                           form_errors& errors) {
  message_body body;
  const form_fields fields{object, at, errors};
  if (!object.is_object())
    return body;
  if (const auto content = fields.text("content", {0, content_max, false}))
    body.content = std::string{trimmed(*content)};
  else if (is_edit(context.route) && object.contains("content"))
    body.content = ""; // null empties (discord-api 3.5)
  if (object.contains("embeds"))
    body.embeds = check_embeds(fields, body.embed_attachments);
  if (const auto flags = fields.integer("flags", {0, INT64_MAX, false}))
    body.flags = *flags & settable_flags(context.route);
  body.v2 = context.was_v2 || (body.flags.value_or(0) & message_flag::components_v2) != 0;
  if (const auto* components = fields.find("components"); components != nullptr)
    body.components = check_components(
        *components, body.v2 ? component_surface::message_v2 : component_surface::message,
        at / "components", errors);
  else if (is_edit(context.route) && object.contains("components"))
    body.components = checked_components{};
  if (body.v2)
    refuse_legacy_fields(fields, body);
  read_nonce(fields, body);
  read_reply(fields, body);
  read_attachments(fields, context, body);
  const bool by_token =
      context.route != message_route::create && context.route != message_route::edit;
  body.mentions =
      read_allowed_mentions(fields, by_token ? allowed_mentions::users_only() : allowed_mentions{});
  body.tts = fields.boolean("tts").value_or(false) && !is_edit(context.route);
  fields.list("sticker_ids", {0, 3, false});
  return body;
}

} // namespace sim
