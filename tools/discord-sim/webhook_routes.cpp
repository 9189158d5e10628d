// Incoming webhooks: managing them and posting through them (discord-api 4, 15.1, 15.5).
#include "discord-sim/form_fields.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"
#include "discord-sim/post.hpp"
#include "discord-sim/route_help.hpp"
#include "discord-sim/unicode.hpp"
#include "discord-sim/webhook_help.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t per_channel_max = 15; // 30007
constexpr std::size_t per_guild_max = 1000; // 30058

/// Webhooks live in text, voice, announcement and stage channels (assumed: where messages are).
channel& hookable(rest_call& call) {
  auto& where = channel_of(call);
  if (where.guild == 0 || where.type == channel_type::category)
    throw fail(50024);
  require(call, where, permission::manage_webhooks);
  return where;
}

/// {webhook} for its managers. Throws 10015, 50013.
webhook& managed(rest_call& call) {
  auto* hook = call.core.world.find_webhook(call.id("webhook"));
  if (hook == nullptr)
    throw fail(10015);
  const auto* where = call.core.world.find_channel(hook->channel);
  if (where == nullptr)
    throw fail(10015);
  require_view(call, *where);
  require(call, *where, permission::manage_webhooks);
  return *hook;
}

/// Names may hold neither "discord" nor "clyde" (discord-api 4); leaf code assumed.
void check_name(const form_fields& fields, const std::string& name) {
  std::string lower;
  for (const char c : name)
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const auto* word : {"discord", "clyde"})
    if (lower.find(word) != std::string::npos)
      fields.errors().add(fields.at() / "name", "USERNAME_INVALID_CONTAINS",
                          std::string("Username cannot contain \"") + word + "\"");
}

/// An image is kept as a hash only: what it shows is nobody's business here.
void read_avatar(const form_fields& fields, webhook& hook) {
  const auto image = fields.text("avatar");
  if (image && image->rfind("data:image/", 0) != 0)
    fields.errors().add(fields.at() / "avatar", "IMAGE_INVALID", "Invalid image data");
  else if (image)
    hook.avatar = std::to_string(std::hash<std::string>{}(*image));
}

http_response create(activity& a, rest_call& call) {
  const auto& where = hookable(call);
  form_errors errors;
  const form_fields fields{call.object(), {}, errors};
  webhook hook;
  hook.name = std::string(trimmed(fields.text("name", {1, 80, true}).value_or("")));
  check_name(fields, hook.name);
  read_avatar(fields, hook);
  check(errors);
  std::size_t here = 0;
  std::size_t home = 0;
  for (const auto& [id, known] : a.core.world.webhooks) {
    here += known.channel == where.id ? 1 : 0;
    home += known.guild == where.guild ? 1 : 0;
  }
  if (here >= per_channel_max)
    throw fail(30007);
  if (home >= per_guild_max)
    throw fail(30058);
  hook.id = a.core.new_id();
  hook.guild = where.guild;
  hook.channel = where.id;
  hook.application = call.app->id;
  hook.creator = call.self();
  hook.token = "d2ViaG9va" + a.core.random_hex(29);
  audit(call, guild_with(call, where), 50, hook.id);
  auto& made = a.core.world.webhooks[hook.id] = std::move(hook);
  webhooks_changed(a.core, made.guild, made.channel);
  return http_response::of(200, webhook_json(a.core, made, true));
}

http_response list(activity& a, rest_call& call, bool of_guild) {
  snowflake place = 0;
  if (of_guild) {
    const auto& g = guild_of(call);
    require(call, g, permission::manage_webhooks);
    place = g.id;
  } else {
    place = hookable(call).id;
  }
  auto all = json::array();
  for (const auto& [id, hook] : a.core.world.webhooks)
    if ((of_guild ? hook.guild : hook.channel) == place)
      all.push_back(webhook_json(a.core, hook, hook.application == call.app->id));
  return http_response::of(200, all);
}

http_response change(activity& a, rest_call& call, webhook& hook, bool by_token) {
  form_errors errors;
  const form_fields fields{call.object(), {}, errors};
  auto changed = hook;
  if (const auto name = fields.text("name", {1, 80, false})) {
    changed.name = std::string(trimmed(*name));
    check_name(fields, changed.name);
  }
  if (call.object().contains("avatar"))
    changed.avatar.clear();
  read_avatar(fields, changed);
  // With the token alone a webhook cannot be moved (docs: channel_id is left out there).
  const auto target = by_token ? std::nullopt : fields.snowflake("channel_id");
  check(errors);
  const auto before = hook.channel;
  if (target) {
    const auto* where = a.core.world.find_channel(*target);
    if (where == nullptr || where->guild != hook.guild)
      throw fail(10003);
    require(call, *where, permission::manage_webhooks);
    changed.channel = *target;
  }
  hook = std::move(changed);
  webhooks_changed(a.core, hook.guild, hook.channel);
  if (before != hook.channel)
    webhooks_changed(a.core, hook.guild, before);
  return http_response::of(200, webhook_json(a.core, hook, true, !by_token));
}

http_response remove(activity& a, const webhook& hook) {
  const auto home = hook.guild;
  const auto where = hook.channel;
  a.core.world.webhooks.erase(hook.id);
  webhooks_changed(a.core, home, where);
  return http_response::none();
}

} // namespace

void add_webhook_routes(activity& a) {
  auto& api = a.core.api;
  api.add("POST", "/channels/{channel}/webhooks",
          [&a](rest_call& call) { return create(a, call); });
  api.add("GET", "/channels/{channel}/webhooks",
          [&a](rest_call& call) { return list(a, call, false); });
  api.add("GET", "/guilds/{guild}/webhooks", [&a](rest_call& call) { return list(a, call, true); });
  api.add("GET", "/webhooks/{webhook}", [&a](rest_call& call) {
    return http_response::of(200, webhook_json(a.core, managed(call), true));
  });
  api.add("PATCH", "/webhooks/{webhook}",
          [&a](rest_call& call) { return change(a, call, managed(call), false); });
  api.add("DELETE", "/webhooks/{webhook}", [&a](rest_call& call) {
    auto& hook = managed(call);
    audit(call, a.core.world.guilds.at(hook.guild), 52, hook.id);
    return remove(a, hook);
  });
  route_options options;
  options.who = auth::optional;
  options.text = {"token"};
  options.limit = {"webhook-token", 5, std::chrono::milliseconds{2000}, false};
  const std::string base = "/webhooks/{webhook}/{token}";
  api.add(
      "GET", base,
      [&a](rest_call& call) {
        return http_response::of(200, webhook_json(a.core, webhook_of(a, call), true, false));
      },
      options);
  api.add(
      "PATCH", base, [&a](rest_call& call) { return change(a, call, webhook_of(a, call), true); },
      options);
  api.add(
      "DELETE", base, [&a](rest_call& call) { return remove(a, webhook_of(a, call)); }, options);
}

} // namespace sim
