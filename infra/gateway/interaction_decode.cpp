// INTERACTION_CREATE of every type. Source: discord-api 3.1, 3.5, 10, 16.
#include "infra/gateway/json_read.hpp"

namespace hearth {
using namespace json_read;

namespace {

/// Option types of discord-api 3.4.
enum : int { sub_command = 1, sub_command_group = 2, first_id_option = 6, last_id_option = 9 };

option_value value_of_option(value& v, int32_t type) {
  switch (type_of(v)) {
  case json_type::boolean:
    return flag_of(v, false);
  case json_type::number:
    if (type == 10)
      return real_of(v, 0);
    if (type >= first_id_option && type != 10)
      return number_of(v);
    return integer_of(v, 0);
  case json_type::string:
    if ((type >= first_id_option && type <= last_id_option) || type == 11)
      return number_of(v);
    return std::string{text_of(v)}; // also a number half typed in autocomplete
  default:
    return std::string{};
  }
}

bool read_options(value& list, interaction& out, int depth) {
  auto sound = true;
  sound &= each_item(list, [&](value& item) {
    auto fields = object{};
    auto type_field = value{};
    if (type_of(item) != json_type::object || item.get_object().get(fields) != simdjson::SUCCESS)
      return;
    auto type = int32_t{0};
    if (fields.find_field_unordered("type").get(type_field) == simdjson::SUCCESS)
      type = small_of(type_field, 0);
    auto again = false;
    if (fields.reset().get(again) != simdjson::SUCCESS) {
      sound = false;
      return;
    }
    const auto nests = type == sub_command || type == sub_command_group;
    auto option = option_input{};
    auto name = std::string{};
    sound &= each_field(fields, [&](std::string_view key, value& field) {
      if (key == "name") {
        name = text_of(field);
        if (nests) // the name comes before what is inside: "group", then "sub"
          out.subcommand += (out.subcommand.empty() ? "" : " ") + name;
      } else if (key == "value" && !nests) {
        option.value = value_of_option(field, type);
      } else if (key == "focused") {
        option.focused = flag_of(field, false);
      } else if (key == "options" && nests && depth < 2) {
        sound &= read_options(field, out, depth + 1);
      }
    });
    if (nests)
      return;
    option.name = std::move(name);
    out.options.push_back(std::move(option));
  });
  return sound;
}

/// Values of a select as they come; numbers and booleans as text.
void add_value(value& item, std::string& joined) {
  if (!joined.empty())
    joined += ',';
  switch (type_of(item)) {
  case json_type::string:
    joined += text_of(item);
    break;
  case json_type::number:
    joined += std::to_string(integer_of(item, 0));
    break;
  case json_type::boolean:
    joined += flag_of(item, false) ? "true" : "false";
    break;
  default:
    break;
  }
}

/// One entry of a submitted modal: an input, a label around one, or a legacy row around some.
bool read_modal_entry(value& entry, interaction& out, int depth) {
  auto id = std::string{};
  auto content = std::string{};
  auto is_input = false;
  auto sound = true;
  sound &= each_field(entry, [&](std::string_view key, value& field) {
    if (key == "custom_id") {
      id = text_of(field);
      is_input = true;
    } else if (key == "value") {
      add_value(field, content);
    } else if (key == "values") {
      sound &= each_item(field, [&](value& item) { add_value(item, content); });
    } else if (key == "component" && depth < 2) {
      sound &= read_modal_entry(field, out, depth + 1);
    } else if (key == "components" && depth < 2) {
      sound &=
          each_item(field, [&](value& item) { sound &= read_modal_entry(item, out, depth + 1); });
    }
  });
  if (is_input && !id.empty())
    out.fields[std::move(id)] = std::move(content);
  return sound;
}

bool read_resolved_channel(value& v, resolved_channel& out) {
  return each_field(v, [&](std::string_view key, value& field) {
    if (key == "name")
      out.name = text_of(field);
    else if (key == "type")
      out.kind = static_cast<uint8_t>(kind_of_channel(field));
    else if (key == "permissions")
      out.permissions = number_of(field);
    else if (key == "app_permissions")
      out.app_permissions = number_of(field);
  });
}

/// Users and members come as two maps in any order: a member has no user inside, its nick wins.
bool read_resolved(value& v, interaction& out) {
  auto sound = true;
  auto nicks = std::map<user_id, std::string>{};
  sound &= each_field(v, [&](std::string_view kind, value& map) {
    sound &= each_field(map, [&](std::string_view key, value& entry) {
      if (kind == "users") {
        auto user = user_fields{};
        sound &= read_user(entry, user);
        if (const auto id = parse_id<user_id>(key)) {
          auto& facts = out.users[*id];
          facts.user = *id;
          facts.bot = user.bot;
          facts.name = std::move(user.name);
        }
      } else if (kind == "members") {
        auto member = member_facts{};
        sound &= read_member(entry, member);
        if (const auto id = parse_id<user_id>(key)) {
          auto& facts = out.users[*id];
          facts.user = *id;
          facts.roles = std::move(member.roles);
          facts.permissions = member.permissions;
          if (!member.name.empty())
            nicks[*id] = std::move(member.name);
        }
      } else if (kind == "channels") {
        if (const auto id = parse_id<channel_id>(key))
          sound &= read_resolved_channel(entry, out.channels[*id]);
      } else if (kind == "roles") {
        auto role = role_facts{};
        sound &= read_role(entry, role);
        if (const auto id = parse_id<role_id>(key))
          out.roles[*id] = std::move(role.name);
      }
    });
  });
  for (auto& [id, nick] : nicks)
    out.users[id].name = std::move(nick);
  return sound;
}

bool read_data(value& v, interaction& out) {
  auto sound = true;
  sound &= each_field(v, [&](std::string_view key, value& field) {
    if (key == "name")
      out.command = text_of(field);
    else if (key == "type")
      out.command_type = static_cast<uint8_t>(small_of(field, 1));
    else if (key == "options")
      sound &= read_options(field, out, 0);
    else if (key == "target_id")
      out.target = number_of(field);
    else if (key == "custom_id")
      out.custom_id = text_of(field);
    else if (key == "component_type")
      out.component_type = static_cast<uint8_t>(small_of(field, 0));
    else if (key == "values")
      sound &= each_item(field, [&](value& item) { add_value(item, out.values.emplace_back()); });
    else if (key == "components")
      sound &= each_item(field, [&](value& item) { sound &= read_modal_entry(item, out, 0); });
    else if (key == "resolved")
      sound &= read_resolved(field, out);
  });
  return sound;
}

bool read_message(value& v, interaction& out) {
  return each_field(v, [&](std::string_view key, value& field) {
    if (key == "id")
      out.message = id_of<message_id>(field);
    else if (key == "flags")
      out.message_ephemeral = (integer_of(field, 0) & 64) != 0;
  });
}

bool read_field(std::string_view key, value& field, interaction& out, int32_t& kind) {
  if (key == "id")
    out.id = id_of<interaction_id>(field);
  else if (key == "token")
    out.token = text_of(field);
  else if (key == "type")
    kind = small_of(field, 0);
  else if (key == "application_id")
    out.application = id_of<application_id>(field);
  else if (key == "guild_id")
    out.guild = id_of<guild_id>(field);
  else if (key == "channel_id")
    out.channel = id_of<channel_id>(field);
  else if (key == "locale")
    out.locale = text_of(field);
  else if (key == "guild_locale")
    out.guild_locale = text_of(field);
  else if (key == "app_permissions")
    out.app_permissions = number_of(field);
  else if (key == "member" && type_of(field) == json_type::object)
    return read_member(field, out.member);
  else if (key == "data")
    return read_data(field, out);
  else if (key == "message")
    return read_message(field, out);
  else if (key == "channel" && !out.channel)
    return each_field(field, [&](std::string_view inner, value& item) {
      if (inner == "id")
        out.channel = id_of<channel_id>(item);
    });
  else if (key == "user" && type_of(field) == json_type::object) { // direct messages
    auto user = user_fields{};
    const auto sound = read_user(field, user);
    if (!out.member.user)
      out.member = {user.id, std::move(user.name), {}, 0, user.bot};
    return sound;
  }
  return true;
}

bool read_fields(object& fields, interaction& out, int32_t& kind) {
  auto nested = true;
  const auto whole = each_field(fields, [&](std::string_view key, value& field) {
    nested &= read_field(key, field, out, kind);
  });
  return whole && nested;
}

bool is_whole(interaction& out, int32_t kind) {
  if (kind < 2 || kind > 5)
    return false;
  out.kind = static_cast<interaction_kind>(kind);
  return out.id && !out.token.empty();
}

} // namespace

bool event_decoder::read(padded_text payload, interaction& out) {
  auto kind = int32_t{0};
  const auto sound = with_object(*parser_, payload,
                                 [&](object& fields) { return read_fields(fields, out, kind); });
  return sound && is_whole(out, kind); // 1 is a ping, which the gateway never sends
}

interaction_read event_decoder::read_interaction(padded_text text, interaction& out) {
  auto document = simdjson::ondemand::document{};
  const auto view = simdjson::padded_string_view(text.data, text.size, text.size + text_padding);
  auto fields = object{};
  auto kind = int32_t{0};
  if (parser_->json.iterate(view).get(document) != simdjson::SUCCESS ||
      document.get_object().get(fields) != simdjson::SUCCESS || !read_fields(fields, out, kind))
    return interaction_read::broken;
  if (kind == 1)
    return interaction_read::ping;
  return is_whole(out, kind) ? interaction_read::interaction : interaction_read::broken;
}

} // namespace hearth
