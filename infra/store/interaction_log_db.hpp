#pragma once
// Once per interaction: Discord may deliver one twice, members may not be counted twice.
#include "infra/store/sqlite_db.hpp"
#include "messages/ids.hpp"
#include <functional>
#include <string>

namespace hearth {

/// Runs `fn` unless `id` was seen, in the caller's transaction, and keeps what it returns (an
/// encoding of the caller's choice: it is all that a second delivery gets). A known id gives the
/// stored outcome and `fn` does not run. An id of 0 (nobody's interaction) always runs and is not
/// kept. Ids are kept until one an hour younger comes; an interaction's token lives 15 minutes
/// (discord-api 3.3).
std::string once(sqlite_db& db, interaction_id id, const std::function<std::string()>& fn);

} // namespace hearth
