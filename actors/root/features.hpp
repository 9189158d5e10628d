#pragma once
// The features there are: one entry each, in the order in which help and panels list them.
#include "actors/root/guild_env.hpp"
#include "actors/schedule/schedule_feature.hpp"
#include "infra/settings/settings.hpp"

namespace hearth {

/// What features need besides what every guild has.
struct feature_parts {
  schedule_parts_ptr schedule;
};

/// All features. `operator_says` gives the defaults; a guild's own switch wins.
std::vector<feature_entry> all_features(const feature_parts& parts, const settings& operator_says);

/// Every permission that the features declare, and those of the core: what an invitation asks for.
uint64_t invited_permissions(const std::vector<feature_entry>& features);

/// The link with which somebody who manages a server adds the bot. Source: discord-api 5, "Invite".
std::string invite_url(application_id application, uint64_t permissions);

} // namespace hearth
