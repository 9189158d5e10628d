// The faults of the voice server by name: POST /sim/faults {"voice_...": ...}; control.md lists
// them.
#include "discord-sim/activity.hpp"
#include "discord-sim/faults.hpp"
#include "discord-sim/voice_server.hpp"

namespace sim {

namespace {

snowflake id_in(const json& value, const char* key) {
  return value.is_object() && value.contains(key) ? parse_id(value[key]).value_or(0) : 0;
}

} // namespace

std::string fault_box::of_voice(const std::string& key, const json& value) {
  auto& voice = a_.core.voice();
  const auto count = [&] { return value.is_boolean() ? (value ? 1 : 0) : value.get<int>(); };
  if (key == "voice_close")
    voice.close(id_in(value, "user_id"), value.is_object() ? value.value("code", std::uint16_t{0})
                                                           : value.get<std::uint16_t>());
  else if (key == "voice_refuse_resume")
    voice.refuse_resumes(count());
  else if (key == "voice_drop_acks")
    voice.drop_acks(value.get<bool>());
  else if (key == "voice_udp")
    voice.mischief({value.value("lose", 0), value.value("twice", 0), value.value("reorder", 0),
                    value.value("discoveries", 0)});
  else if (key == "voice_late")
    voice.delay(value.at("op").get<int>(), std::chrono::milliseconds{value.at("ms").get<int>()});
  else if (key == "voice_bad_commits")
    voice.spoil_commits(count());
  else if (key == "voice_bad_welcomes")
    voice.spoil_welcomes(count());
  else if (key == "voice_first_seq")
    voice.first_sequence(value.get<int>() & 0xffff);
  else if (key == "voice_modes")
    voice.offer(value.get<std::vector<std::string>>());
  else if (key == "voice_extensions")
    voice.extend_packets(value.get<bool>());
  else if (key == "voice_server")
    voice.move_server(id_in(value, "guild_id"), value.value("gone", false));
  else if (key == "voice_dave")
    voice.set_dave(id_in(value, "channel_id"), value.at("version").get<int>() > 0 ? 1 : 0);
  else
    return "?";
  return {};
}

} // namespace sim
