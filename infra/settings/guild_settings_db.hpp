#pragma once
// What moderators set, in the database; and the guild's whole rows. Called inside a transaction of
// the store. Throws sqlite_error.
#include "infra/store/sqlite_db.hpp"
#include "messages/settings.hpp"
#include <vector>

namespace hearth {

/// Longest key and value kept; longer ones are a caller's bug and refused as invalid.
constexpr size_t option_key_max = 64;
constexpr size_t option_value_max = 4'000;

guild_settings load_settings(sqlite_db& db, guild_id guild);

/// Names of the features that some guild has switched on ("feature.<name>" is "on").
std::vector<std::string> features_switched_on(sqlite_db& db);

/// Sets, or with an empty value clears, one option.
void store_option(sqlite_db& db, const set_guild_option& asked);
void store_channel(sqlite_db& db, const set_guild_channel& asked);
void store_tracked_voice(sqlite_db& db, const track_voice_channel& asked);

/// One line of the audit log. `now_ms`: Unix milliseconds.
void audit(sqlite_db& db, guild_id guild, const moderator_action& by, int64_t now_ms);

/// Remembers whether the bot is a member; keeps the time of the first mark.
void store_removed(sqlite_db& db, guild_id guild, bool removed, int64_t now_ms);
/// Applies READY's list: see note_guilds.
void store_present(sqlite_db& db, const std::vector<guild_id>& present, int64_t now_ms);
/// Guilds that removed the bot at or before `until_ms`.
std::vector<guild_id> removed_guilds(sqlite_db& db, int64_t until_ms);

/// Deletes every row of the guild: of each table that has a column `guild`, whichever area owns it.
void erase_guild(sqlite_db& db, guild_id guild);

} // namespace hearth
