#include "discord-sim/interaction_data.hpp"

#include "discord-sim/attachments.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"

namespace sim {

namespace {

/// app_permissions in a bot's DM (discord-api 15.13).
constexpr std::uint64_t dm_rights = permission::attach_files | permission::embed_links |
                                    permission::mention_everyone | permission::external_emojis;

snowflake bot_of(core& c, snowflake application) {
  const auto* app = c.world.find_application(application);
  return app ? app->bot : 0;
}

json owners(const interaction& it) { return {{"0", it.guild != 0 ? id_text(it.guild) : "0"}}; }

/// Partial channel with permissions of the user and of the application (discord-api 3.1).
json channel_part(core& c, const channel& where, snowflake application, snowflake user) {
  auto part = channel_json(c.world, where, bot_of(c, application));
  if (where.guild == 0)
    return part;
  part.erase("permission_overwrites");
  part["permissions"] = std::to_string(channel_permissions(c.world, where, user));
  part["app_permissions"] =
      std::to_string(channel_permissions(c.world, where, bot_of(c, application)));
  return part;
}

} // namespace

json interaction_json(core& c, const interaction& it, json data) {
  auto& world = c.world;
  const auto& where = *world.find_channel(it.channel);
  const auto& who = *world.find_user(it.user);
  json d{{"id", id_text(it.id)},
         {"application_id", id_text(it.application)},
         {"type", it.type},
         {"token", it.token},
         {"version", 1},
         {"data", std::move(data)},
         {"entitlements", json::array()},
         {"authorizing_integration_owners", owners(it)},
         {"attachment_size_limit", file_size_max},
         {"locale", who.locale},
         {"channel", channel_part(c, where, it.application, it.user)},
         {"channel_id", id_text(it.channel)},
         {"context", it.guild != 0 ? 0 : 1},
         {"app_permissions", std::to_string(dm_rights)}};
  if (it.source_message != 0)
    if (const auto* m = world.find_message(it.channel, it.source_message); m != nullptr)
      d["message"] = m->data;
  if (it.guild == 0) {
    d["user"] = user_json(who);
    return d;
  }
  const auto& home = *world.find_guild(it.guild);
  d["guild_id"] = id_text(it.guild);
  d["guild"] = {{"id", id_text(it.guild)}, {"locale", home.locale}, {"features", json::array()}};
  d["guild_locale"] = home.locale;
  d["app_permissions"] =
      std::to_string(channel_permissions(world, where, bot_of(c, it.application)));
  if (const auto* member = world.find_member(it.guild, it.user); member != nullptr) {
    d["member"] = member_json(world, *member);
    d["member"]["permissions"] = std::to_string(channel_permissions(world, where, it.user));
  }
  return d;
}

std::string command_path(const json& data) {
  auto path = data["name"].get<std::string>();
  const auto* level = &data;
  while (level->contains("options") && !(*level)["options"].empty()) {
    const auto& inner = (*level)["options"][0];
    if (const auto type = inner.value("type", 0); type != 1 && type != 2)
      break; // a value, no subcommand or group
    path += " " + inner["name"].get<std::string>();
    level = &inner;
  }
  return path;
}

json interaction_metadata(core& c, const interaction& it) {
  json about{
      {"id", id_text(it.id)}, {"type", it.type}, {"authorizing_integration_owners", owners(it)}};
  if (const auto* who = c.world.find_user(it.user); who != nullptr)
    about["user"] = user_json(*who);
  if (it.type == 2) {
    const auto& data = it.data["data"];
    about["name"] = command_path(data);
    about["command_type"] = data["type"];
    const auto target = data.value("target_id", std::string{});
    if (data["type"] == 3)
      about["target_message_id"] = target;
    if (data["type"] == 2)
      if (const auto id = parse_id(std::string_view{target}))
        if (const auto* who = c.world.find_user(*id); who != nullptr)
          about["target_user"] = user_json(*who);
  }
  if (it.type == 3)
    about["interacted_message_id"] = id_text(it.source_message);
  if (it.type == 5)
    if (const auto opener = c.world.interactions.find(it.source_interaction);
        opener != c.world.interactions.end())
      about["triggering_interaction_metadata"] = interaction_metadata(c, opener->second);
  return about;
}

bool resolver::add_user(snowflake id) {
  const auto* who = core_.world.find_user(id);
  if (who == nullptr)
    return false;
  maps_["users"][id_text(id)] = user_json(*who);
  const auto* member = core_.world.find_member(where_.guild, id);
  if (member == nullptr)
    return true;
  // resolved.members: M + permissions without user, deaf, mute (15.8).
  auto part = bare_member_json(*member);
  part.erase("deaf");
  part.erase("mute");
  part["permissions"] = std::to_string(channel_permissions(core_.world, where_, id));
  maps_["members"][id_text(id)] = std::move(part);
  return true;
}

bool resolver::add_role(snowflake id) {
  const auto* home = core_.world.find_guild(where_.guild);
  if (home == nullptr)
    return false;
  const auto found = home->roles.find(id);
  if (found == home->roles.end())
    return false;
  maps_["roles"][id_text(id)] = role_json(found->second);
  return true;
}

bool resolver::add_channel(snowflake id) {
  const auto* found = core_.world.find_channel(id);
  if (found == nullptr || found->guild == 0 || found->guild != where_.guild)
    return false;
  maps_["channels"][id_text(id)] = channel_part(core_, *found, application_, user_);
  return true;
}

void resolver::add_message(json message) {
  const auto id = message["id"].get<std::string>();
  maps_["messages"][id] = std::move(message);
}

void resolver::add_attachment(const json& attachment) {
  maps_["attachments"][attachment["id"].get<std::string>()] = attachment;
}

} // namespace sim
