#include "discord-sim/dispatch.hpp"
#include "discord-sim/permissions.hpp"
#include <algorithm>

namespace sim {

bool visible_to(world& w, const event& what, snowflake user, unix_ms now) {
  if (!what.to_people || (what.only_user != 0 && what.only_user != user))
    return false;
  if (what.guild != 0 && !w.find_member(what.guild, user))
    return false;
  if (what.channel == 0)
    return true;
  const auto* c = w.find_channel(what.channel);
  return c && (effective_permissions(w, *c, user, now) & permission::view_channel) != 0;
}

json strip_content(json message) {
  message["content"] = "";
  for (const char* key : {"embeds", "attachments", "components"})
    message[key] = json::array();
  message.erase("poll");
  return message;
}

} // namespace sim
