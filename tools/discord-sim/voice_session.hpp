#pragma once
// One bot's voice session: what survives its socket (dave 1.4), and its UDP side.
#include "discord-sim/clock.hpp"
#include "discord-sim/event_loop.hpp"
#include "discord-sim/voice_listener.hpp"
#include "discord-sim/voice_media.hpp"
#include "discord-sim/voice_server.hpp"
#include <deque>

namespace sim {

class voice_connection;

class voice_session {
public:
  snowflake user = 0;
  snowflake guild = 0;
  snowflake channel = 0;
  std::string session_id; ///< of the main gateway's voice state
  std::string token;

  enum class stage {
    expected,   ///< nobody identified yet
    identified, ///< Ready was sent
    live        ///< Session Description was sent: media may flow, a lost socket may resume
  };
  stage at = stage::expected;
  bool dave = false; ///< max_dave_protocol_version > 0
  std::uint32_t ssrc = 0;
  voice_mode mode = voice_mode::aes256_gcm;
  std::string key; ///< 32 bytes
  std::optional<voice_udp::peer> peer;
  std::uint32_t nonce = 0; ///< of our packets to it
  bool spoke = false;      ///< op 5 with a bit set came since its last 0
  int speaking = 0;        ///< of its last op 5
  media_checker media;
  std::deque<rtp_packet> held; ///< before its first op 5
  std::unique_ptr<timer_handle> held_limit;
  std::string swapped;      ///< fault: goes out after the next packet
  bool told_sender = false; ///< op 25 went out
  std::uint64_t resumes = 0;

  /// Where messages go; nullptr while disconnected. The connection clears it.
  voice_connection* link = nullptr;
  std::unique_ptr<timer_handle> expiry;

  /// A message that a resume may repeat.
  struct sent {
    std::uint16_t seq = 0;
    std::string bytes;
    bool binary = false;
  };
  /// Numbers a message and remembers it; `d` as JSON text.
  const sent& number(int op, const std::string& d);
  const sent& number_binary(std::uint8_t op, std::string_view payload);
  void first_seq(int value) { last_seq_ = value - 1; }
  /// Forgets what was received. False: nothing of that number was sent.
  bool acknowledge(int seq);
  /// Everything after `seq`; nothing when some of it is forgotten or was never sent.
  std::optional<std::vector<sent>> replay(int seq) const;
  /// As new, for a fresh Identify.
  void begin_again();

private:
  const sent& remember(sent what);
  int last_seq_ = -1;       ///< -1 before the first.
  std::deque<sent> memory_; ///< the back has number last_seq_
};

} // namespace sim
