// Who is where in voice, and the bot's own way there.
#include "infra/gateway/event_router.hpp"
#include <utility>

namespace hearth {

routed event_router::on_voice(padded_text payload) {
  auto data = voice_state_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  auto* const known = find(data.guild);
  if (known == nullptr || !known->available)
    return routed::dropped;
  const auto guild = data.guild;
  settle(guild, *known);
  const auto ours = data.user == self_;
  auto own = own_voice{data.channel, std::move(data.session_id), data.suppressed};
  auto changed = known->cache.put_voice(std::move(data)); // kept for whoever wants it later
  if (ours)
    tell(guild, std::move(own));
  if (ours && (!changed || open_to(guild, &gateway_wants::voice) == nullptr))
    return routed::forwarded;
  if (!changed || open_to(guild, &gateway_wants::voice) == nullptr)
    return routed::dropped;
  return tell(guild, std::move(*changed));
}

routed event_router::on_voice_server(padded_text payload) {
  auto data = voice_server_data{};
  if (!decoder_.read(payload, data))
    return routed::broken;
  if (find(data.guild) == nullptr)
    return routed::dropped;
  return tell(data.guild, std::move(data.server));
}

} // namespace hearth
