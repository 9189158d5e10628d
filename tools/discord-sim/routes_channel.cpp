#include "discord-sim/form_fields.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/overwrites.hpp"
#include "discord-sim/rate_limit.hpp"
#include "discord-sim/route_help.hpp"
#include "discord-sim/routes.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t channels_max = 500;

bool is_voice(channel_type type) {
  return type == channel_type::voice || type == channel_type::stage;
}

// Text channels have no capitals and no spaces (assumed: ASCII only).
std::string channel_name(std::string name, channel_type type) {
  if (type != channel_type::text && type != channel_type::announcement)
    return name;
  for (auto& c : name)
    if (c == ' ')
      c = '-';
    else if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + 32);
  return name;
}

// The fields that creation and change have in common.
struct channel_fields {
  std::optional<std::string> name, topic;
  std::optional<long long> type, position, user_limit, bitrate, slowmode;
  std::optional<bool> nsfw;
  std::optional<snowflake> parent; ///< 0 = null
  std::optional<std::vector<overwrite>> overwrites;
};

channel_fields read_fields(rest_call& call, bool create) {
  const auto& body = call.object();
  form_errors errors;
  const form_fields fields(body, {}, errors);
  channel_fields f;
  f.name = fields.text("name", {1, 100, create});
  if (body.contains("topic"))
    f.topic = fields.text("topic", {0, 1024}).value_or("");
  f.type = fields.integer("type");
  if (f.type && *f.type != 0 && *f.type != 2 && *f.type != 4 && *f.type != 5 && *f.type != 13)
    errors.choices(form_path() / "type", {0, 2, 4, 5, 13});
  f.position = fields.integer("position", {0, 10000});
  f.user_limit = fields.integer("user_limit", {0, 10000});
  f.bitrate = fields.integer("bitrate", {8000, 96000});
  f.slowmode = fields.integer("rate_limit_per_user", {0, 21600});
  f.nsfw = fields.boolean("nsfw");
  if (body.contains("parent_id"))
    f.parent = fields.snowflake("parent_id").value_or(0);
  if (const auto* list = fields.list("permission_overwrites", {0, 1000}))
    f.overwrites = read_overwrites(*list, errors);
  check(errors);
  return f;
}

void check_parent(rest_call& call, const guild& g, snowflake parent) {
  if (parent == 0)
    return;
  const auto* c = call.core.world.find_channel(parent);
  if (!c || c->guild != g.id || c->type != channel_type::category)
    // Code and text assumed.
    throw form_error("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist");
}

void assign(channel& c, const channel_fields& f) {
  if (f.name)
    c.name = channel_name(*f.name, c.type);
  c.topic = f.topic.value_or(c.topic);
  c.position = static_cast<int>(f.position.value_or(c.position));
  c.user_limit = static_cast<int>(f.user_limit.value_or(c.user_limit));
  c.bitrate = static_cast<int>(f.bitrate.value_or(c.bitrate));
  c.rate_limit_per_user = static_cast<int>(f.slowmode.value_or(c.rate_limit_per_user));
  c.nsfw = f.nsfw.value_or(c.nsfw);
  c.parent = f.parent.value_or(c.parent);
  if (f.overwrites)
    c.overwrites = *f.overwrites;
}

http_response get_channels(rest_call& call) {
  auto out = json::array();
  for (const auto id : guild_of(call).channels)
    out.push_back(channel_json(call.core.world, call.core.world.channels.at(id)));
  return http_response::of(200, out);
}

http_response post_channel(rest_call& call) {
  auto& g = guild_of(call);
  const auto f = read_fields(call, true);
  require(call, g, permission::manage_channels);
  check_parent(call, g, f.parent.value_or(0));
  if (f.overwrites)
    check_all_granted(call, g, effective_guild_permissions(g, call.self(), call.core.clock.now()),
                      {}, *f.overwrites);
  if (g.channels.size() >= channels_max)
    throw fail(30013);
  channel made;
  made.id = call.core.new_id();
  made.guild = g.id;
  made.type = static_cast<channel_type>(f.type.value_or(0));
  made.position = static_cast<int>(g.channels.size());
  assign(made, f);
  // Without overwrites of its own a channel copies its category's (15.13 "sync = copy").
  if (!f.overwrites && made.parent != 0)
    made.overwrites = call.core.world.channels.at(made.parent).overwrites;
  g.channels.push_back(made.id);
  const auto& c = call.core.world.channels[made.id] = made;
  dispatch_channel(call.core, "CHANNEL_CREATE", c);
  audit(call, g, 10, c.id);
  return http_response::of(201, channel_json(call.core.world, c));
}

// PATCH /guilds/{g}/channels: [{id, position?, parent_id?, lock_permissions?}], 204.
http_response patch_positions(rest_call& call) {
  auto& g = guild_of(call);
  const auto& body = call.body();
  if (!body.is_array())
    throw form_error("", "BASE_TYPE_LIST", "Only iterables may be used in a ListType");
  form_errors errors;
  std::vector<std::pair<channel*, channel_fields>> changes;
  int parents = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const form_fields fields(body[i], form_path() / i, errors);
    auto* c = call.core.world.find_channel(fields.snowflake("id", true).value_or(0));
    if (!c || c->guild != g.id)
      continue; // unknown ids are ignored (assumed)
    channel_fields f;
    f.position = fields.integer("position", {0, 10000});
    if (body[i].is_object() && body[i].contains("parent_id")) {
      f.parent = fields.snowflake("parent_id").value_or(0);
      parents += f.parent != c->parent ? 1 : 0;
    }
    changes.emplace_back(c, f);
  }
  check(errors);
  require(call, g, permission::manage_channels);
  for (const auto& [c, f] : changes)
    check_parent(call, g, f.parent.value_or(0));
  if (parents > 1)
    throw fail(40009);
  for (const auto& [c, f] : changes) {
    assign(*c, f);
    dispatch_channel(call.core, "CHANNEL_UPDATE", *c);
  }
  return http_response::none();
}

http_response get_channel(rest_call& call) {
  return http_response::of(200, channel_json(call.core.world, channel_of(call), call.self()));
}

// "channel PATCH of name/topic 2 per 10 min as hidden sub-limit" (2.3): the headers of the route's
// own bucket still show room (15.4).
std::optional<http_response> rename_limit(rest_call& call, const channel& c,
                                          const channel_fields& f) {
  if ((!f.name || *f.name == c.name) && (!f.topic || *f.topic == c.topic))
    return std::nullopt;
  const auto wait =
      call.core.limits().take_hidden("rename " + id_text(call.app->id) + " " + id_text(c.id), 2,
                                     std::chrono::minutes(10), steady::now());
  return wait ? std::optional(rate_limited(*wait, "user")) : std::nullopt;
}

http_response patch_channel(rest_call& call) {
  auto& c = channel_of(call);
  auto& g = guild_with(call, c);
  const auto f = read_fields(call, false);
  require(call, c, permission::manage_channels);
  check_parent(call, g, f.parent.value_or(0));
  if (f.overwrites) {
    require(call, c, permission::manage_roles);
    check_all_granted(call, g, channel_permissions(call.core.world, c, call.self()), c.overwrites,
                      *f.overwrites);
  }
  if (auto limited = rename_limit(call, c, f))
    return std::move(*limited);
  assign(c, f);
  dispatch_channel(call.core, "CHANNEL_UPDATE", c);
  audit(call, g, 11, c.id);
  return http_response::of(200, channel_json(call.core.world, c));
}

http_response remove_channel(rest_call& call) {
  auto& c = channel_of(call);
  // A DM is only closed: it and its messages stay.
  if (c.guild == 0)
    return http_response::of(200, channel_json(call.core.world, c, call.self()));
  auto& g = guild_with(call, c);
  require(call, c, permission::manage_channels);
  const auto gone = channel_json(call.core.world, c);
  const auto id = c.id;
  delete_channel(call.core, id);
  audit(call, g, 12, id);
  return http_response::of(200, gone);
}

http_response post_typing(rest_call& call) {
  auto& c = channel_of(call);
  if (c.type == channel_type::category)
    throw fail(50008);
  require(call, c, permission::send_messages);
  event e;
  e.type = "TYPING_START";
  e.guild = c.guild;
  e.channel = c.id;
  e.intents = c.guild == 0 ? intent::dm_typing : intent::typing;
  e.data = {{"channel_id", id_text(c.id)},
            {"user_id", id_text(call.self())},
            {"timestamp", call.core.clock.now() / 1000}};
  if (const auto* m = call.core.world.find_member(c.guild, call.self())) {
    e.data["guild_id"] = id_text(c.guild);
    e.data["member"] = member_json(call.core.world, *m);
  }
  call.core.events().send(std::move(e));
  return http_response::none();
}

// PUT voice-status (6): SET_VOICE_CHANNEL_STATUS, plus MANAGE_CHANNELS when not in the channel.
http_response put_voice_status(rest_call& call) {
  auto& c = channel_of(call);
  auto& g = guild_with(call, c);
  form_errors errors;
  const auto status = form_fields(call.object(), {}, errors).text("status", {0, 500});
  check(errors);
  if (!is_voice(c.type))
    throw fail(50024);
  const auto voice = g.voice.find(call.self());
  const bool inside = voice != g.voice.end() && voice->second.channel == c.id;
  require(call, c, 1ull << 48 | (inside ? 0 : permission::manage_channels));
  event e;
  e.type = "VOICE_CHANNEL_STATUS_UPDATE";
  e.guild = g.id;
  e.intents = intent::guilds;
  e.data = {{"id", id_text(c.id)},
            {"guild_id", id_text(g.id)},
            {"status", status && !status->empty() ? json(*status) : json(nullptr)}};
  call.core.events().send(std::move(e));
  return http_response::none();
}

route_options limited(const char* bucket, int count, int window_ms) {
  route_options options;
  options.limit.bucket = bucket;
  options.limit.count = count;
  options.limit.window = std::chrono::milliseconds(window_ms);
  return options;
}

} // namespace

void add_channel_routes(core& c) {
  c.api.add("GET", "/guilds/{guild}/channels", get_channels);
  c.api.add("POST", "/guilds/{guild}/channels", post_channel);
  c.api.add("PATCH", "/guilds/{guild}/channels", patch_positions);
  c.api.add("GET", "/channels/{channel}", get_channel);
  c.api.add("PATCH", "/channels/{channel}", patch_channel);
  c.api.add("DELETE", "/channels/{channel}", remove_channel);
  c.api.add("POST", "/channels/{channel}/typing", post_typing, limited("typing", 5, 5000));
  c.api.add("PUT", "/channels/{channel}/voice-status", put_voice_status);
}

} // namespace sim
