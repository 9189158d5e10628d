#pragma once
// The JSON of INTERACTION_CREATE and its resolved maps (discord-api 3.1, 15.6, 15.8).
#include "discord-sim/core.hpp"

namespace sim {

/// The whole d of INTERACTION_CREATE around `data`.
json interaction_json(core& c, const interaction& it, json data);

/// What every answer's message says about its interaction (discord-api 9, 15.6).
/// "ambience mix": the command in an interaction's data with its group and subcommand, as clients
/// show it. Assumed for interaction_metadata, documented for the older `interaction`.
std::string command_path(const json& data);
json interaction_metadata(core& c, const interaction& it);

/// Collects resolved maps. Unknown ids are left out.
class resolver {
public:
  /// `application` is the one that gets the data, `user` who acts.
  resolver(core& c, const channel& where, snowflake application, snowflake user)
      : core_(c), where_(where), application_(application), user_(user) {}

  /// Adds a user and, in guilds, the member. False when there is no such user.
  bool add_user(snowflake id);
  bool add_role(snowflake id);
  bool add_channel(snowflake id);
  void add_message(json message);
  void add_attachment(const json& attachment);
  /// The maps so far; {} when there are none.
  const json& maps() const { return maps_; }

private:
  core& core_;
  const channel& where_;
  snowflake application_;
  snowflake user_;
  json maps_ = json::object();
};

} // namespace sim
