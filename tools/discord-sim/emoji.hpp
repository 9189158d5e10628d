#pragma once
// Emoji as they occur in reactions, buttons and select options.
#include "discord-sim/form_fields.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

/// True for one Unicode emoji (with modifiers, joiners, flags or keycaps). A range test, not the
/// exact list that Discord keeps (assumed).
bool is_unicode_emoji(std::string_view text);
/// Reads the emoji part of a reaction path: a Unicode emoji or `name:id`, also with a leading `a:`
/// (discord-api 4). Gives `{id,name}`; nothing when it is neither (10014).
std::optional<nlohmann::json> parse_reaction_emoji(std::string_view text);
/// True when both `{id,name}` mean the same emoji: custom ones by id, the others by name.
bool same_emoji(const nlohmann::json& left, const nlohmann::json& right);
/// Checks `key` of a button or option: BUTTON_COMPONENT_INVALID_EMOJI (discord-api 15.2).
void check_component_emoji(const form_fields& parent, std::string_view key);

} // namespace sim
