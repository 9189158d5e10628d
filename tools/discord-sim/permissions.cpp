#include "discord-sim/permissions.hpp"
#include <algorithm>

namespace sim {

namespace {

namespace p = permission;

// 15.13: what a DM's recipients may do. app_permissions there are
// ATTACH_FILES|EMBED_LINKS|MENTION_EVERYONE|USE_EXTERNAL_EMOJIS; the rest is what writing needs.
constexpr std::uint64_t dm_rights = p::view_channel | p::send_messages | p::embed_links |
                                    p::attach_files | p::read_history | p::mention_everyone |
                                    p::external_emojis | p::add_reactions | p::pin_messages;

bool is_thread(channel_type type) {
  return type == channel_type::announcement_thread || type == channel_type::public_thread ||
         type == channel_type::private_thread;
}

bool is_voice(channel_type type) {
  return type == channel_type::voice || type == channel_type::stage;
}

// Deny before allow at each of the three steps; unknown overwrite ids are ignored (15.13).
std::uint64_t apply_overwrites(std::uint64_t rights, const guild& g, const channel& c,
                               const member& m) {
  for (const auto& o : c.overwrites)
    if (!o.member && o.id == g.id)
      rights = (rights & ~o.deny) | o.allow;
  std::uint64_t deny = 0;
  std::uint64_t allow = 0;
  for (const auto& o : c.overwrites)
    if (!o.member && o.id != g.id &&
        std::find(m.roles.begin(), m.roles.end(), o.id) != m.roles.end()) {
      deny |= o.deny;
      allow |= o.allow;
    }
  rights = (rights & ~deny) | allow;
  for (const auto& o : c.overwrites)
    if (o.member && o.id == m.user)
      rights = (rights & ~o.deny) | o.allow;
  return rights;
}

bool timed_out(const guild& g, snowflake user, std::uint64_t guild_rights, unix_ms now) {
  const auto it = g.members.find(user);
  return it != g.members.end() && it->second.timeout_until > now && g.owner != user &&
         (guild_rights & p::administrator) == 0;
}

} // namespace

std::uint64_t guild_permissions(const guild& g, snowflake user) {
  const auto it = g.members.find(user);
  if (it == g.members.end())
    return 0;
  if (g.owner == user)
    return p::all;
  std::uint64_t rights = 0;
  if (const auto everyone = g.roles.find(g.id); everyone != g.roles.end())
    rights = everyone->second.permissions;
  for (const auto id : it->second.roles)
    if (const auto r = g.roles.find(id); r != g.roles.end())
      rights |= r->second.permissions;
  return (rights & p::administrator) != 0 ? p::all : rights;
}

std::uint64_t channel_permissions(world& w, const channel& c, snowflake user) {
  if (c.guild == 0)
    return std::count(c.recipients.begin(), c.recipients.end(), user) != 0 ? dm_rights : 0;
  const auto* g = w.find_guild(c.guild);
  const auto* m = g ? w.find_member(c.guild, user) : nullptr;
  if (!m)
    return 0;
  const auto base = guild_permissions(*g, user);
  if ((base & p::administrator) != 0)
    return p::all;
  const auto* rules = &c;
  if (is_thread(c.type))
    if (const auto* parent = w.find_channel(c.parent))
      rules = parent;
  auto rights = apply_overwrites(base, *g, *rules, *m);
  // Only guild-level ADMINISTRATOR counts (16 "(5)").
  rights &= ~p::administrator;
  if (is_thread(c.type))
    rights =
        (rights & p::send_in_threads) != 0 ? rights | p::send_messages : rights & ~p::send_messages;
  return rights;
}

std::uint64_t effective_permissions(world& w, const channel& c, snowflake user, unix_ms now) {
  auto rights = channel_permissions(w, c, user);
  if (c.guild == 0 || rights == 0)
    return rights;
  const auto& g = *w.find_guild(c.guild);
  if (timed_out(g, user, guild_permissions(g, user), now))
    rights &= p::view_channel | p::read_history;
  if ((rights & p::view_channel) == 0)
    return 0;
  if ((rights & p::send_messages) == 0)
    rights &= ~(p::mention_everyone | p::send_tts | p::attach_files | p::embed_links);
  if (is_voice(c.type) && (rights & p::connect) == 0)
    rights &= p::view_channel;
  return rights;
}

std::uint64_t effective_guild_permissions(const guild& g, snowflake user, unix_ms now) {
  const auto rights = guild_permissions(g, user);
  return timed_out(g, user, rights, now) ? rights & (p::view_channel | p::read_history) : rights;
}

bool higher(const rank& a, const rank& b) {
  return a.position != b.position ? a.position > b.position : a.role < b.role;
}

rank top_role(const guild& g, snowflake user) {
  rank top{0, g.id};
  const auto it = g.members.find(user);
  if (it == g.members.end())
    return top;
  for (const auto id : it->second.roles)
    if (const auto r = g.roles.find(id); r != g.roles.end())
      if (const rank candidate{r->second.position, id}; higher(candidate, top))
        top = candidate;
  return top;
}

bool outranks(const guild& g, snowflake actor, snowflake target) {
  if (g.owner == target)
    return false;
  return g.owner == actor || higher(top_role(g, actor), top_role(g, target));
}

} // namespace sim
