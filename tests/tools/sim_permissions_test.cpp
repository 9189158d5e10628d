// Permissions as tables (discord-api 5 and 15.13): what a member may do where.
#include "discord-sim/permissions.hpp"
#include "tests/support/catch.hpp"

using namespace sim;
namespace p = sim::permission;

namespace {

constexpr snowflake guild_id = 100, owner = 1, plain = 2, mod = 3, admin = 4, stranger = 9;
constexpr snowflake mod_role = 201, admin_role = 202, second_role = 203;
constexpr snowflake text = 300, voice = 301, thread = 302;
constexpr unix_ms now = 1000000;

world make_world() {
  world w;
  for (const auto id : {owner, plain, mod, admin, stranger})
    w.users[id].id = id;
  auto& g = w.guilds[guild_id];
  g.id = guild_id;
  g.owner = owner;
  g.roles[guild_id].id = guild_id;
  g.roles[guild_id].permissions = p::view_channel | p::send_messages | p::embed_links |
                                  p::attach_files | p::read_history | p::mention_everyone |
                                  p::connect | p::speak | p::send_in_threads;
  g.roles[mod_role].id = mod_role;
  g.roles[mod_role].permissions = p::manage_messages;
  g.roles[mod_role].position = 2;
  g.roles[admin_role].id = admin_role;
  g.roles[admin_role].permissions = p::administrator;
  g.roles[admin_role].position = 3;
  g.roles[second_role].id = second_role;
  g.roles[second_role].position = 2;
  for (const auto id : {owner, plain, mod, admin})
    g.members[id].user = id;
  g.members[mod].roles = {mod_role, second_role};
  g.members[admin].roles = {admin_role};
  for (const auto id : {text, voice, thread}) {
    auto& c = w.channels[id];
    c.id = id;
    c.guild = guild_id;
    g.channels.push_back(id);
  }
  w.channels[voice].type = channel_type::voice;
  w.channels[thread].type = channel_type::public_thread;
  w.channels[thread].parent = text;
  return w;
}

std::uint64_t in(world& w, snowflake channel, snowflake user) {
  return effective_permissions(w, w.channels[channel], user, now);
}

} // namespace

TEST_CASE("guild permissions: owner, roles, administrator, stranger") {
  auto w = make_world();
  const auto& g = w.guilds[guild_id];
  CHECK(guild_permissions(g, owner) == p::all);
  CHECK(guild_permissions(g, admin) == p::all);
  CHECK(guild_permissions(g, plain) == g.roles.at(guild_id).permissions);
  CHECK(guild_permissions(g, mod) == (g.roles.at(guild_id).permissions | p::manage_messages));
  CHECK(guild_permissions(g, stranger) == 0);
}

TEST_CASE("overwrites: everyone, then roles together, then the member") {
  auto w = make_world();
  auto& rules = w.channels[text].overwrites;

  rules = {{guild_id, false, 0, p::send_messages}};
  CHECK((in(w, text, plain) & p::send_messages) == 0);
  // A role's allow beats everyone's deny.
  rules.push_back({mod_role, false, p::send_messages, 0});
  CHECK((in(w, text, mod) & p::send_messages) != 0);
  CHECK((in(w, text, plain) & p::send_messages) == 0);
  // One role's allow beats another role's deny, whatever their order.
  rules.push_back({second_role, false, 0, p::send_messages});
  CHECK((in(w, text, mod) & p::send_messages) != 0);
  // The member's deny beats the roles'.
  rules.push_back({mod, true, 0, p::send_messages});
  CHECK((in(w, text, mod) & p::send_messages) == 0);
  // Administrators and the owner stand above all of it.
  CHECK(in(w, text, admin) == p::all);
  CHECK(in(w, text, owner) == p::all);
  // A member overwrite with a role's id is nobody's.
  rules = {{mod_role, true, 0, p::view_channel}};
  CHECK((in(w, text, mod) & p::view_channel) != 0);
}

TEST_CASE("an overwrite cannot make an administrator") {
  auto w = make_world();
  w.channels[text].overwrites = {{plain, true, p::administrator, p::send_messages}};
  CHECK((in(w, text, plain) & p::administrator) == 0);
  CHECK((in(w, text, plain) & p::send_messages) == 0);
}

TEST_CASE("implicit drops") {
  auto w = make_world();
  auto& rules = w.channels[text].overwrites;
  rules = {{guild_id, false, 0, p::view_channel}};
  CHECK(in(w, text, plain) == 0);
  // The raw value, which payloads carry, keeps the other bits.
  CHECK((channel_permissions(w, w.channels[text], plain) & p::send_messages) != 0);

  rules = {{guild_id, false, 0, p::send_messages}};
  const auto silent = in(w, text, plain);
  CHECK((silent & (p::embed_links | p::attach_files | p::mention_everyone)) == 0);
  CHECK((silent & p::read_history) != 0);

  w.channels[voice].overwrites = {{guild_id, false, 0, p::connect}};
  CHECK(in(w, voice, plain) == p::view_channel);
}

TEST_CASE("a timed-out member keeps seeing and reading, an administrator everything") {
  auto w = make_world();
  auto& g = w.guilds[guild_id];
  for (const auto id : {plain, admin, owner})
    g.members[id].timeout_until = now + 1;
  CHECK(in(w, text, plain) == (p::view_channel | p::read_history));
  CHECK(in(w, text, admin) == p::all);
  CHECK(in(w, text, owner) == p::all);
  CHECK(effective_guild_permissions(g, plain, now) == (p::view_channel | p::read_history));
  // It ends without an event.
  CHECK((effective_permissions(w, w.channels[text], plain, now + 1) & p::send_messages) != 0);
}

TEST_CASE("threads use the parent's rules and their own right to send") {
  auto w = make_world();
  w.channels[text].overwrites = {{guild_id, false, 0, p::send_in_threads}};
  CHECK((in(w, text, plain) & p::send_messages) != 0);
  CHECK((in(w, thread, plain) & p::send_messages) == 0);
  w.channels[text].overwrites = {{guild_id, false, 0, p::send_messages}};
  CHECK((in(w, thread, plain) & p::send_messages) != 0);
}

TEST_CASE("hierarchy: position first, then the older role") {
  auto w = make_world();
  const auto& g = w.guilds[guild_id];
  CHECK(outranks(g, owner, admin));
  CHECK(outranks(g, admin, mod));
  CHECK_FALSE(outranks(g, mod, admin));
  CHECK_FALSE(outranks(g, admin, owner));
  CHECK_FALSE(outranks(g, mod, mod));
  // Same position: the lower id ranks higher.
  CHECK(higher({2, mod_role}, {2, second_role}));
  CHECK_FALSE(higher({2, second_role}, {2, mod_role}));
  CHECK(top_role(g, mod).role == mod_role);
  CHECK(top_role(g, plain).role == guild_id);
}

TEST_CASE("names of permissions give their documented bits") {
  CHECK(permission_by_name("CREATE_INSTANT_INVITE") == 1u);
  CHECK(permission_by_name("VIEW_CHANNEL") == p::view_channel);
  CHECK(permission_by_name("MODERATE_MEMBERS") == p::moderate_members);
  CHECK(permission_by_name("PIN_MESSAGES") == p::pin_messages);
  CHECK(permission_by_name("BYPASS_SLOWMODE") == 1ull << 52);
  CHECK(permission_by_name("view_channel") == 0);
  CHECK(permission_by_name("") == 0);
}
