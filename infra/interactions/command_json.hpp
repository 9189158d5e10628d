#pragma once
// Commands as Discord wants them registered, and whether it has them so already. Pure.
// Source: discord-api 3.4, 15.12.
#include "infra/interactions/command_table.hpp"
#include "infra/settings/catalog.hpp"
#include "messages/ids.hpp"
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// One command, English as its base and the other languages as localizations.
nlohmann::json command_json(const command_spec& command, const catalog& texts);

/// The body that registers every command of `features` ("core" for the global scope), sorted by
/// type and name. Commands of the type that only Discord's own clients make (4, entry point) are
/// taken over from `present`, since leaving one out deletes it.
nlohmann::json registration_json(const std::vector<command_spec>& commands,
                                 const std::vector<std::string>& features, const catalog& texts,
                                 const nlohmann::json& present);

/// What a registration means, without ids, versions, defaults and order: equal for what was sent
/// and what Discord gives back for it (asked `with_localizations=true`). Not an array: null.
nlohmann::json canonical_commands(const nlohmann::json& commands);

/// A name and id of each command in Discord's answer; broken entries are left out.
std::vector<std::pair<std::string, command_id>> registered_ids(const nlohmann::json& commands);

} // namespace hearth
