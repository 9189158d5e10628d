#pragma once
// The small guild that the simulator's own tests play in.
#include "discord-sim/server.hpp"
#include "tests/support/sim_peer.hpp"

#include <string>

namespace sim_test {

/// A server of its own with one guild: owner, ann, bob, shy (DMs closed) are members, stranger is
/// none; one bot (token "sandbox"). Rate limits are off unless the options say otherwise.
struct sim_world {
  explicit sim_world(sim::server_options options = defaults());
  static sim::server_options defaults();

  sim::in_process server;
  bot robot{server.port()};
  people crowd{server.port()};
  std::string guild, general, owner, ann, bob, bot_id;

  /// Ids by name. Throw when there is none.
  std::string user(const std::string& name);
  std::string channel(const std::string& name);
  std::string role(const std::string& name);

  /// GET /sim/violations.
  json violations();
  /// Moves domain time.
  void advance(std::chrono::milliseconds by);
};

} // namespace sim_test
