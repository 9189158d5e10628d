// Writes a cached guild in Discord's own shape.
#include "infra/gateway/guild_cache.hpp"
#include <nlohmann/json.hpp>

namespace hearth {
namespace {

using nlohmann::json;

template <class Id> json text_or_null(Id id) { return id ? json(to_string(id)) : json(nullptr); }

json encode_member(const member_facts& member) {
  auto roles = json::array();
  for (const auto role : member.roles)
    roles.push_back(to_string(role));
  return {
      {"user", {{"id", to_string(member.user)}, {"username", member.name}, {"bot", member.bot}}},
      {"roles", std::move(roles)}};
}

json encode_channel(const channel_facts& channel) {
  auto rules = json::array();
  for (const auto& rule : channel.overwrites)
    rules.push_back({{"id", std::to_string(rule.id)},
                     {"type", rule.is_member ? 1 : 0},
                     {"allow", std::to_string(rule.allow)},
                     {"deny", std::to_string(rule.deny)}});
  return {{"id", to_string(channel.id)},
          {"type", static_cast<int>(channel.kind)},
          {"name", channel.name},
          {"parent_id", text_or_null(channel.parent)},
          {"position", channel.position},
          {"permission_overwrites", std::move(rules)},
          {"user_limit", channel.user_limit},
          {"bitrate", channel.bitrate}};
}

} // namespace

std::string encode_guild(const guild_snapshot& guild) {
  auto roles = json::array();
  for (const auto& role : guild.roles)
    roles.push_back({{"id", to_string(role.id)},
                     {"name", role.name},
                     {"permissions", std::to_string(role.permissions)},
                     {"position", role.position},
                     {"managed", role.managed}});
  auto channels = json::array();
  for (const auto& channel : guild.channels)
    channels.push_back(encode_channel(channel));
  auto emojis = json::array();
  for (const auto& emoji : guild.emojis)
    emojis.push_back(
        {{"id", to_string(emoji.id)}, {"name", emoji.name}, {"animated", emoji.animated}});
  auto members = json::array({encode_member(guild.self)});
  auto voice = json::array();
  for (const auto& state : guild.voice) {
    voice.push_back(
        {{"user_id", to_string(state.member.user)}, {"channel_id", to_string(state.channel)}});
    if (state.member.user != guild.self.user)
      members.push_back(encode_member(state.member));
  }
  const auto whole = json{{"id", to_string(guild.id)},
                          {"name", guild.name},
                          {"preferred_locale", guild.preferred_locale},
                          {"owner_id", to_string(guild.owner)},
                          {"system_channel_id", text_or_null(guild.system_channel)},
                          {"afk_channel_id", text_or_null(guild.afk_channel)},
                          {"roles", std::move(roles)},
                          {"channels", std::move(channels)},
                          {"emojis", std::move(emojis)},
                          {"members", std::move(members)},
                          {"voice_states", std::move(voice)}};
  return whole.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace hearth
