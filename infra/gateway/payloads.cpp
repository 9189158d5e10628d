#include "infra/gateway/payloads.hpp"
#include <nlohmann/json.hpp>

namespace hearth {
namespace {

using nlohmann::json;

std::string dump(int op, json data) {
  const auto payload = json{{"op", op}, {"d", std::move(data)}};
  return payload.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// A custom status shows its text in `state`; the name is required all the same.
json presence(const std::string& text) {
  auto activities = json::array();
  if (!text.empty())
    activities.push_back({{"name", "Custom Status"}, {"type", 4}, {"state", text}});
  return {{"since", nullptr},
          {"activities", std::move(activities)},
          {"status", "online"},
          {"afk", false}};
}

} // namespace

std::string heartbeat_payload(int64_t seq) { return dump(1, seq < 0 ? json(nullptr) : json(seq)); }

std::string identify_payload(const secret& token, const identify_data& data) {
  return dump(2, {{"token", token.reveal()},
                  {"intents", data.intents},
                  {"properties", {{"os", "linux"}, {"browser", "hearth"}, {"device", "hearth"}}},
                  {"large_threshold", 50}, // no member list is kept
                  {"shard", {data.shard, data.shards}},
                  {"presence", presence(data.presence)}});
}

std::string resume_payload(const secret& token, const resume_point& point) {
  return dump(6, {{"token", token.reveal()}, {"session_id", point.session_id}, {"seq", point.seq}});
}

std::string presence_payload(const std::string& text) { return dump(3, presence(text)); }

std::string voice_state_payload(const update_voice_state& state) {
  return dump(4, {{"guild_id", to_string(state.guild)},
                  {"channel_id", state.channel ? json(to_string(state.channel)) : json(nullptr)},
                  {"self_mute", state.self_mute},
                  {"self_deaf", state.self_deaf}});
}

std::string sim_time_payload(int64_t now_ms) { return dump(200, {{"now_ms", now_ms}}); }

} // namespace hearth
