#pragma once
// Ambience and the spoken welcome as a feature that guilds can have.
#include "actors/root/guild_env.hpp"
#include "actors/voice/ambience.hpp"

namespace hearth {

/// @param reads_messages The operator has keyword reactions on: they need the message content
/// switch of the developer portal, without which Discord refuses the whole session.
feature_entry ambience_entry(ambience_parts_ptr parts, bool reads_messages);

} // namespace hearth
