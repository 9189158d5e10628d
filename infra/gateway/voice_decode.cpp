// Who is where in voice.
#include "infra/gateway/json_read.hpp"

namespace hearth {
using namespace json_read;

bool event_decoder::read(padded_text payload, voice_state_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    auto nested = true;
    const auto whole = each_field(fields, [&](std::string_view key, value& field) {
      if (key == "guild_id") {
        out.guild = id_of<guild_id>(field);
      } else if (key == "user_id") {
        out.user = id_of<user_id>(field);
      } else if (key == "channel_id") {
        out.channel = id_of<channel_id>(field);
      } else if (key == "session_id") {
        out.session_id = text_of(field);
      } else if (key == "suppress") {
        out.suppressed = flag_of(field, false);
      } else if (key == "member" && type_of(field) == json_type::object) {
        nested &= read_member(field, out.member.emplace());
        out.member->permissions = 0;
      }
    });
    return whole && nested;
  });
  if (out.member && !out.member->user)
    out.member->user = out.user;
  return sound && out.guild && out.user;
}

bool event_decoder::read(padded_text payload, voice_server_data& out) {
  const auto sound = with_object(*parser_, payload, [&](object& fields) {
    return each_field(fields, [&](std::string_view key, value& field) {
      if (key == "guild_id")
        out.guild = id_of<guild_id>(field);
      else if (key == "endpoint")
        out.server.endpoint = text_of(field);
      else if (key == "token")
        out.server.token = text_of(field);
    });
  });
  return sound && out.guild && !out.server.token.empty();
}

} // namespace hearth
