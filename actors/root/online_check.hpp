#pragma once
// What the operator asks before the first start: does the token work, which switches miss, how to
// invite.
#include "infra/settings/startup_session.hpp"

namespace hearth {

/// Tries the token and compares the application's intents with what the features need; prints
/// sentences on standard output. Exit code: 0 all good, 78 something must be changed, 69 Discord
/// cannot be reached.
int check_online(const startup& start);

/// Prints the invitation link with the permissions that the features declare. Exit codes as
/// check_online.
int print_invite(const startup& start);

} // namespace hearth
