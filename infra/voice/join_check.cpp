#include "infra/voice/join_check.hpp"
#include "infra/gateway/permissions.hpp"
#include <algorithm>

namespace hearth {

std::string_view to_string(voice_refusal why) noexcept {
  using enum voice_refusal;
  switch (why) {
  case none:
    return "none";
  case unknown_channel:
    return "unknown_channel";
  case not_voice:
    return "not_voice";
  case no_view:
    return "no_view";
  case no_connect:
    return "no_connect";
  case no_speak:
    return "no_speak";
  case no_stage:
    return "no_stage";
  case full:
    return "full";
  case afk:
    return "afk";
  case unanswered:
    return "unanswered";
  case session:
    return "session";
  case stopping:
    return "stopping";
  }
  return "?";
}

namespace voice {
namespace {

constexpr uint64_t move_members = 1ULL << 24;
constexpr uint64_t mute_members = 1ULL << 22;
constexpr uint64_t request_to_speak = 1ULL << 32;

/// Whether everybody's place is taken; we do not count ourselves.
bool is_full(const guild_snapshot& guild, const channel_facts& channel) {
  if (channel.user_limit <= 0)
    return false;
  const auto others =
      std::count_if(guild.voice.begin(), guild.voice.end(), [&](const voice_member& present) {
        return present.channel == channel.id && present.member.user != guild.self.user;
      });
  return others >= channel.user_limit;
}

} // namespace

join_verdict check_join(const guild_snapshot& guild, channel_id channel) {
  using namespace permission_bit;
  const auto found = std::find_if(guild.channels.begin(), guild.channels.end(),
                                  [&](const channel_facts& known) { return known.id == channel; });
  if (found == guild.channels.end())
    return {voice_refusal::unknown_channel};
  const auto stage = found->kind == channel_kind::stage;
  if (!stage && found->kind != channel_kind::voice)
    return {voice_refusal::not_voice};
  const auto may = channel_permissions(guild, *found, guild.self.user, guild.self.roles);
  if (!(may & view_channel))
    return {voice_refusal::no_view};
  if (!(may & connect))
    return {voice_refusal::no_connect};
  if (channel == guild.afk_channel)
    return {voice_refusal::afk};
  if (is_full(guild, *found) && !(may & move_members))
    return {voice_refusal::full};
  auto verdict = join_verdict{};
  if (found->bitrate > 0)
    verdict.bitrate = found->bitrate;
  if (!stage) {
    if (!(may & speak))
      verdict.refusal = voice_refusal::no_speak;
    return verdict;
  }
  verdict.stage = may & mute_members ? stage_way::speak : stage_way::ask;
  if (!(may & (mute_members | request_to_speak)))
    verdict.refusal = voice_refusal::no_stage;
  return verdict;
}

} // namespace voice
} // namespace hearth
