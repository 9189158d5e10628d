#include "infra/interactions/permission_rules.hpp"
#include <algorithm>

namespace hearth {
namespace {

template <class List, class Item> bool contains(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

} // namespace

std::string_view refusal(allowed who, const member_facts& member, const caller_facts& facts) {
  const auto known = static_cast<bool>(member.user);
  const auto owner =
      known && (member.user == facts.owner || contains(facts.bot_owners, member.user));
  const auto administrator = owner || (member.permissions & permission_administrator) != 0;
  const auto moderator = administrator || (member.permissions & permission_manage_guild) != 0 ||
                         (facts.mod_role && contains(member.roles, facts.mod_role));
  switch (who) {
  case allowed::everyone:
    return {};
  case allowed::in_voice: // a rule about place, not rank: the owner must be there as well
    return facts.voice ? std::string_view{} : "refused.in_voice";
  case allowed::moderator:
    return moderator ? std::string_view{} : "refused.moderator";
  case allowed::administrator:
    return administrator ? std::string_view{} : "refused.administrator";
  case allowed::owner:
    return owner ? std::string_view{} : "refused.owner";
  }
  return "refused.owner";
}

std::string_view may_use(const command_spec& command, const interaction& asked,
                         const caller_facts& facts) {
  const auto who = who_may(command, asked.subcommand);
  // What there is may be looked at from anywhere.
  const auto looks = asked.kind == interaction_kind::autocomplete && who == allowed::in_voice;
  return refusal(looks ? allowed::everyone : who, asked.member, facts);
}

} // namespace hearth
