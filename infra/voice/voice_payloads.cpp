#include "infra/voice/voice_payloads.hpp"
#include "infra/dave/session_state.hpp"
#include <nlohmann/json.hpp>

namespace hearth::voice {
namespace {

using nlohmann::json;

std::string dump(int op, json data) {
  const auto payload = json{{"op", op}, {"d", std::move(data)}};
  return payload.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

std::string identify_payload(const voice_login& login) {
  return dump(0, {{"server_id", to_string(login.guild)},
                  {"user_id", to_string(login.user)},
                  {"session_id", login.session_id},
                  {"token", login.token.reveal()},
                  {"max_dave_protocol_version", dave::protocol_version_max}});
}

std::string resume_payload(const voice_login& login, int64_t seq_ack) {
  return dump(7, {{"server_id", to_string(login.guild)},
                  {"session_id", login.session_id},
                  {"token", login.token.reveal()},
                  {"seq_ack", seq_ack}});
}

std::string select_protocol_payload(const discovered_address& address, transport_mode mode) {
  return dump(1, {{"protocol", "udp"},
                  {"data",
                   {{"address", address.address},
                    {"port", address.port},
                    {"mode", std::string(to_string(mode))}}}});
}

std::string heartbeat_payload(int64_t nonce, int64_t seq_ack) {
  return dump(3, {{"t", nonce}, {"seq_ack", seq_ack}});
}

std::string speaking_payload(speaking_flag flag, uint32_t ssrc) {
  return dump(5, {{"speaking", static_cast<uint32_t>(flag)}, {"delay", 0}, {"ssrc", ssrc}});
}

std::string transition_ready_payload(uint16_t transition) {
  return dump(23, {{"transition_id", transition}});
}

std::string invalid_commit_payload(uint16_t transition) {
  return dump(31, {{"transition_id", transition}});
}

dave::bytes binary_message(uint8_t op, dave::byte_view payload) {
  const auto head = std::array{op};
  return dave::join({head, payload});
}

} // namespace hearth::voice
