// Guilds, roles, channels, emojis and members.
#include "infra/gateway/json_read.hpp"
#include <algorithm>

namespace hearth {
using namespace json_read;

namespace json_read {

bool read_role(value& v, role_facts& out) {
  return each_field(v, [&](std::string_view key, value& field) {
    if (key == "id")
      out.id = id_of<role_id>(field);
    else if (key == "name")
      out.name = text_of(field);
    else if (key == "permissions")
      out.permissions = number_of(field);
    else if (key == "position")
      out.position = small_of(field, 0);
    else if (key == "managed")
      out.managed = flag_of(field, false);
  });
}

namespace {

bool read_overwrite(value& v, std::vector<overwrite>& out) {
  auto rule = overwrite{};
  const auto sound = each_field(v, [&](std::string_view key, value& field) {
    if (key == "id")
      rule.id = number_of(field);
    else if (key == "type")
      rule.is_member = number_of(field) == 1;
    else if (key == "allow")
      rule.allow = number_of(field);
    else if (key == "deny")
      rule.deny = number_of(field);
  });
  if (rule.id != 0)
    out.push_back(rule);
  return sound;
}

bool read_emojis(value& v, std::vector<emoji_facts>& out) {
  auto sound = true;
  sound &= each_item(v, [&](value& item) {
    auto emoji = emoji_facts{};
    sound &= each_field(item, [&](std::string_view key, value& field) {
      if (key == "id")
        emoji.id = id_of<emoji_id>(field);
      else if (key == "name")
        emoji.name = text_of(field);
      else if (key == "animated")
        emoji.animated = flag_of(field, false);
    });
    if (emoji.id)
      out.push_back(std::move(emoji));
  });
  out.shrink_to_fit();
  return sound;
}

bool read_roles(value& v, std::vector<role_facts>& out) {
  auto sound = true;
  sound &= each_item(v, [&](value& item) {
    auto role = role_facts{};
    sound &= read_role(item, role);
    if (role.id)
      out.push_back(std::move(role));
  });
  out.shrink_to_fit();
  return sound;
}

bool read_channels(value& v, std::vector<channel_facts>& out) {
  auto sound = true;
  sound &= each_item(v, [&](value& item) {
    auto channel = channel_facts{};
    auto guild = guild_id{};
    auto fields = object{};
    if (type_of(item) != json_type::object || item.get_object().get(fields) != simdjson::SUCCESS)
      return;
    sound &= read_channel(fields, channel, guild);
    if (channel.id && !is_thread(channel.kind))
      out.push_back(std::move(channel));
  });
  out.shrink_to_fit();
  return sound;
}

bool read_voice_states(value& v, std::vector<voice_member>& out) {
  auto sound = true;
  sound &= each_item(v, [&](value& item) {
    auto state = voice_member{};
    sound &= each_field(item, [&](std::string_view key, value& field) {
      if (key == "user_id")
        state.member.user = id_of<user_id>(field);
      else if (key == "channel_id")
        state.channel = id_of<channel_id>(field);
    });
    if (state.member.user && state.channel)
      out.push_back(std::move(state));
  });
  return sound;
}

/// Fills in the members that are in voice, and the bot. A guild sends hundreds of others, which
/// cost a look at their id only as long as that stands in `user`.
bool read_members(value& v, guild_data& out, user_id self) {
  auto sound = true;
  sound &= each_item(v, [&](value& item) {
    auto fields = object{};
    if (type_of(item) != json_type::object || item.get_object().get(fields) != simdjson::SUCCESS)
      return;
    auto id = user_id{};
    auto raw = value{};
    if (fields.find_field_unordered("user").get(raw) == simdjson::SUCCESS) {
      auto user = object{};
      auto raw_id = value{};
      if (type_of(raw) == json_type::object && raw.get_object().get(user) == simdjson::SUCCESS &&
          user.find_field_unordered("id").get(raw_id) == simdjson::SUCCESS)
        id = id_of<user_id>(raw_id);
    }
    const auto in_voice = std::find_if(out.voice->begin(), out.voice->end(),
                                       [&](const auto& each) { return each.member.user == id; });
    if (!id || (id != self && in_voice == out.voice->end()))
      return;
    auto reset = false;
    if (fields.reset().get(reset) != simdjson::SUCCESS)
      return;
    auto member = member_facts{};
    sound &= read_member(fields, member);
    member.permissions = 0;
    if (id == self)
      out.self = member;
    if (in_voice != out.voice->end())
      in_voice->member = std::move(member);
  });
  return sound;
}

void read_guild_field(std::string_view key, value& field, guild_data& out, user_id self,
                      bool& sound) {
  if (key == "id") {
    out.id = id_of<guild_id>(field);
  } else if (key == "unavailable") {
    out.unavailable = flag_of(field, false);
  } else if (key == "name") {
    out.name = text_of(field);
  } else if (key == "preferred_locale") {
    out.preferred_locale = text_of(field);
  } else if (key == "owner_id") {
    out.owner = id_of<user_id>(field);
  } else if (key == "system_channel_id") {
    out.system_channel = id_of<channel_id>(field);
  } else if (key == "afk_channel_id") {
    out.afk_channel = id_of<channel_id>(field);
  } else if (key == "roles") {
    sound &= read_roles(field, out.roles.emplace());
  } else if (key == "emojis") {
    sound &= read_emojis(field, out.emojis.emplace());
  } else if (key == "channels") {
    sound &= read_channels(field, out.channels.emplace());
  } else if (key == "members" && out.voice) {
    sound &= read_members(field, out, self);
  }
}

bool read_guild_object(object& fields, guild_data& out, user_id self) {
  auto sound = true;
  auto voice = value{};
  // Voice states name the members worth keeping, wherever they stand: they are read first.
  if (fields.find_field_unordered("voice_states").get(voice) == simdjson::SUCCESS)
    sound &= read_voice_states(voice, out.voice.emplace());
  auto again = false;
  if (!sound || fields.reset().get(again) != simdjson::SUCCESS)
    return false;
  if (!out.voice)
    out.voice.emplace();
  sound &= each_field(fields, [&](std::string_view key, value& field) {
    read_guild_field(key, field, out, self, sound);
  });
  return sound && out.id;
}

} // namespace

bool read_channel(object& fields, channel_facts& out, guild_id& guild) {
  auto sound = true;
  sound &= each_field(fields, [&](std::string_view key, value& field) {
    if (key == "id") {
      out.id = id_of<channel_id>(field);
    } else if (key == "guild_id") {
      guild = id_of<guild_id>(field);
    } else if (key == "type") {
      out.kind = kind_of_channel(field);
    } else if (key == "parent_id") {
      out.parent = id_of<channel_id>(field);
    } else if (key == "position") {
      out.position = small_of(field, 0);
    } else if (key == "name") {
      out.name = text_of(field);
    } else if (key == "user_limit") {
      out.user_limit = small_of(field, 0);
    } else if (key == "bitrate") {
      out.bitrate = small_of(field, 0);
    } else if (key == "permission_overwrites") {
      out.overwrites.clear();
      sound &=
          each_item(field, [&](value& item) { sound &= read_overwrite(item, out.overwrites); });
      out.overwrites.shrink_to_fit();
    }
  });
  return sound;
}

} // namespace json_read

bool event_decoder::read(padded_text payload, guild_data& out, user_id self) {
  const auto sound = with_object(
      *parser_, payload, [&](object& fields) { return read_guild_object(fields, out, self); });
  if (payload.size > 1'000'000) // a huge guild must not hold its parsing memory for ever
    parser_ = std::make_unique<parser>();
  return sound;
}

bool event_decoder::read_guild(padded_text text, guild_data& out, user_id self) {
  auto document = simdjson::ondemand::document{};
  const auto view = simdjson::padded_string_view(text.data, text.size, text.size + text_padding);
  auto fields = object{};
  if (parser_->json.iterate(view).get(document) != simdjson::SUCCESS ||
      document.get_object().get(fields) != simdjson::SUCCESS)
    return false;
  return read_guild_object(fields, out, self);
}

bool event_decoder::read(padded_text payload, role_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto nested = true;
    const auto whole = each_field(fields, [&](std::string_view key, value& field) {
      if (key == "guild_id")
        out.guild = id_of<guild_id>(field);
      else if (key == "role")
        nested &= read_role(field, out.role);
      else if (key == "role_id")
        out.role.id = id_of<role_id>(field);
    });
    return whole && nested;
  });
  return sound && out.guild && out.role.id;
}

bool event_decoder::read(padded_text payload, channel_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    return read_channel(fields, out.channel, out.guild);
  });
  return sound && out.channel.id;
}

bool event_decoder::read(padded_text payload, emojis_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto nested = true;
    const auto whole = each_field(fields, [&](std::string_view key, value& field) {
      if (key == "guild_id")
        out.guild = id_of<guild_id>(field);
      else if (key == "emojis")
        nested &= read_emojis(field, out.emojis);
    });
    return whole && nested;
  });
  return sound && out.guild;
}

bool event_decoder::read(padded_text payload, member_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto guild = value{};
    if (fields.find_field_unordered("guild_id").get(guild) == simdjson::SUCCESS)
      out.guild = id_of<guild_id>(guild);
    auto again = false;
    if (fields.reset().get(again) != simdjson::SUCCESS)
      return false;
    return read_member(fields, out.member);
  });
  return sound && out.guild && out.member.user;
}

} // namespace hearth
