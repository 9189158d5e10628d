#pragma once
// Who lives in which zone, for /gettimezones. Pure. Source: features B6.
#include "messages/clock.hpp"
#include "messages/ids.hpp"
#include <string>
#include <vector>

namespace hearth {

/// Somebody and what is known of where they live.
struct zoned_member {
  user_id user;
  std::string name;  ///< For the order within a zone.
  std::string badge; ///< Emoji of their rank role as message text; may be empty.
  std::string zone;  ///< IANA name; empty or no longer valid: unknown.
};
struct zone_group {
  std::string zone;
  std::string wall_clock; ///< "21:05", now, there.
  std::string offset;     ///< "UTC+1"
  std::vector<zoned_member> members;
};
struct zone_view {
  std::vector<zone_group> groups;    ///< From west to east, then by name.
  std::vector<zoned_member> unknown; ///< Have not said where they live.
  /// The zones with the most members, in the order of `groups`: who is there is the best host.
  std::vector<std::string> hosts;
};

/// Groups members by zone; within one they are sorted by name.
zone_view view_zones(std::vector<zoned_member> members, instant now);

} // namespace hearth
