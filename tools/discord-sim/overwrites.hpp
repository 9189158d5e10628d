#pragma once
// Permission overwrites of channels in requests (discord-api 5, 9, 16 "(5)").
#include "discord-sim/form_errors.hpp"
#include "discord-sim/router.hpp"

namespace sim {

/// The list `permission_overwrites` of a channel's body; mistakes go to `errors`.
std::vector<overwrite> read_overwrites(const json& list, form_errors& errors);

/// Throws 50013 unless the bot may change `before` into `after`: only permissions it holds (`held`)
/// may be set, MANAGE_ROLES only by administrators.
void check_all_granted(rest_call& call, const guild& g, std::uint64_t held,
                       const std::vector<overwrite>& before, const std::vector<overwrite>& after);

} // namespace sim
