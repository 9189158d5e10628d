#pragma once
// All of ambience as the daemon holds it: its store, its board, and the bot's presence.
#include "actors/voice/ambience.hpp"
#include "infra/settings/settings.hpp"
#include "infra/store/store_context.hpp"
#include <memory>
#include <mutex>
#include <string>

namespace hearth {

/// Owned by the daemon. `parts` of spawn: what every feature is given, evenings, hub and `own`; the
/// rest is filled in here.
class ambience_service {
public:
  using current = std::function<std::shared_ptr<const settings>()>;

  /// Once.
  ambience_parts_ptr spawn(caf::actor_system& system, store_context& store, ambience_parts parts,
                           current says);
  /// At each READY and reload: how presence texts take turns.
  void follow(const settings& says) const;
  /// Each time there is a new shard; null at the end.
  void lead_to(gateway_shard_actor shard);
  /// What a new session begins with.
  std::string presence(const settings& says) const;
  /// Lets go of all handles.
  void end();

  const ambience_store_actor& store() const noexcept { return store_; }
  const ambience_board_actor& board() const noexcept { return board_; }

private:
  void show(const std::string& text);

  ambience_store_actor store_;
  ambience_board_actor board_;
  mutable std::mutex mutex_; ///< Of what follows: the board shows on a thread of the pool.
  gateway_shard_actor shard_;
  std::string shown_;
};

} // namespace hearth
