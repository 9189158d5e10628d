#pragma once
// One evening as a message: hours with who comes, "maybe tonight", the buttons. Pure.
#include "infra/schedule/time_words.hpp"
#include "messages/gateway.hpp"
#include "messages/schedule.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

/// The area of all custom_ids of this feature.
inline constexpr auto schedule_area = std::string_view{"schedule"};

/// What a vote button carries: everything, so that it works on any copy at any time.
struct vote_button {
  evening_day evening;
  int hour = 0; ///< Or `maybe_hour`.
  bool operator==(const vote_button&) const = default;
};
std::string vote_custom_id(vote_button button);
/// Nothing for any other custom_id.
std::optional<vote_button> parse_vote_button(std::string_view custom_id);

/// The message's JSON, for a POST, a PATCH or an update. Names are escaped, nobody is pinged. Where
/// very many come, first badges and then names ("+7") are left out, so that Discord's limits hold.
std::string render_evening(const words& say, const evening_record& record,
                           const guild_snapshot& guild, const evening_rules& rules);

/// The message of that evening in the answer to GET /channels/{id}/messages: written by `self`, not
/// one of `known`. Nothing for any other text. The newest when there are several.
std::optional<message_id> find_evening_message(std::string_view messages_json, user_id self,
                                               evening_day evening,
                                               const std::vector<shown_message>& known);

} // namespace hearth
