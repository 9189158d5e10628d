#pragma once
// The player as a message, and the buttons below it. A button says what is to be ("fire on",
// "volume 60"), so it works after a restart, months later, and for two people at once. Pure.
#include "infra/settings/words.hpp"
#include "infra/voice/ambience_sounds.hpp"
#include "messages/ambience.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// First part of the custom_ids: the feature that handles them.
inline constexpr auto voice_area = "voice";

/// What a press wants. The channel is where whoever pressed sits; it counts when nothing plays.
/// Nothing for a custom_id that is none of the player's.
std::optional<ambience_change> parse_player_button(std::string_view custom_id,
                                                   const std::vector<std::string>& values,
                                                   channel_id channel);

/// What the message says besides the player.
struct player_notes {
  std::string trouble;   ///< A whole sentence; empty when all is well.
  std::string news;      ///< One more sentence, such as that the focus timer is over.
  bool deserted = false; ///< Nobody is there: it waits.
};
/// The whole message as JSON: what plays, where, until when, and the buttons.
std::string render_player(const words& say, const ambience_player& player, const own_sounds& own,
                          const player_notes& notes, instant now);
/// The message once its player is over or shown elsewhere: one sentence, and buttons that begin
/// anew with what played last, where `again` names it.
std::string render_over(const words& say, std::string_view sentence, std::string_view again = {});
/// "Light rain, Campfire 60 %": for the voice channel's status and for lists. Not escaped.
std::string layers_line(const words& say, const std::vector<ambience_layer>& layers);

} // namespace hearth
