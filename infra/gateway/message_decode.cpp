// Messages, as little of them as is needed.
#include "infra/gateway/json_read.hpp"

namespace hearth {
using namespace json_read;

bool event_decoder::read(padded_text payload, message_data& out) {
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
            out.author = id_of<user_id>(item);
          else if (inner == "bot" || inner == "system")
            out.automatic |= flag_of(item, false);
        });
      }
    });
    return whole && nested;
  });
  return sound && out.message && out.channel && out.author;
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

} // namespace hearth
