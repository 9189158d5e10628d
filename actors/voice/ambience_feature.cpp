#include "actors/voice/ambience_feature.hpp"
#include "infra/gateway/permissions.hpp"
#include "infra/voice/ambience_commands.hpp"

namespace hearth {

feature_entry ambience_entry(ambience_parts_ptr parts, bool reads_messages) {
  using namespace permission_bit;
  auto entry = feature_entry{};
  entry.name = ambience_feature;
  entry.spawn = [parts](caf::actor_system& system, guild_id guild) {
    return spawn_ambience(system, guild, parts);
  };
  entry.needs = {
      {.bits = view_channel | connect | speak, .channel = {}, .purpose = "voice.purpose_play"},
      {.bits = set_voice_channel_status, .channel = {}, .purpose = "voice.purpose_status"}};
  if (reads_messages)
    entry.needs.push_back({.bits = add_reactions | read_message_history,
                           .channel = {},
                           .purpose = "voice.purpose_react"});
  entry.wants = {.voice = true,
                 .message_deletes = true,
                 .messages = reads_messages,
                 .message_text = reads_messages};
  return entry;
}

} // namespace hearth
