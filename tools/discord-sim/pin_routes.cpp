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
    happened.data["last_pin_timestamp"] = iso_time(where.pins.back().at);
  if (where.guild != 0)
    happened.data["guild_id"] = id_text(where.guild);
  happened.guild = where.guild;
  happened.channel = where.id;
  happened.intents = where.guild != 0 ? intent::guilds : intent::dms;
  a.core.events().send(std::move(happened));
}

http_response set_pinned(activity& a, rest_call& call, bool on) {
  auto& where = channel_of(call);
  auto& m = plain_message(call, where);
  // MANAGE_MESSAGES no longer suffices (discord-api 4, 5); in DMs both sides may.
  if (where.guild != 0)
    require(call, where, permission::pin_messages);
  const bool pinned = std::any_of(where.pins.begin(), where.pins.end(),
                                  [&](const auto& known) { return known.message == m.id; });
  if (on == pinned)
    return http_response::none();
  if (on && where.pins.size() >= pins_max)
    throw fail(30003);
  if (on)
    where.pins.push_back({m.id, a.core.clock.now()});
  else
    unpin(where, m.id);
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

/// `before` of the paged form: an ISO 8601 time (discord-api 4).
unix_ms before_of(rest_call& call) {
  const auto text = call.query("before");
  if (!text)
    return INT64_MAX;
  const auto at = parse_iso_time(*text);
  if (!at)
    throw form_error("before", "DATE_TIME_TYPE_PARSE",
                     "Could not parse " + std::string(*text) + ". Should be ISO8601.");
  return *at;
}

http_response list_pins(activity& a, rest_call& call, bool old_form) {
  auto& where = channel_of(call);
  const auto limit =
      old_form ? pins_max : static_cast<std::size_t>(call.query_int("limit", 50, 1, 50));
  const auto before = old_form ? INT64_MAX : before_of(call);
  auto items = json::array();
  if ((rights_in(a.core, where, call.self()) & permission::read_history) == 0)
    return http_response::of(200, old_form ? items : json{{"items", items}, {"has_more", false}});
  bool more = false;
  for (auto it = where.pins.rbegin(); it != where.pins.rend(); ++it) {
    const auto* m = a.core.world.find_message(where.id, it->message);
    if (m == nullptr || it->at >= before)
      continue;
    more = items.size() == limit;
    if (more)
      break;
    const auto view = message_view(a, *m, call.self());
    items.push_back(old_form ? view : json{{"pinned_at", iso_time(it->at)}, {"message", view}});
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
    api.add("PUT", pins + "/{message}",
            [&a](rest_call& call) { return set_pinned(a, call, true); });
    api.add("DELETE", pins + "/{message}",
            [&a](rest_call& call) { return set_pinned(a, call, false); });
  }
}

} // namespace sim
