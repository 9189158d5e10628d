#pragma once
// All of voice as the daemon holds it: the engine, the sounds, the hub, and the way to the shard.
#include "actors/voice/voice_engine.hpp"
#include "actors/voice/voice_hub.hpp"
#include "infra/clock/time_source.hpp"
#include "infra/sound/sound_list_thread.hpp"
#include "infra/voice/mixed_sound_encoder.hpp"

namespace hearth {

/// Owned by the daemon: made after the actor system, destroyed before it, when no actor is left.
/// Costs nothing before the first session.
class voice_service {
public:
  voice_service(caf::actor_system& system, voice::voice_counters& counters,
                voice_engine_options options);

  /// Once.
  voice_switch_actor spawn(const rest_actor& rest, const time_source& time);
  /// Each time there is a new shard; null at the end.
  void lead_to(gateway_shard_actor shard) { shard_.lead_to(std::move(shard)); }
  /// The operator's own files that can be offered, as of a few seconds ago at most while somebody
  /// asks. Any thread, never waits for the folder.
  std::vector<std::string> own_sounds() { return *list_.known(); }

private:
  caf::actor_system& system_;
  voice_engine engine_;
  sound::speech speech_;
  sound::sound_files files_;
  sound::sound_list list_; ///< Of files_.
  voice::sound_library library_;
  shard_way shard_;
};

} // namespace hearth
