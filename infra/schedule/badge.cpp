#include "infra/schedule/badge.hpp"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace hearth {

namespace {

constexpr auto ranks = std::array<std::string_view, 9>{
    "Champion", "Diamond", "Emerald", "Platinum", "Gold", "Silver", "Bronze", "Copper", "Unranked"};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool same(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

const emoji_facts* emoji_named(const guild_snapshot& guild, std::string_view name) {
  for (const auto& emoji : guild.emojis)
    if (same(emoji.name, name))
      return &emoji;
  return nullptr;
}

/// Place in the order of ranks; other roles come after all ranks.
size_t rank_of(std::string_view role) {
  const auto found = std::find_if(ranks.begin(), ranks.end(),
                                  [&](std::string_view rank) { return same(rank, role); });
  return static_cast<size_t>(found - ranks.begin());
}

} // namespace

std::string badge_of(const guild_snapshot& guild, const std::vector<role_id>& roles) {
  const role_facts* best = nullptr;
  for (const auto& role : guild.roles) {
    if (role.id.value == guild.id.value) // @everyone distinguishes nobody
      continue;
    if (std::find(roles.begin(), roles.end(), role.id) == roles.end() ||
        !emoji_named(guild, role.name))
      continue;
    const auto rank = rank_of(role.name);
    if (!best || rank < rank_of(best->name) ||
        (rank == rank_of(best->name) && role.position > best->position))
      best = &role;
  }
  return best ? best->name : std::string{};
}

std::string badge_emoji(const guild_snapshot& guild, std::string_view badge) {
  const auto* emoji = badge.empty() ? nullptr : emoji_named(guild, badge);
  if (!emoji)
    return {};
  return fmt::format("<{}:{}:{}>", emoji->animated ? "a" : "", emoji->name, emoji->id.value);
}

known_member known(const guild_snapshot& guild, const member_facts& member) {
  return {member.user, member.name, badge_of(guild, member.roles)};
}

} // namespace hearth
