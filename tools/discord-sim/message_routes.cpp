// Messages over REST (discord-api 4, 15.3, 15.5, 15.10, 15.13).
#include "discord-sim/access.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/post.hpp"
#include "discord-sim/route_help.hpp"

#include <algorithm>
#include <set>

namespace sim {

namespace {

using namespace std::chrono_literals;

constexpr unix_ms two_weeks_ms = 14LL * 24 * 3600 * 1000; // bulk delete (50034)
constexpr auto nonce_memory = 5min;                       // "within minutes" (2.4); span assumed

/// DMs: the other side must allow them and share a guild (discord-api 15.3).
void require_open_dm(sim::core& c, const channel& where, snowflake self) {
  for (const auto id : where.recipients) {
    const auto* other = c.world.find_user(id);
    if (id == self || other == nullptr)
      continue;
    if (!other->dms_open || other->bot)
      throw fail(50007);
    const bool shared =
        std::any_of(c.world.guilds.begin(), c.world.guilds.end(), [&](const auto& entry) {
          return entry.second.members.count(id) != 0 && entry.second.members.count(self) != 0;
        });
    if (!shared)
      throw fail(50278);
  }
}

void require_content_rights(rest_call& call, const channel& where, const message_body& body,
                            const request_body& request) {
  require(call, where, permission::send_messages);
  // A bot that sends embeds or files without the right is refused, not trimmed (15.13 [A]).
  if (body.embeds && !body.embeds->empty())
    require(call, where, permission::embed_links);
  if (!request.files.empty())
    require(call, where, permission::attach_files);
}

void check_reply(rest_call& call, const channel& where, message_body& body) {
  if (!body.reply)
    return;
  if (body.reply->channel != 0 && body.reply->channel != where.id)
    throw form_error("message_reference", "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL",
                     "Cannot reply to a message in another channel");
  if ((rights_in(call.core, where, call.self()) & permission::read_history) == 0)
    throw api_error{403, 160002, "Cannot reply without permission to read message history", {}};
  const auto* original = call.core.world.find_message(where.id, body.reply->message);
  if (original != nullptr && !original->ephemeral)
    return;
  if (body.reply->must_exist)
    throw form_error("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
  body.reply.reset(); // sent as a plain message (discord-api 4)
}

/// The message an earlier request with this nonce made, or nullptr (discord-api 2.4).
message* remembered(activity& a, const std::string& key, snowflake channel) {
  const auto now = steady::now();
  for (auto it = a.nonces.begin(); it != a.nonces.end();)
    it = now - it->second.at > nonce_memory ? a.nonces.erase(it) : std::next(it);
  const auto known = a.nonces.find(key);
  return known == a.nonces.end() ? nullptr
                                 : a.core.world.find_message(channel, known->second.message);
}

json with_nonce(json view, const message_body& body) {
  if (body.nonce.empty())
    return view;
  view["nonce"] = body.nonce_is_number ? json::parse(body.nonce) : json(body.nonce);
  return view;
}

http_response create(activity& a, rest_call& call) {
  auto& where = channel_of(call);
  if (!is_textual(where))
    throw fail(50008);
  auto request = read_request(call);
  message_context context;
  context.files = request.file_numbers();
  form_errors errors;
  auto body = check_message(request.payload, context, {}, errors);
  check(errors);
  if (where.guild == 0)
    require_open_dm(a.core, where, call.self());
  require_content_rights(call, where, body, request);
  check_reply(call, where, body);
  const auto key = id_text(call.self()) + " " + id_text(where.id) + " " + body.nonce;
  const bool enforced = body.enforce_nonce && !body.nonce.empty();
  if (enforced)
    if (auto* first = remembered(a, key, where.id); first != nullptr)
      return http_response::of(200, with_nonce(message_view(a, *first, call.self()), body));
  new_message wish;
  wish.channel = where.id;
  wish.author = call.self();
  wish.body = body;
  wish.files = std::move(request.files);
  const auto& made = post_message(a, std::move(wish));
  if (enforced)
    a.nonces[key] = {made.id, steady::now()};
  return http_response::of(200, with_nonce(message_view(a, made, call.self()), body));
}

http_response get_one(activity& a, rest_call& call) {
  auto& where = channel_of(call);
  // The single form needs the right, the list answers an empty one without it (16).
  require(call, where, permission::read_history);
  return http_response::of(200, message_view(a, plain_message(call, where), call.self()));
}

http_response list(activity& a, rest_call& call) {
  auto& where = channel_of(call);
  const auto limit = static_cast<std::size_t>(call.query_int("limit", 50, 1, 100));
  const auto around = call.query_id("around");
  const auto before = call.query_id("before");
  const auto after = call.query_id("after");
  if ((around != 0) + (before != 0) + (after != 0) > 1)
    throw form_error("", "BASE_TYPE_CHOICES", "Only one of around, before, after may be given.");
  auto page = json::array();
  if ((rights_in(a.core, where, call.self()) & permission::read_history) == 0)
    return http_response::of(200, page);
  std::vector<const message*> all;
  for (const auto& [id, m] : where.messages)
    if (!m.ephemeral)
      all.push_back(&m);
  const auto position = [&](snowflake id) {
    return static_cast<std::size_t>(
        std::lower_bound(all.begin(), all.end(), id,
                         [](const message* m, snowflake value) { return m->id < value; }) -
        all.begin());
  };
  std::size_t from = 0;
  std::size_t to = all.size();
  if (before != 0) {
    to = position(before);
  } else if (after != 0) {
    from = position(after + 1);
    to = std::min(to, from + limit);
  } else if (around != 0) {
    const auto middle = position(around);
    from = middle - std::min(middle, limit / 2);
    to = std::min(to, from + limit);
  }
  from = std::max(from, to - std::min(to, limit));
  for (auto i = to; i > from; --i) // newest first (discord-api 4)
    page.push_back(message_view(a, *all[i - 1], call.self()));
  return http_response::of(200, page);
}

http_response edit(activity& a, rest_call& call) {
  auto& where = channel_of(call);
  auto& m = plain_message(call, where);
  auto request = read_request(call);
  const auto& payload = request.payload;
  if (m.author != call.self()) {
    // Others' messages: only SUPPRESS_EMBEDS, with MANAGE_MESSAGES (discord-api 4).
    const bool only_flags = payload.size() == 1 && payload.contains("flags");
    if (!only_flags)
      throw fail(50005);
    require(call, where, permission::manage_messages);
  }
  form_errors errors;
  auto body = check_message(payload, edit_context(m, message_route::edit, request), {}, errors);
  check(errors);
  // One's own message may be edited without SEND_MESSAGES (assumed).
  if (!request.files.empty())
    require(call, where, permission::attach_files);
  edit_message(a, m, std::move(body), request.files);
  return http_response::of(200, message_view(a, m, call.self()));
}

http_response remove(activity& a, rest_call& call) {
  auto& where = channel_of(call);
  const auto& m = plain_message(call, where);
  if (m.author != call.self())
    require(call, where, permission::manage_messages);
  delete_message(a, where.id, m.id);
  return http_response::none();
}

http_response bulk_delete(activity& a, rest_call& call) {
  auto& where = channel_of(call);
  if (where.guild == 0)
    throw fail(50024);
  form_errors errors;
  const form_fields fields{call.object(), {}, errors};
  const auto* list = fields.list("messages", {2, 100, true});
  std::set<snowflake> ids;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto id = parse_id((*list)[i]);
    if (!id)
      errors.not_a(fields.at() / "messages" / i, (*list)[i].dump(), "snowflake");
    else if (!ids.insert(*id).second)
      errors.add(fields.at() / "messages" / i, "SET_TYPE_ALREADY_CONTAINS_VALUE",
                 "The set already contains this value");
  }
  check(errors);
  require(call, where, permission::manage_messages);
  const auto oldest = a.core.clock.now() - two_weeks_ms;
  if (std::any_of(ids.begin(), ids.end(), [&](auto id) { return time_of(id) < oldest; }))
    throw fail(50034);
  auto gone = json::array();
  for (const auto id : ids) {
    const auto found = where.messages.find(id);
    if (found == where.messages.end() || found->second.ephemeral)
      continue; // unknown ones are passed over (assumed)
    where.messages.erase(found);
    unpin(where, id);
    gone.push_back(id_text(id));
  }
  event happened;
  happened.type = "MESSAGE_DELETE_BULK";
  happened.data = {
      {"ids", gone}, {"channel_id", id_text(where.id)}, {"guild_id", id_text(where.guild)}};
  happened.guild = where.guild;
  happened.channel = where.id;
  happened.intents = intent::messages;
  if (!gone.empty())
    a.core.events().send(std::move(happened));
  return http_response::none();
}

http_response typing(activity& a, rest_call& call) {
  auto& where = channel_of(call);
  require(call, where, permission::send_messages);
  start_typing(a, where, call.self());
  return http_response::none();
}

} // namespace

void add_message_routes(activity& a) {
  auto& api = a.core.api;
  const std::string base = "/channels/{channel}/messages";
  const std::string one = base + "/{message}";
  // Figures of discord-api 2.3 [I].
  const auto limit = [](std::string bucket, int count, std::chrono::milliseconds window) {
    route_options options;
    options.limit = {std::move(bucket), count, window};
    return options;
  };
  const auto sends = limit("", 5, 5s);
  const auto deletes = limit("", 5, 1s);
  const auto reads = limit("", 50, 10s);
  api.add(
      "POST", base, [&a](rest_call& call) { return create(a, call); }, sends);
  api.add(
      "GET", base, [&a](rest_call& call) { return list(a, call); }, reads);
  api.add(
      "POST", base + "/bulk-delete", [&a](rest_call& call) { return bulk_delete(a, call); },
      deletes);
  api.add(
      "GET", one, [&a](rest_call& call) { return get_one(a, call); }, reads);
  api.add(
      "PATCH", one, [&a](rest_call& call) { return edit(a, call); }, sends);
  api.add(
      "DELETE", one, [&a](rest_call& call) { return remove(a, call); }, deletes);
  add_pin_routes(a);
  api.add("POST", "/channels/{channel}/typing", [&a](rest_call& call) { return typing(a, call); });
}

} // namespace sim
