#pragma once
// Whether a voice channel can be joined and heard in, as far as the guild's picture tells: Discord
// itself only stays silent. Pure. Source: discord-api 5, 6.
#include "messages/gateway.hpp"
#include "messages/voice.hpp"

namespace hearth::voice {

/// How we come to be heard in a channel.
enum class stage_way : uint8_t {
  none,  ///< No stage: at once.
  speak, ///< We may unmute ourselves.
  ask,   ///< We may only ask the moderators.
};

struct join_verdict {
  voice_refusal refusal = voice_refusal::none;
  stage_way stage = stage_way::none;
  int32_t bitrate = 64'000; ///< Of the channel, bit/s.
};

/// @param guild As known now; its `self` is who wants to join.
join_verdict check_join(const guild_snapshot& guild, channel_id channel);

} // namespace hearth::voice
