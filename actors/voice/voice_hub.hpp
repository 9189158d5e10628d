#pragma once
// Finds each guild's voice actor for features, and brings it what the main gateway says.
#include "actors/voice/voice_channel.hpp"
#include "messages/voice_look.hpp"

namespace hearth {

/// INTERNAL: time to look how the machine keeps up.
struct quality_due {};

} // namespace hearth

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hearth::quality_due)

namespace hearth {

/// One for the process: the hub as features (voice_hub_actor) and guilds (voice_news_actor) see it.
using voice_switch_actor =
    voice_hub_actor::extend<caf::reacts_to<guild_voice_news>, // told by: guild
                            caf::reacts_to<bot_identity>,     // told by: root's READY
                            caf::replies_to<find_voice>::with<voice_channel_actor>, // inspector
                            caf::reacts_to<quality_due>>;                           // INTERNAL

/// Spawned by the daemon; a sink. With it all voice actors end.
voice_switch_actor spawn_voice_hub(caf::actor_system& system, voice_env_ptr env);

/// The way to the present shard for op 4; from any thread.
class shard_way {
public:
  void lead_to(gateway_shard_actor shard);
  /// Lost while there is no shard: then nobody is in voice.
  void tell(const update_voice_state& wish);

private:
  std::mutex mutex_;
  gateway_shard_actor shard_;
};

} // namespace hearth
