#include "infra/gateway/permissions.hpp"
#include <algorithm>

namespace hearth {
namespace {

const role_facts* find_role(const guild_snapshot& guild, role_id id) {
  const auto found = std::find_if(guild.roles.begin(), guild.roles.end(),
                                  [&](const role_facts& role) { return role.id == id; });
  return found == guild.roles.end() ? nullptr : &*found;
}

bool has_role(const std::vector<role_id>& roles, uint64_t id) {
  return std::find(roles.begin(), roles.end(), role_id{id}) != roles.end();
}

/// Higher in the list of roles; equal positions sort by id, the older one first.
bool ranks_above(const role_facts& left, const role_facts& right) {
  return left.position != right.position ? left.position > right.position : left.id < right.id;
}

struct named_bit {
  uint64_t bit;
  std::string_view name;
};
constexpr named_bit named_bits[] = {
    {permission_bit::administrator, "Administrator"},
    {permission_bit::manage_channels, "Manage Channels"},
    {permission_bit::manage_guild, "Manage Server"},
    {permission_bit::add_reactions, "Add Reactions"},
    {permission_bit::view_channel, "View Channel"},
    {permission_bit::send_messages, "Send Messages"},
    {permission_bit::manage_messages, "Manage Messages"},
    {permission_bit::embed_links, "Embed Links"},
    {permission_bit::attach_files, "Attach Files"},
    {permission_bit::read_message_history, "Read Message History"},
    {permission_bit::mention_everyone, "Mention Everyone"},
    {permission_bit::use_external_emojis, "Use External Emoji"},
    {permission_bit::connect, "Connect"},
    {permission_bit::speak, "Speak"},
    {permission_bit::manage_roles, "Manage Roles"},
    {permission_bit::send_messages_in_threads, "Send Messages in Threads"},
    {permission_bit::set_voice_channel_status, "Set Voice Channel Status"},
};

} // namespace

uint64_t guild_permissions(const guild_snapshot& guild, user_id user,
                           const std::vector<role_id>& roles) {
  if (user && user == guild.owner)
    return permission_bit::all;
  auto bits = uint64_t{0};
  for (const auto& role : guild.roles)
    if (role.id.value == guild.id.value || has_role(roles, role.id.value))
      bits |= role.permissions;
  return (bits & permission_bit::administrator) != 0 ? permission_bit::all : bits;
}

uint64_t channel_permissions(const guild_snapshot& guild, const channel_facts& channel,
                             user_id user, const std::vector<role_id>& roles) {
  auto bits = guild_permissions(guild, user, roles);
  if ((bits & permission_bit::administrator) != 0) // the owner has this bit as well
    return bits;
  auto everyone = overwrite{};
  auto by_role = overwrite{};
  auto by_member = overwrite{};
  for (const auto& rule : channel.overwrites) {
    if (rule.is_member) {
      if (rule.id == user.value)
        by_member = rule;
    } else if (rule.id == guild.id.value) {
      everyone = rule;
    } else if (has_role(roles, rule.id)) {
      by_role.deny |= rule.deny;
      by_role.allow |= rule.allow;
    }
  }
  for (const auto* rule : {&everyone, &by_role, &by_member})
    bits = (bits & ~rule->deny) | rule->allow;
  return bits;
}

uint64_t effective_permissions(uint64_t permissions, channel_kind kind) noexcept {
  using namespace permission_bit;
  if ((permissions & view_channel) == 0)
    return 0;
  if ((permissions & send_messages) == 0)
    permissions &= ~(embed_links | attach_files | send_tts | mention_everyone);
  const auto is_voice = kind == channel_kind::voice || kind == channel_kind::stage;
  if (is_voice && (permissions & permission_bit::connect) == 0)
    permissions &= view_channel;
  return permissions;
}

bool may_assign(const guild_snapshot& guild, user_id user, const std::vector<role_id>& roles,
                role_id target) {
  const auto* wanted = find_role(guild, target);
  if (wanted == nullptr || wanted->managed || target.value == guild.id.value)
    return false;
  if (user && user == guild.owner)
    return true;
  if ((guild_permissions(guild, user, roles) & permission_bit::manage_roles) == 0)
    return false;
  return std::any_of(guild.roles.begin(), guild.roles.end(), [&](const role_facts& role) {
    return has_role(roles, role.id.value) && ranks_above(role, *wanted);
  });
}

std::string_view permission_name(uint64_t bit) noexcept {
  for (const auto& named : named_bits)
    if (named.bit == bit)
      return named.name;
  return {};
}

} // namespace hearth
