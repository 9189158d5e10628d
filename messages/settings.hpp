#pragma once
// A guild's own settings, as moderators set them. Plain data; the operator's file is
// infra/settings.
#include "messages/ids.hpp"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// Everything configured for one guild. Absent keys mean the declared default.
struct guild_settings {
  guild_id guild;
  std::map<std::string, std::string>
      options; ///< "language", "zone", "schedule.hours", "feature.schedule" ...
  std::map<std::string, channel_id> channels; ///< By declared kind: "schedule", "main" ...
  std::vector<channel_id> voice_channels;     ///< Tracked ones.
};
using guild_settings_ptr = std::shared_ptr<const guild_settings>;

struct load_guild_settings {
  guild_id guild;
};
/// Who did it, for the audit log and for "once per interaction".
struct moderator_action {
  interaction_id interaction; ///< 0 when not by an interaction.
  user_id user;
  std::string what; ///< Short English, such as "modchannel set schedule 123".
};
/// Sets (or with an empty value clears) one option. Answers the new whole.
struct set_guild_option {
  guild_id guild;
  std::string key, value;
  moderator_action by;
};
struct set_guild_channel {
  guild_id guild;
  std::string kind;
  channel_id channel; ///< 0 clears.
  moderator_action by;
};
struct track_voice_channel {
  guild_id guild;
  channel_id channel; ///< 0 with track = false clears all.
  bool track = true;
  moderator_action by;
};
/// Removes every row of a guild (the bot was removed, after the operator's delay).
struct purge_guild {
  guild_id guild;
};
struct mark_guild_removed {
  guild_id guild;
  bool removed = true;
};
/// The guilds the bot is in, as READY listed them for all shards: a stored one not among them has
/// removed the bot (marked so, purged after the operator's delay); the others are not removed.
struct note_guilds {
  std::vector<guild_id> present;
};

} // namespace hearth
