#pragma once
// The emoji before a member's name: the guild's own emoji that is called like one of their roles.
// Pure. Source: features B4.
#include "messages/gateway.hpp"
#include "messages/schedule.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// The name of the role that gives the badge: the best rank (Champion .. Copper, Unranked) that the
/// guild has an emoji for, else the highest other role that has one, else empty. Letters of either
/// case match, since emoji names and role names are typed by different people.
std::string badge_of(const guild_snapshot& guild, const std::vector<role_id>& roles);
/// The emoji of that name as message text, `<:Gold:123>`; empty when the guild has none (any more).
std::string badge_emoji(const guild_snapshot& guild, std::string_view badge);
/// A member as the schedule keeps them.
known_member known(const guild_snapshot& guild, const member_facts& member);

} // namespace hearth
