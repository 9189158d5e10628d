// Reactions: storing, dispatching and their REST routes (discord-api 1.12, 4, 15.13).
#include "discord-sim/access.hpp"
#include "discord-sim/emoji.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/post.hpp"
#include "discord-sim/route_help.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t distinct_max = 20; // 30010

bool is(const reaction& r, const json& emoji) {
  if (emoji["id"].is_string())
    return id_text(r.emoji_id) == emoji["id"].get_ref<const std::string&>();
  return r.emoji_id == 0 && r.emoji_name == emoji["name"].get_ref<const std::string&>();
}

std::vector<reaction>::iterator find_reaction(message& m, const json& emoji) {
  return std::find_if(m.reactions.begin(), m.reactions.end(),
                      [&](const reaction& r) { return is(r, emoji); });
}

json reaction_data(const message& m, const channel& where) {
  json data{{"channel_id", id_text(m.channel)}, {"message_id", id_text(m.id)}};
  if (where.guild != 0)
    data["guild_id"] = id_text(where.guild);
  return data;
}

void dispatch(activity& a, const message& m, const char* type, json data) {
  const auto* where = a.core.world.find_channel(m.channel);
  event happened;
  happened.type = type;
  happened.data = std::move(data);
  happened.guild = where ? where->guild : 0;
  happened.channel = m.channel;
  happened.intents = happened.guild != 0 ? intent::reactions : intent::dm_reactions;
  a.core.events().send(std::move(happened));
}

json one_reaction(activity& a, const message& m, const json& emoji, snowflake user) {
  auto data = reaction_data(m, *a.core.world.find_channel(m.channel));
  data["user_id"] = id_text(user);
  data["emoji"] = emoji;
  data["burst"] = false;
  data["type"] = 0;
  return data;
}

} // namespace

void add_reaction(activity& a, message& m, const json& emoji, snowflake user) {
  auto found = find_reaction(m, emoji);
  if (found == m.reactions.end()) {
    if (m.reactions.size() == distinct_max)
      throw fail(30010);
    reaction fresh;
    if (emoji["id"].is_string())
      fresh.emoji_id = parse_id(emoji["id"]).value_or(0);
    fresh.emoji_name = emoji["name"].get<std::string>();
    fresh.animated = emoji.value("animated", false);
    found = m.reactions.insert(m.reactions.end(), std::move(fresh));
  }
  if (std::find(found->users.begin(), found->users.end(), user) != found->users.end())
    return;
  found->users.push_back(user);
  auto data = one_reaction(a, m, emoji, user);
  data["message_author_id"] = id_text(m.author);
  const auto* where = a.core.world.find_channel(m.channel);
  if (const auto* who = a.core.world.find_member(where->guild, user); who != nullptr)
    data["member"] = member_json(a.core.world, *who);
  dispatch(a, m, "MESSAGE_REACTION_ADD", std::move(data));
}

bool remove_reaction(activity& a, message& m, const json& emoji, snowflake user) {
  const auto found = find_reaction(m, emoji);
  if (found == m.reactions.end())
    return false;
  const auto who = std::find(found->users.begin(), found->users.end(), user);
  if (who == found->users.end())
    return false;
  found->users.erase(who);
  if (found->users.empty())
    m.reactions.erase(found);
  dispatch(a, m, "MESSAGE_REACTION_REMOVE", one_reaction(a, m, emoji, user));
  return true;
}

namespace {

/// A message of a reaction route and the emoji of its path.
struct target {
  message* m = nullptr;
  json emoji;
};

target find_target(rest_call& call, bool with_emoji) {
  target found;
  auto& where = channel_of(call);
  found.m = &plain_message(call, where);
  if (!with_emoji)
    return found;
  auto emoji = parse_reaction_emoji(call.text("emoji"));
  if (!emoji)
    throw fail(10014);
  found.emoji = std::move(*emoji);
  return found;
}

void require(rest_call& call, std::uint64_t bits) {
  require(call, *call.core.world.find_channel(call.id("channel")), bits);
}

/// The custom emoji must exist in a guild of the bot; its own name and animation are used.
void settle_custom(rest_call& call, json& emoji) {
  if (!emoji["id"].is_string())
    return;
  const auto id = parse_id(emoji["id"]).value_or(0);
  for (const auto& [guild_id, home] : call.core.world.guilds) {
    const auto known = home.emojis.find(id);
    if (known == home.emojis.end() || home.members.count(call.self()) == 0)
      continue;
    emoji["name"] = known->second.name;
    if (known->second.animated)
      emoji["animated"] = true;
    return;
  }
  throw fail(10014);
}

http_response put_own(activity& a, rest_call& call) {
  auto found = find_target(call, true);
  require(call, permission::read_history);
  // An emoji that is there already needs no ADD_REACTIONS (discord-api 15.13).
  if (find_reaction(*found.m, found.emoji) == found.m->reactions.end()) {
    require(call, permission::add_reactions);
    settle_custom(call, found.emoji);
  }
  add_reaction(a, *found.m, found.emoji, call.self());
  return http_response::none();
}

http_response delete_of(activity& a, rest_call& call, snowflake user) {
  const auto found = find_target(call, true);
  if (user != call.self())
    require(call, permission::manage_messages);
  if (!remove_reaction(a, *found.m, found.emoji, user))
    throw fail(10014);
  return http_response::none();
}

http_response delete_emoji(activity& a, rest_call& call) {
  const auto found = find_target(call, true);
  require(call, permission::manage_messages);
  const auto there = find_reaction(*found.m, found.emoji);
  if (there == found.m->reactions.end())
    throw fail(10014);
  found.m->reactions.erase(there);
  auto data = reaction_data(*found.m, *a.core.world.find_channel(found.m->channel));
  data["emoji"] = found.emoji;
  dispatch(a, *found.m, "MESSAGE_REACTION_REMOVE_EMOJI", std::move(data));
  return http_response::none();
}

http_response delete_all(activity& a, rest_call& call) {
  const auto found = find_target(call, false);
  require(call, permission::manage_messages);
  if (found.m->reactions.empty())
    return http_response::none();
  found.m->reactions.clear();
  dispatch(a, *found.m, "MESSAGE_REACTION_REMOVE_ALL",
           reaction_data(*found.m, *a.core.world.find_channel(found.m->channel)));
  return http_response::none();
}

http_response list_users(rest_call& call) {
  const auto found = find_target(call, true);
  const auto limit = call.query_int("limit", 25, 1, 100);
  const auto after = call.query_id("after");
  auto users = json::array();
  const auto there = find_reaction(*found.m, found.emoji);
  if (there != found.m->reactions.end()) {
    auto ids = there->users;
    std::sort(ids.begin(), ids.end());
    for (const auto id : ids)
      if (const auto* who = call.core.world.find_user(id);
          who != nullptr && id > after && users.size() < static_cast<std::size_t>(limit))
        users.push_back(user_json(*who));
  }
  return http_response::of(200, users);
}

} // namespace

void add_reaction_routes(activity& a) {
  const std::string base = "/channels/{channel}/messages/{message}/reactions";
  // One bucket of 1 per 250 ms for all that change (discord-api 2.3 [I]).
  route_options changes;
  changes.text = {"emoji"};
  changes.limit = {"reactions", 1, std::chrono::milliseconds{250}};
  route_options reads;
  reads.text = {"emoji"};
  auto& api = a.core.api;
  api.add(
      "PUT", base + "/{emoji}/@me", [&a](rest_call& call) { return put_own(a, call); }, changes);
  api.add(
      "DELETE", base + "/{emoji}/@me",
      [&a](rest_call& call) { return delete_of(a, call, call.self()); }, changes);
  api.add(
      "DELETE", base + "/{emoji}/{user}",
      [&a](rest_call& call) { return delete_of(a, call, call.id("user")); }, changes);
  api.add(
      "DELETE", base + "/{emoji}", [&a](rest_call& call) { return delete_emoji(a, call); },
      changes);
  api.add(
      "DELETE", base, [&a](rest_call& call) { return delete_all(a, call); }, changes);
  api.add(
      "GET", base + "/{emoji}", [](rest_call& call) { return list_users(call); }, reads);
}

} // namespace sim
