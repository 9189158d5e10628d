#pragma once
// A user's filled-in option fields, checked as Discord's client checks them (discord-api 3.4).
#include "discord-sim/control.hpp"
#include "discord-sim/interaction_data.hpp"

namespace sim {

/// Turns given options ([{name, value | options}]) into an interaction's, by the command's
/// definition. Throws control_error with a sentence about the first wrong one.
class option_filler {
public:
  /// `files` are those of the act; `focused` names the option being completed, "" for a real run
  /// (then required ones must be there and values must fit).
  option_filler(const act_call& act, resolver& resolved, const channel& where, std::string focused)
      : act_(act), resolved_(resolved), where_(where), focused_(std::move(focused)) {}

  json fill(const json& defined, const json& given);

private:
  json value_of(const json& definition, const json& value);
  json text_value(const json& definition, const json& value) const;
  json number_value(const json& definition, const json& value, bool whole) const;
  json entity_value(const json& definition, const json& value);
  json attachment_value(const json& definition, const json& value);
  void check_choice(const json& definition, const json& value) const;

  const act_call& act_;
  resolver& resolved_;
  const channel& where_;
  std::string focused_;
};

/// The id in a value, 0 when it is none.
snowflake id_in(const json& value);

} // namespace sim
