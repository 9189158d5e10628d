#include "discord-sim/world.hpp"
#include <algorithm>

namespace sim {

namespace {

template <class Map> auto* find_in(Map& map, snowflake id) {
  const auto it = map.find(id);
  return it == map.end() ? nullptr : &it->second;
}

} // namespace

user* world::find_user(snowflake id) { return find_in(users, id); }
guild* world::find_guild(snowflake id) { return find_in(guilds, id); }
channel* world::find_channel(snowflake id) { return find_in(channels, id); }
application* world::find_application(snowflake id) { return find_in(applications, id); }

member* world::find_member(snowflake guild_id, snowflake user_id) {
  auto* g = find_guild(guild_id);
  return g ? find_in(g->members, user_id) : nullptr;
}

message* world::find_message(snowflake channel_id, snowflake message_id) {
  auto* c = find_channel(channel_id);
  return c ? find_in(c->messages, message_id) : nullptr;
}

application* world::application_by_token(std::string_view token) {
  for (auto& [id, app] : applications)
    if (app.token == token && !app.revoked)
      return &app;
  return nullptr;
}

application* world::application_of_revoked(std::string_view token) {
  for (auto& [id, app] : applications)
    if (app.token == token && app.revoked)
      return &app;
  return nullptr;
}

bool unpin(channel& where, snowflake message) {
  const auto found = std::find_if(where.pins.begin(), where.pins.end(),
                                  [=](const pin& known) { return known.message == message; });
  if (found == where.pins.end())
    return false;
  where.pins.erase(found);
  return true;
}

webhook* world::find_webhook(snowflake id) { return find_in(webhooks, id); }

application* world::application_of_bot(snowflake user_id) {
  for (auto& [id, app] : applications)
    if (app.bot == user_id)
      return &app;
  return nullptr;
}

channel* world::find_dm(snowflake one, snowflake other) {
  for (const auto id : dms) {
    auto* c = find_channel(id);
    if (c && std::count(c->recipients.begin(), c->recipients.end(), one) != 0 &&
        std::count(c->recipients.begin(), c->recipients.end(), other) != 0)
      return c;
  }
  return nullptr;
}

const presence& world::presence_of(snowflake user_id) const {
  static const presence unknown;
  const auto it = presences.find(user_id);
  return it == presences.end() ? unknown : it->second;
}

} // namespace sim
