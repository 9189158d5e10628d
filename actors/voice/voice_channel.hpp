#pragma once
// One guild's voice: gets into channels and stays there by the main gateway's word, has one link to
// a voice server at a time, and renders what is heard there ahead of time.
#include "actors/voice/voice_parts.hpp"
#include "infra/voice/join_check.hpp"
#include "infra/voice/quality_rules.hpp"
#include "infra/voice/voice_counters.hpp"

namespace hearth {

/// What every guild's voice actor is given. Shared; holds handles, so it must die before the
/// system.
struct voice_env {
  rest_actor rest;
  speech_actor speech; ///< Null: nothing can be said.
  /// op 4 of the main gateway.
  std::function<void(const update_voice_state&)> ask;
  std::function<voice_link_actor(link_order)> open_link;
  std::function<void(voice::line_ptr, voice::pacer_order)> order; ///< To the pacer.
  std::function<std::unique_ptr<voice::channel_sound>(guild_id)> make_sound;
  std::function<int64_t()> steady_ms;
  std::function<int64_t()> domain_ms;          ///< Unix milliseconds.
  std::function<double()> random;              ///< 0 <= random < 1.
  std::function<voice::quality_look()> health; ///< Temperature and throttling only; for the hub.
  voice::voice_counters* counters = nullptr;
  bool hears = false; ///< Join undeafened: somebody wants what others say.
  voice::join_timing timing;
  int64_t leave_ms_max = 1'500;   ///< For a fade before leaving.
  int64_t owner_ms_max = 60'000;  ///< Without an owner we leave.
  int64_t speech_ms_max = 20'000; ///< For rendering one text.
  int64_t status_ms_max = 2'000;  ///< For the link's part of the status.
};
using voice_env_ptr = std::shared_ptr<const voice_env>;

/// Frames rendered ahead: a stall of 300 ms of the actors is not heard, since at least 18 are left
/// when the next ones are due.
constexpr size_t frames_ahead = 24;
constexpr int64_t render_every_ms = 100;

/// Spawned by the hub at the first question for the guild; ends with the hub.
voice_channel_self_actor spawn_voice_channel(caf::actor_system& system, guild_id guild,
                                             user_id self, voice_env_ptr env);

} // namespace hearth
