#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"
#include <algorithm>

namespace sim {

namespace {

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json ids(const std::vector<snowflake>& list) {
  auto out = json::array();
  for (const auto id : list)
    out.push_back(id_text(id));
  return out;
}

bool is_voice(channel_type type) {
  return type == channel_type::voice || type == channel_type::stage;
}

// Members of GUILD_CREATE: all up to large_threshold when presences are wanted; else, and above it,
// the bot and people in voice, with presences also those online, with roles or a nick (1.10).
bool listed(const world& w, const guild& g, const member& m, snowflake viewer, bool presences,
            bool large) {
  if (m.user == viewer || g.voice.count(m.user) != 0)
    return true;
  if (!presences)
    return false;
  return !large || w.presence_of(m.user).status != "offline" || !m.roles.empty() || !m.nick.empty();
}

} // namespace

json user_json(const user& u) {
  json out{{"id", id_text(u.id)},
           {"username", u.username},
           {"discriminator", u.discriminator},
           {"global_name", text_or_null(u.global_name)},
           {"avatar", text_or_null(u.avatar)},
           {"public_flags", 0},
           {"flags", 0},
           {"primary_guild", nullptr}};
  if (u.bot)
    out["bot"] = true;
  return out;
}

json self_user_json(const user& u) {
  auto out = user_json(u);
  out["verified"] = true;
  out["mfa_enabled"] = true;
  out["email"] = nullptr;
  return out;
}

json role_json(const role& r) {
  json out{
      {"id", id_text(r.id)},
      {"name", r.name},
      {"description", nullptr},
      {"color", r.color},
      {"colors",
       {{"primary_color", r.color}, {"secondary_color", nullptr}, {"tertiary_color", nullptr}}},
      {"hoist", r.hoist},
      {"icon", nullptr},
      {"unicode_emoji", text_or_null(r.unicode_emoji)},
      {"position", r.position},
      {"permissions", std::to_string(r.permissions)},
      {"managed", r.managed},
      {"mentionable", r.mentionable},
      {"flags", 0}};
  if (r.bot != 0)
    out["tags"] = {{"bot_id", id_text(r.bot)}};
  return out;
}

json emoji_json(const emoji& e) {
  return {{"id", id_text(e.id)},    {"name", e.name},   {"roles", json::array()},
          {"require_colons", true}, {"managed", false}, {"animated", e.animated},
          {"available", true}};
}

json overwrite_json(const overwrite& o) {
  return {{"id", id_text(o.id)},
          {"type", o.member ? 1 : 0},
          {"allow", std::to_string(o.allow)},
          {"deny", std::to_string(o.deny)}};
}

json channel_json(world& w, const channel& c, snowflake viewer) {
  json out{{"id", id_text(c.id)},
           {"type", static_cast<int>(c.type)},
           {"last_message_id", id_or_null(c.last_message)},
           {"flags", 0}};
  if (c.guild == 0) {
    out["recipients"] = json::array();
    for (const auto id : c.recipients)
      if (const auto* u = w.find_user(id); u && id != viewer)
        out["recipients"].push_back(user_json(*u));
    return out;
  }
  out["guild_id"] = id_text(c.guild);
  out["name"] = c.name;
  out["position"] = c.position;
  out["parent_id"] = id_or_null(c.parent);
  if (c.creator != 0) { // a thread has its parent's overwrites
    out["owner_id"] = id_text(c.creator);
    out["rate_limit_per_user"] = c.rate_limit_per_user;
    out["message_count"] = c.messages.size();
    out["member_count"] = 1;
    out["thread_metadata"] = {{"archived", false},
                              {"auto_archive_duration", 4320},
                              {"archive_timestamp", iso_time(time_of(c.id))},
                              {"locked", false},
                              {"create_timestamp", iso_time(time_of(c.id))}};
    return out;
  }
  out["permission_overwrites"] = json::array();
  for (const auto& o : c.overwrites)
    out["permission_overwrites"].push_back(overwrite_json(o));
  if (c.type == channel_type::category)
    return out;
  out["topic"] = text_or_null(c.topic);
  out["nsfw"] = c.nsfw;
  out["rate_limit_per_user"] = c.rate_limit_per_user;
  if (is_voice(c.type)) {
    out["bitrate"] = c.bitrate;
    out["user_limit"] = c.user_limit;
    out["rtc_region"] = nullptr;
  }
  return out;
}

json bare_member_json(const member& m) {
  return {{"nick", text_or_null(m.nick)},
          {"avatar", nullptr},
          {"banner", nullptr},
          {"roles", ids(m.roles)},
          {"joined_at", iso_time(m.joined_at)},
          {"premium_since", nullptr},
          {"deaf", m.deaf},
          {"mute", m.mute},
          {"flags", 0},
          {"pending", m.pending},
          {"communication_disabled_until",
           m.timeout_until == 0 ? json(nullptr) : json(iso_time(m.timeout_until))}};
}

json member_json(world& w, const member& m) {
  auto out = bare_member_json(m);
  if (const auto* u = w.find_user(m.user))
    out["user"] = user_json(*u);
  return out;
}

json voice_state_json(const voice_state& v) {
  return {{"channel_id", id_or_null(v.channel)},
          {"user_id", id_text(v.user)},
          {"session_id", v.session_id},
          {"deaf", v.deaf},
          {"mute", v.mute},
          {"self_deaf", v.self_deaf},
          {"self_mute", v.self_mute},
          {"self_stream", v.self_stream},
          {"self_video", v.self_video},
          {"suppress", v.suppress},
          {"request_to_speak_timestamp",
           v.request_to_speak == 0 ? json(nullptr) : json(iso_time(v.request_to_speak))}};
}

json presence_json(snowflake user_id, const presence& p) {
  return {{"user", {{"id", id_text(user_id)}}},
          {"status", p.status},
          {"activities", p.activities},
          {"client_status", p.client_status}};
}

json guild_json(world&, const guild& g) {
  json out{{"id", id_text(g.id)},
           {"name", g.name},
           {"icon", nullptr},
           {"description", text_or_null(g.description)},
           {"owner_id", id_text(g.owner)},
           {"afk_channel_id", id_or_null(g.afk_channel)},
           {"afk_timeout", g.afk_timeout},
           {"verification_level", 1},
           {"default_message_notifications", 1},
           {"explicit_content_filter", 2},
           {"features", json::array()},
           {"mfa_level", 0},
           {"application_id", nullptr},
           {"system_channel_id", id_or_null(g.system_channel)},
           {"system_channel_flags", 0},
           {"rules_channel_id", nullptr},
           {"public_updates_channel_id", nullptr},
           {"safety_alerts_channel_id", nullptr},
           {"vanity_url_code", nullptr},
           {"banner", nullptr},
           {"splash", nullptr},
           {"discovery_splash", nullptr},
           {"premium_tier", g.premium_tier},
           {"premium_subscription_count", 0},
           {"premium_progress_bar_enabled", false},
           {"preferred_locale", g.locale},
           {"nsfw_level", 0},
           {"nsfw", false},
           {"incidents_data", nullptr},
           {"max_members", 500000},
           {"max_presences", nullptr},
           {"max_video_channel_users", 25},
           {"region", "deprecated"},
           {"widget_enabled", false},
           {"widget_channel_id", nullptr},
           {"stickers", json::array()}};
  auto& roles = out["roles"] = json::array();
  for (const auto& [id, r] : g.roles)
    roles.push_back(role_json(r));
  auto& emojis = out["emojis"] = json::array();
  for (const auto& [id, e] : g.emojis)
    emojis.push_back(emoji_json(e));
  return out;
}

json threads_json(world& w, const guild& g, snowflake viewer) {
  auto list = json::array();
  for (const auto& [id, c] : w.channels)
    if (c.guild == g.id && c.creator != 0 &&
        (channel_permissions(w, c, viewer) & permission::view_channel) != 0)
      list.push_back(channel_json(w, c));
  return list;
}

json guild_create_json(world& w, const guild& g, snowflake viewer, bool presences,
                       std::size_t large_threshold) {
  auto out = guild_json(w, g);
  const bool large = g.members.size() > large_threshold;
  const auto self = g.members.find(viewer);
  out["joined_at"] = iso_time(self == g.members.end() ? time_of(g.id) : self->second.joined_at);
  out["large"] = large;
  // Explicit: discord.js keeps the guild unavailable for ever when the key is missing (16).
  out["unavailable"] = false;
  out["member_count"] = g.members.size();
  for (const char* key : {"voice_states", "members", "channels", "threads", "presences",
                          "stage_instances", "guild_scheduled_events", "soundboard_sounds"})
    out[key] = json::array();
  for (const auto& [id, v] : g.voice)
    out["voice_states"].push_back(voice_state_json(v));
  for (const auto& [id, m] : g.members) {
    if (!listed(w, g, m, viewer, presences, large))
      continue;
    out["members"].push_back(member_json(w, m));
    if (const auto& p = w.presence_of(id); presences && p.status != "offline")
      out["presences"].push_back(presence_json(id, p));
  }
  for (const auto id : g.channels)
    if (const auto* c = w.find_channel(id))
      out["channels"].push_back(channel_json(w, *c));
  out["threads"] = threads_json(w, g, viewer);
  return out;
}

json reactions_json(const message& m, snowflake viewer) {
  auto out = json::array();
  for (const auto& r : m.reactions) {
    const bool me = std::find(r.users.begin(), r.users.end(), viewer) != r.users.end();
    json emoji{{"id", id_or_null(r.emoji_id)}, {"name", r.emoji_name}};
    if (r.animated)
      emoji["animated"] = true;
    out.push_back({{"count", r.users.size()},
                   {"count_details", {{"burst", 0}, {"normal", r.users.size()}}},
                   {"me", me},
                   {"me_burst", false},
                   {"emoji", std::move(emoji)},
                   {"burst_colors", json::array()}});
  }
  return out;
}

namespace {

// Flags of 15.7: the limited variants (1<<13, 1<<15, 1<<19), as small bots with the portal's
// switches have them.
std::uint64_t flags_of(const application& a) {
  return (a.presence_intent ? 1ull << 13 : 0) | (a.members_intent ? 1ull << 15 : 0) |
         (a.content_intent ? 1ull << 19 : 0);
}

} // namespace

json ready_application_json(const application& a) {
  return {
      {"id", id_text(a.id)}, {"flags", flags_of(a)}, {"flags_new", std::to_string(flags_of(a))}};
}

json application_json(world& w, const application& a) {
  auto out = ready_application_json(a);
  out["name"] = a.name;
  out["icon"] = nullptr;
  out["description"] = a.description;
  out["summary"] = "";
  out["type"] = nullptr;
  out["bot_public"] = true;
  out["bot_require_code_grant"] = false;
  out["verify_key"] = a.verify_key;
  out["team"] = nullptr;
  out["rpc_origins"] = json::array();
  out["redirect_uris"] = json::array();
  out["interactions_endpoint_url"] = text_or_null(a.interactions_url);
  out["integration_types_config"] = {{"0", json::object()}};
  std::size_t guilds = 0;
  for (const auto& [id, g] : w.guilds)
    guilds += g.members.count(a.bot);
  out["approximate_guild_count"] = guilds;
  out["approximate_user_install_count"] = 0;
  if (const auto* owner = w.find_user(a.owner))
    out["owner"] = user_json(*owner);
  if (const auto* bot = w.find_user(a.bot))
    out["bot"] = user_json(*bot);
  return out;
}

} // namespace sim
