// Posting through a webhook and changing what it posted (discord-api 4, 15.5).
#include "discord-sim/form_fields.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"
#include "discord-sim/post.hpp"
#include "discord-sim/webhook_help.hpp"

#include <algorithm>

namespace sim {

namespace {

/// Components that answer to clicks: a webhook that no application owns may not send them (3.5).
bool interactive(const json& node) {
  if (node.is_array())
    return std::any_of(node.begin(), node.end(), interactive);
  if (!node.is_object())
    return false;
  const int type = node.value("type", 0);
  const bool link = type == 2 && node.value("style", 0) == 5;
  if ((type == 2 && !link) || type == 3 || (type >= 5 && type <= 8))
    return true;
  for (const auto* key : {"components", "component", "accessory"})
    if (const auto found = node.find(key); found != node.end() && interactive(*found))
      return true;
  return false;
}

/// A webhook's author (15.9); name and picture of the request win.
json author_of(const webhook& hook, const form_fields& fields) {
  auto name = fields.text("username", {1, 80, false});
  const auto picture = fields.url("avatar_url", false);
  return {{"id", id_text(hook.id)},
          {"username", name && !name->empty() ? *name : hook.name},
          {"avatar", picture && !picture->empty()
                         ? json(std::to_string(std::hash<std::string>{}(*picture)))
                     : hook.avatar.empty() ? json(nullptr)
                                           : json(hook.avatar)},
          {"discriminator", "0000"},
          {"public_flags", 0},
          {"flags", 0},
          {"bot", true},
          {"global_name", nullptr}};
}

/// The channel itself, or one of its threads. Threads are only known to the simulator as far as a
/// world holds some: forums and their thread_name are not simulated (220001, [A]).
channel& target_of(activity& a, rest_call& call, const webhook& hook, const form_fields& fields) {
  if (fields.has("thread_name"))
    throw api_error{400, 220003, "Webhooks can only create threads in forum channels", {}};
  auto* where = a.core.world.find_channel(hook.channel);
  const auto thread = call.query_id("thread_id");
  if (thread != 0) {
    where = a.core.world.find_channel(thread);
    const bool below = where != nullptr && where->parent == hook.channel &&
                       (where->type == channel_type::public_thread ||
                        where->type == channel_type::private_thread ||
                        where->type == channel_type::announcement_thread);
    if (!below)
      throw fail(10003);
  }
  if (where == nullptr)
    throw fail(10015);
  return *where;
}

/// Without ?with_components a foreign webhook's components are dropped silently (3.5).
void settle_components(const rest_call& call, const webhook& hook, json& payload) {
  if (hook.application != 0 || !payload.contains("components"))
    return;
  if (!call.query_flag("with_components"))
    payload.erase("components");
  else if (interactive(payload["components"]))
    throw form_error("components", "COMPONENT_TYPE_NOT_ALLOWED",
                     "Interactive components can only be sent by application-owned webhooks");
}

/// Answers wait=false: nothing, and what went wrong with saving is hidden (discord-api 4).
http_response made(activity& a, const rest_call& call, const message& m) {
  return call.query_flag("wait") ? http_response::of(200, message_view(a, m, 0))
                                 : http_response::none();
}

} // namespace

json webhook_json(core& c, const webhook& hook, bool token, bool user) {
  json out{{"id", id_text(hook.id)},
           {"type", 1},
           {"guild_id", id_text(hook.guild)},
           {"channel_id", id_text(hook.channel)},
           {"name", hook.name},
           {"avatar", hook.avatar.empty() ? json(nullptr) : json(hook.avatar)},
           {"application_id", id_or_null(hook.application)}};
  if (token) {
    out["token"] = hook.token;
    out["url"] = c.http_base() + "/api/webhooks/" + id_text(hook.id) + "/" + hook.token;
  }
  if (const auto* who = user ? c.world.find_user(hook.creator) : nullptr; who != nullptr)
    out["user"] = user_json(*who);
  return out;
}

bool is_interaction_token(activity& a, const rest_call& call) {
  return a.core.world.find_application(call.id("webhook")) != nullptr;
}

webhook& webhook_of(activity& a, rest_call& call) {
  const auto id = call.id("webhook");
  auto* hook = a.core.world.find_webhook(id);
  if (hook == nullptr) {
    // Stop calling a webhook after 404 (discord-api 2.3).
    if (++a.dead_webhooks[id] > 1)
      a.core.violations.count(violation::dead_webhook, "webhook " + id_text(id));
    throw fail(10015);
  }
  if (hook->token != call.text("token"))
    throw fail(50027);
  return *hook;
}

void webhooks_changed(core& c, snowflake guild, snowflake channel) {
  event happened;
  happened.type = "WEBHOOKS_UPDATE";
  happened.data = {{"guild_id", id_text(guild)}, {"channel_id", id_text(channel)}};
  happened.guild = guild;
  happened.channel = channel;
  happened.intents = intent::webhooks;
  happened.permissions = permission::manage_webhooks;
  c.events().send(std::move(happened));
}

http_response execute_webhook(activity& a, rest_call& call) {
  auto& hook = webhook_of(a, call);
  auto request = read_request(call);
  settle_components(call, hook, request.payload);
  form_errors errors;
  const form_fields fields{request.payload, {}, errors};
  message_context context;
  context.route = message_route::webhook;
  context.files = request.file_numbers();
  auto& where = target_of(a, call, hook, fields);
  new_message wish;
  wish.extra = {{"webhook_id", id_text(hook.id)}, {"author", author_of(hook, fields)}};
  wish.body = check_message(request.payload, context, {}, errors);
  check(errors);
  if (hook.application != 0)
    wish.extra["application_id"] = id_text(hook.application);
  wish.channel = where.id;
  wish.author = hook.id;
  wish.webhook = hook.id;
  wish.application = hook.application;
  wish.body.reply.reset();
  wish.files = std::move(request.files);
  return made(a, call, post_message(a, std::move(wish)));
}

http_response webhook_message(activity& a, rest_call& call) {
  auto& hook = webhook_of(a, call);
  const auto thread = call.query_id("thread_id");
  auto* m = a.core.world.find_message(thread != 0 ? thread : hook.channel, call.id("message"));
  if (m == nullptr || m->webhook != hook.id) // own messages only
    throw fail(10008);
  if (call.request.method == "GET")
    return http_response::of(200, message_view(a, *m, 0));
  if (call.request.method == "DELETE") {
    delete_message(a, m->channel, m->id);
    return http_response::none();
  }
  auto request = read_request(call);
  settle_components(call, hook, request.payload);
  form_errors errors;
  auto body = check_message(request.payload, edit_context(*m, message_route::edit_webhook, request),
                            {}, errors);
  check(errors);
  edit_message(a, *m, std::move(body), request.files);
  return http_response::of(200, message_view(a, *m, 0));
}

} // namespace sim
