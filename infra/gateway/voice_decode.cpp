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

} // namespace hearth
