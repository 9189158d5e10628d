#pragma once
// The features there are: one entry each, in the order in which help and panels list them.
#include "actors/root/guild_env.hpp"
#include "actors/schedule/schedule_feature.hpp"
#include "actors/voice/ambience_feature.hpp"
#include "infra/settings/settings.hpp"

namespace hearth {

/// What features need besides what every guild has.
struct feature_parts {
  schedule_parts_ptr schedule;
  ambience_parts_ptr ambience;
};

/// All features. `operator_says` gives the defaults; a guild's own switch wins.
std::vector<feature_entry> all_features(const feature_parts& parts, const settings& operator_says);

/// What guilds ask for whatever is on: core commands show who is in voice.
gateway_wants core_wants() noexcept;
/// What to ask Discord for: the core's wants, those of features that are on by default, and of
/// features named in `on_somewhere`, which some guild has switched on. Those need no switch of the
/// developer portal: a moderator must not be able to bring that on the operator.
gateway_wants wants_of(const std::vector<feature_entry>& features,
                       const std::vector<std::string>& on_somewhere);
/// The same wants without what needs a switch of the developer portal.
gateway_wants unprivileged(gateway_wants wants) noexcept;

/// Every permission that the features declare, and those of the core: what an invitation asks for.
uint64_t invited_permissions(const std::vector<feature_entry>& features);

/// The link with which somebody who manages a server adds the bot. Source: discord-api 5, "Invite".
std::string invite_url(application_id application, uint64_t permissions);

} // namespace hearth
