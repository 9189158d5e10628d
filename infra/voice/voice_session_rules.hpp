#pragma once
// The life of one voice session over many sockets: handshake, heartbeats, resumes, the end. Pure:
// time and chance are arguments, what to do is the result. Source: dave 1.1, 1.2, 1.4, 1.5.
#include "infra/voice/voice_close_rules.hpp"
#include "infra/voice/voice_decode.hpp"
#include <string>
#include <variant>
#include <vector>

namespace hearth::voice {

/// Every wait of a session, milliseconds.
struct voice_timing {
  int64_t ready_ms = 15'000;       ///< For Ready after the socket is open.
  int64_t discovery_ms = 10'000;   ///< For the answer to IP discovery, tries included.
  int64_t description_ms = 10'000; ///< For Session Description after Select Protocol.
  int64_t resumed_ms = 10'000;     ///< For Resumed.
  int64_t close_ms = 3'000;        ///< For the end of a socket that we close.
  int64_t backoff_ms_min = 500;    ///< Upper bound of the second reconnect's wait; then doubled.
  int64_t backoff_ms_max = 30'000;
  int64_t stable_ms = 10'000;  ///< A session that lived so long clears the backoff.
  uint32_t unanswered_max = 2; ///< Heartbeats without an answer; with the next one due we resume.
  uint32_t attempts_max = 5; ///< Sockets in a row that led to nothing lasting; then a new session.
};

/// Time (monotonic, milliseconds) and chance (0 <= random < 1) of one input.
struct voice_moment {
  int64_t now_ms = 0;
  double random = 0;
};

/// What the owner of socket and UDP has to do, in order.
namespace voice_do {
struct connect {};  ///< Open the websocket, then `connected` or `disconnected`.
struct identify {}; ///< op 0.
struct resume {     ///< op 7.
  int64_t seq_ack;
};
struct heartbeat { ///< op 3.
  int64_t nonce;
  int64_t seq_ack;
};
struct discover { ///< UDP to that address, IP discovery, choice of a mode; then `discovered`.
  heard::ready ready;
};
struct established { ///< Packets may go: DAVE begins with its version.
  heard::session_description session;
  uint32_t ssrc;
};
struct resumed {}; ///< Everything is as before; op 5 again while speaking.
struct close {     ///< Then `disconnected`.
  uint16_t code;
};
struct lost { ///< This session is over. What now: `join_again`, `wait`, `leave` or `fatal`.
  voice_close what;
  std::string why;
};
struct stopped {};
struct log {
  bool warning;
  std::string text;
};
} // namespace voice_do
using voice_action =
    std::variant<voice_do::connect, voice_do::identify, voice_do::resume, voice_do::heartbeat,
                 voice_do::discover, voice_do::established, voice_do::resumed, voice_do::close,
                 voice_do::lost, voice_do::stopped, voice_do::log>;
using voice_actions = std::vector<voice_action>;

enum class voice_phase : uint8_t {
  idle,
  connecting,
  identifying, ///< Ready is awaited.
  discovering,
  selecting, ///< Session Description is awaited.
  resuming,
  live,
  closing,
  backoff,
  over, ///< Lost or stopped: for a new session, a new object.
};
std::string_view to_string(voice_phase phase) noexcept;

/// The state machine of one voice session: of one guild, channel and endpoint. Inputs that make no
/// sense in a phase (late callbacks) do nothing.
class voice_session {
public:
  explicit voice_session(voice_timing timing = {}) : timing_(timing) {}

  voice_actions start(voice_moment at);
  voice_actions connected(voice_moment at);
  /// The socket ended or never came about. @param code 0 = without a close frame.
  voice_actions disconnected(voice_moment at, uint16_t code);
  /// Anything the voice gateway says; DAVE's and the users' messages only count.
  voice_actions received(voice_moment at, const numbered_message& message);
  /// IP discovery answered and Select Protocol was sent.
  voice_actions discovered(voice_moment at);
  /// UDP gave no answer, or no mode that is offered is known.
  voice_actions discovery_failed(voice_moment at, std::string why);
  /// A frame that cannot be read.
  voice_actions garbage(voice_moment at);
  /// Ends the session: `stopped` follows.
  voice_actions stop(voice_moment at);
  voice_actions tick(voice_moment at);

  /// When `tick` is due; nothing while only the peer can bring news.
  std::optional<int64_t> next_wake() const noexcept;
  voice_phase phase() const noexcept { return phase_; }
  /// Number of the last message that a resume need not repeat; -1 = none.
  int64_t seq_ack() const noexcept { return seq_ack_; }
  /// Of the last answered heartbeat; -1 before one was.
  int64_t latency_ms() const noexcept { return latency_ms_; }
  uint32_t resumes() const noexcept { return resumes_; }

private:
  bool is_open() const noexcept;
  void enter(voice_phase phase, std::optional<int64_t> deadline_ms);
  voice_actions close(voice_moment at, uint16_t code, voice_close then, std::string why);
  voice_actions end(voice_close what, std::string why);
  voice_actions try_again(voice_moment at, bool resuming, std::string why);
  voice_actions go();
  void acknowledged(voice_moment at, int64_t nonce);
  voice_actions beat(voice_moment at);

  voice_timing timing_;
  voice_phase phase_ = voice_phase::idle;
  std::optional<int64_t> deadline_ms_; ///< Of the phase.
  bool resumable_ = false;             ///< Session Description came: there is something to resume.
  bool resuming_ = false;              ///< Intent of the present socket.
  bool stopping_ = false;
  voice_close after_close_ = voice_close::resume;
  std::string close_reason_;
  uint32_t ssrc_ = 0;
  int64_t seq_ack_ = -1;
  uint32_t attempts_ = 0;                ///< Sockets since the last one that was stable.
  std::optional<int64_t> live_since_ms_; ///< Of the present socket.
  int64_t interval_ms_ = 0;              ///< Of heartbeats; 0 before Hello.
  int64_t next_beat_ms_ = 0;
  int64_t beat_sent_ms_ = 0;
  uint32_t unanswered_ = 0;
  int64_t latency_ms_ = -1;
  uint32_t resumes_ = 0;
};

} // namespace hearth::voice
