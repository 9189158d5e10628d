#pragma once
// What is sent to the voice gateway, version 8: JSON text, and binary messages of DAVE. Pure.
// Source: dave 1.1-1.3.
#include "infra/dave/bytes.hpp"
#include "infra/settings/secret.hpp"
#include "infra/voice/ip_discovery.hpp"
#include "infra/voice/transport_mode.hpp"
#include "messages/ids.hpp"
#include <string>

namespace hearth::voice {

/// What the main gateway told about the voice session; valid for one channel.
struct voice_login {
  guild_id guild; ///< server_id.
  user_id user;
  std::string session_id;
  secret token;
};

enum class speaking_flag : uint32_t { none = 0, microphone = 1, soundshare = 2, priority = 4 };

std::string identify_payload(const voice_login& login);                ///< op 0. Secret.
std::string resume_payload(const voice_login& login, int64_t seq_ack); ///< op 7. Secret.
std::string select_protocol_payload(const discovered_address& address,
                                    transport_mode mode); ///< op 1.
/// op 3. @param nonce Echoed by the acknowledgement. @param seq_ack Last number received; -1 =
/// none.
std::string heartbeat_payload(int64_t nonce, int64_t seq_ack);
/// op 5. Once at least before the first packet, `none` after the last.
std::string speaking_payload(speaking_flag flag, uint32_t ssrc);
std::string transition_ready_payload(uint16_t transition); ///< op 23.
std::string invalid_commit_payload(uint16_t transition);   ///< op 31.

/// A binary message: op 26 or 28, then what the DAVE session says.
dave::bytes binary_message(uint8_t op, dave::byte_view payload);

} // namespace hearth::voice
