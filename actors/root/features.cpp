#include "actors/root/features.hpp"
#include "infra/gateway/permissions.hpp"
#include <fmt/format.h>

namespace hearth {
std::vector<feature_entry> all_features(const feature_parts& parts, const settings& operator_says) {
  auto schedule = schedule_entry(parts.schedule);
  schedule.default_on = operator_says.features.schedule;
  return {schedule};
}

uint64_t invited_permissions(const std::vector<feature_entry>& features) {
  using namespace permission_bit;
  auto bits = view_channel | send_messages | embed_links; // notes and answers of the core
  for (const auto& feature : features)
    for (const auto& need : feature.needs)
      bits |= need.bits;
  return bits;
}

std::string invite_url(application_id application, uint64_t permissions) {
  return fmt::format("https://discord.com/oauth2/authorize?client_id={}"
                     "&scope=bot+applications.commands&permissions={}",
                     application.value, permissions);
}

} // namespace hearth
