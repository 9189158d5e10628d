// Pins in their present and their older form (discord-api 4).
#include "discord-sim/access.hpp"
#include "discord-sim/post.hpp"
#include "discord-sim/route_help.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t pins_max = 250; // 30003

void pins_changed(activity& a, const channel& where) {
  event happened;
  happened.type = "CHANNEL_PINS_UPDATE";
  happened.data = {{"channel_id", id_text(where.id)}, {"last_pin_timestamp", nullptr}};
  if (!where.pins.empty())
    happened.data["last_pin_timestamp"] = iso_time(a.core.clock.now());
  if (where.guild != 0)
    happened.data["guild_id"] = id_text(where.guild);
  happened.guild = where.guild;
  happened.channel = where.id;
  happened.intents = where.guild != 0 ? intent::guilds : intent::dms;
  a.core.events().send(std::move(happened));
}

http_response pin(activity& a, rest_call& call, bool on) {
  auto& where = channel_of(call);
  auto& m = plain_message(call, where);
  // MANAGE_MESSAGES no longer suffices (discord-api 4, 5); in DMs both sides may.
  if (where.guild != 0)
    require(call, where, permission::pin_messages);
  const auto there = std::find(where.pins.begin(), where.pins.end(), m.id);
  if (on == (there != where.pins.end()))
    return http_response::none();
  if (on && where.pins.size() >= pins_max)
    throw fail(30003);
  if (on)
    where.pins.push_back(m.id);
  else
    where.pins.erase(there);
  m.data["pinned"] = on;
  pins_changed(a, where);
  if (!on)
    return http_response::none();
  new_message notice; // "X pinned a message" (type 6)
  notice.channel = where.id;
  notice.author = call.self();
  notice.type = 6;
  notice.extra = {
      {"message_reference",
       {{"type", 0}, {"channel_id", id_text(where.id)}, {"message_id", id_text(m.id)}}}};
  post_message(a, std::move(notice));
  return http_response::none();
}

http_response list_pins(activity& a, rest_call& call, bool old_form) {
  auto& where = channel_of(call);
  const auto limit = static_cast<std::size_t>(call.query_int("limit", 50, 1, 50));
  auto items = json::array();
  if ((rights_in(a.core, where, call.self()) & permission::read_history) == 0)
    return http_response::of(200, old_form ? items : json{{"items", items}, {"has_more", false}});
  bool more = false;
  for (auto it = where.pins.rbegin(); it != where.pins.rend(); ++it) {
    const auto* m = a.core.world.find_message(where.id, *it);
    if (m == nullptr)
      continue;
    more = items.size() == limit;
    if (more)
      break;
    const auto view = message_view(a, *m, call.self());
    // The time of pinning is not kept; the message's own stands for it (assumed).
    items.push_back(old_form ? view : json{{"pinned_at", view["timestamp"]}, {"message", view}});
  }
  return http_response::of(200, old_form ? items : json{{"items", items}, {"has_more", more}});
}

} // namespace

void add_pin_routes(activity& a) {
  auto& api = a.core.api;
  const std::string base = "/channels/{channel}/messages";
  for (const std::string& pins : {base + "/pins", std::string{"/channels/{channel}/pins"}}) {
    const bool old_form = pins != base + "/pins";
    api.add("GET", pins, [&a, old_form](rest_call& call) { return list_pins(a, call, old_form); });
    api.add("PUT", pins + "/{message}", [&a](rest_call& call) { return pin(a, call, true); });
    api.add("DELETE", pins + "/{message}", [&a](rest_call& call) { return pin(a, call, false); });
  }
}

} // namespace sim
