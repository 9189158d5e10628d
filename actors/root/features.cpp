#include "actors/root/features.hpp"
#include "infra/gateway/permissions.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth {
std::vector<feature_entry> all_features(const feature_parts& parts, const settings& operator_says) {
  auto schedule = schedule_entry(parts.schedule);
  schedule.default_on = operator_says.features.schedule;
  auto ambience = ambience_entry(parts.ambience, operator_says.ambience.keyword_reactions);
  ambience.default_on = operator_says.features.voice;
  return {schedule, ambience};
}

gateway_wants core_wants() noexcept { return {.voice = true}; }

gateway_wants unprivileged(gateway_wants wants) noexcept {
  wants.messages_legacy = wants.message_text = wants.presences = false;
  return wants;
}

gateway_wants wants_of(const std::vector<feature_entry>& features,
                       const std::vector<std::string>& on_somewhere) {
  auto wants = core_wants();
  for (const auto& feature : features) {
    if (feature.default_on)
      wants = wants | feature.wants;
    else if (std::count(on_somewhere.begin(), on_somewhere.end(), feature.name) != 0)
      wants = wants | unprivileged(feature.wants);
  }
  return wants;
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
