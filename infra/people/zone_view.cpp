#include "infra/people/zone_view.hpp"
#include "infra/clock/zone_time.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace hearth {

zone_view view_zones(std::vector<zoned_member> members, instant now) {
  auto view = zone_view{};
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  using place = std::pair<int32_t, std::string>; // offset, zone: from west to east
  auto places = std::map<place, zone_group>{};
  auto most = size_t{0};
  for (auto& member : members) {
    if (member.zone.empty() || !is_valid_zone(member.zone)) {
      view.unknown.push_back(std::move(member));
      continue;
    }
    const auto there = to_local(member.zone, now);
    auto& group = places[{there.offset_minutes, member.zone}];
    if (group.members.empty()) {
      group.zone = member.zone;
      group.wall_clock = fmt::format("{:02}:{:02}", there.minute / 60, there.minute % 60);
      group.offset = offset_text(there.offset_minutes);
    }
    group.members.push_back(std::move(member));
    most = std::max(most, group.members.size());
  }
  for (auto& [where, group] : places) {
    if (group.members.size() == most)
      view.hosts.push_back(group.zone);
    view.groups.push_back(std::move(group));
  }
  return view;
}

} // namespace hearth
