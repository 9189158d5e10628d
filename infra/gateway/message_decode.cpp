// Messages, reactions and presences, as little of them as is needed.
#include "infra/gateway/json_read.hpp"

namespace hearth {
using namespace json_read;

bool event_decoder::read(padded_text payload, message_data& out) {
  auto user = user_fields{};
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto nested = true;
    const auto whole = each_field(fields, [&](std::string_view key, value& field) {
      if (key == "id") {
        out.message = id_of<message_id>(field);
      } else if (key == "channel_id") {
        out.channel = id_of<channel_id>(field);
      } else if (key == "guild_id") {
        out.guild = id_of<guild_id>(field);
      } else if (key == "content") {
        out.content = text_of(field);
      } else if (key == "webhook_id") {
        out.automatic |= type_of(field) != json_type::null;
      } else if (key == "author") {
        nested &= each_field(field, [&](std::string_view inner, value& item) {
          if (inner == "id")
            user.id = id_of<user_id>(item);
          else if (inner == "username" && user.name.empty())
            user.name = text_of(item);
          else if (inner == "global_name" && type_of(item) == json_type::string)
            user.name = text_of(item);
          else if (inner == "bot")
            user.bot = flag_of(item, false);
          else if (inner == "system")
            out.automatic |= flag_of(item, false);
        });
      } else if (key == "member") {
        nested &= read_member(field, out.author); // without its user
      }
    });
    return whole && nested;
  });
  out.automatic |= user.bot;
  out.author.user = user.id;
  out.author.bot = user.bot;
  out.author.permissions = 0;
  if (out.author.name.empty()) // no nickname
    out.author.name = std::move(user.name);
  return sound && out.message && out.channel && out.author.user;
}

bool event_decoder::read(padded_text payload, deleted_messages_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto nested = true;
    const auto add = [&](value& item) {
      if (const auto id = id_of<message_id>(item))
        out.messages.push_back(id);
    };
    const auto whole = each_field(fields, [&](std::string_view key, value& field) {
      if (key == "id")
        add(field);
      else if (key == "ids")
        nested &= each_item(field, add);
      else if (key == "channel_id")
        out.channel = id_of<channel_id>(field);
      else if (key == "guild_id")
        out.guild = id_of<guild_id>(field);
    });
    return whole && nested;
  });
  return sound && out.guild && out.channel && !out.messages.empty();
}

bool event_decoder::read(padded_text payload, reaction_data& out) {
  auto& facts = out.reaction;
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto nested = true;
    const auto whole = each_field(fields, [&](std::string_view key, value& field) {
      if (key == "guild_id")
        out.guild = id_of<guild_id>(field);
      else if (key == "channel_id")
        facts.channel = id_of<channel_id>(field);
      else if (key == "message_id")
        facts.message = id_of<message_id>(field);
      else if (key == "user_id")
        facts.user = id_of<user_id>(field);
      else if (key == "emoji")
        nested &= each_field(field, [&](std::string_view inner, value& item) {
          if (inner == "id")
            facts.emoji = id_of<emoji_id>(item);
          else if (inner == "name")
            facts.emoji_name = text_of(item);
        });
    });
    return whole && nested;
  });
  return sound && facts.channel && facts.message && facts.user;
}

namespace {

presence_status status_of(std::string_view text) {
  if (text == "online")
    return presence_status::online;
  if (text == "idle")
    return presence_status::idle;
  return text == "dnd" ? presence_status::dnd : presence_status::offline;
}

/// The first activity that is a game counts (type 0; discord-api 1.13).
bool read_activities(value& list, presence_changed& out) {
  auto sound = true;
  auto found = false;
  sound &= each_item(list, [&](value& item) {
    if (found)
      return;
    auto name = std::string_view{};
    auto details = std::string_view{};
    auto game = true; // where the type is missing
    sound &= each_field(item, [&](std::string_view key, value& field) {
      if (key == "name")
        name = text_of(field);
      else if (key == "details")
        details = text_of(field);
      else if (key == "type")
        game = integer_of(field, 0) == 0;
    });
    if (!game || name.empty())
      return;
    found = true;
    out.game = name;
    out.details = details;
  });
  return sound;
}

} // namespace

bool event_decoder::read(padded_text payload, presence_data& out) {
  auto& facts = out.presence;
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto nested = true;
    const auto whole = each_field(fields, [&](std::string_view key, value& field) {
      if (key == "guild_id")
        out.guild = id_of<guild_id>(field);
      else if (key == "status")
        facts.status = status_of(text_of(field));
      else if (key == "activities")
        nested &= read_activities(field, facts);
      else if (key == "user")
        nested &= each_field(field, [&](std::string_view inner, value& item) {
          if (inner == "id")
            facts.user = id_of<user_id>(item);
        });
    });
    return whole && nested;
  });
  return sound && out.guild && facts.user;
}

} // namespace hearth
