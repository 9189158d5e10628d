#pragma once
// Events that wait because their guild is behind or not there: what may go, and in which order.
// Pure.
#include "messages/gateway.hpp"
#include <cstddef>
#include <vector>

namespace hearth {

/// What a cut did. What it lost is told by a picture of the guild, when `picture` says so.
struct backlog_cut {
  size_t dropped = 0;                   ///< Events nobody will hear of.
  size_t merged = 0;                    ///< Facts that a newer one, or the picture, says as well.
  bool picture = false;                 ///< The guild must be told anew what it looks like.
  std::vector<interaction_ptr> refused; ///< No room even for these: to be answered at once.
};

/// Brings `waiting` to at most `bound` events (1 at least):
/// 1. interactions that somebody has claimed go;
/// 2. notes about old `!commands` go, then deletions (found out again at the next edit);
/// 3. of several pictures and changes of the guild the newest stays, and of one member's moves in
///    voice the way from the first place to the last;
/// 4. if that is not enough, everything but interactions and the last word on whether the guild is
///    there gives way to one picture of it;
/// 5. the newest interactions over the bound are refused.
/// Order is kept.
backlog_cut cut_backlog(std::vector<guild_event>& waiting, size_t bound);

/// Brings `news` to at most `room` facts: presences go first, then reactions, then messages, of
/// each kind the oldest.
/// @return How many went.
size_t cut_news(member_news& news, size_t room);

} // namespace hearth
