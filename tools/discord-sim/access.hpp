#pragma once
// Look-ups of messages, as REST handlers and the control interface need them.
#include "discord-sim/router.hpp"

namespace sim {

/// Effective permissions of `user` in a channel now.
std::uint64_t rights_in(sim::core& c, const channel& where, snowflake user);

/// The message of {message}; ephemeral ones do not exist for channel routes (discord-api 3.3).
/// Throws 10008.
message& plain_message(rest_call& call, const channel& where);

/// True for channels that hold messages.
bool is_textual(const channel& where);

} // namespace sim
