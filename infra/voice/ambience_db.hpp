#pragma once
// The player, time listened and the spoken welcome in SQLite. Called inside a transaction of the
// store. Throws sqlite_error.
#include "infra/store/sqlite_db.hpp"
#include "messages/ambience_store.hpp"

namespace hearth {

ambience_player player_in(sqlite_db& db, guild_id guild);
player_changed change_player_in(sqlite_db& db, const change_player& asked);

/// Time that was counted already is left out, so the same slices may come again.
void commit_listening_in(sqlite_db& db, const commit_listening& asked);
/// Guilds that removed the bot take no place.
listening_top top_in(sqlite_db& db, const load_top& asked);

claimed claim_welcome_in(sqlite_db& db, const claim_welcome& asked);
spoken_names_found spoken_names_in(sqlite_db& db, const find_spoken_names& asked);
void set_spoken_name_in(sqlite_db& db, const set_spoken_name& asked);

} // namespace hearth
