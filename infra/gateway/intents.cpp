#include "infra/gateway/intents.hpp"

namespace hearth {

uint32_t intents_for(const gateway_wants& wants) noexcept {
  auto bits = intent_bit::guilds | intent_bit::guild_expressions;
  if (wants.voice)
    bits |= intent_bit::guild_voice_states;
  const auto text = wants.messages_legacy || wants.message_text;
  if (wants.message_deletes || wants.messages || text)
    bits |= intent_bit::guild_messages;
  if (text)
    bits |= intent_bit::message_content;
  if (wants.reactions)
    bits |= intent_bit::guild_message_reactions;
  if (wants.presences)
    bits |= intent_bit::guild_presences;
  return bits;
}

std::string privileged_switches(uint32_t intents) {
  auto text = std::string{};
  const auto add = [&](uint32_t bit, const char* name) {
    if ((intents & bit) == 0)
      return;
    if (!text.empty())
      text += " and ";
    text += name;
  };
  add(intent_bit::guild_presences, "\"Presence Intent\"");
  add(intent_bit::guild_members, "\"Server Members Intent\"");
  add(intent_bit::message_content, "\"Message Content Intent\"");
  return text;
}

} // namespace hearth
