#pragma once
// The life of a gateway session over many connections: when to connect, identify, resume, beat,
// wait or give up. Pure: time and chance are arguments, what to do is the result. Source:
// discord-api 1.4-1.8, 7, 11.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hearth {

/// Every wait of a session, milliseconds.
struct session_timing {
  int64_t hello_ms = 60'000;   ///< For Hello after the handshake.
  int64_t ready_ms = 60'000;   ///< For READY after IDENTIFY: outages leave it unanswered long.
  int64_t resumed_ms = 20'000; ///< For RESUMED or the next replayed event.
  int64_t close_ms = 5'000;    ///< For the end of a connection that we close.
  int64_t identify_gap_ms =
      5'250; ///< From the answer to an IDENTIFY to the next: 5 s and a margin.
  int64_t first_wait_ms_max = 250; ///< Jitter before the first reconnect.
  int64_t backoff_ms_min = 1'000;  ///< Upper bound of the second reconnect's wait; then doubled.
  int64_t backoff_ms_max = 60'000;
  int64_t stable_ms = 10'000;     ///< A connection that lived so long clears the backoff.
  int64_t invalid_ms_min = 1'000; ///< After op 9 false, random in between.
  int64_t invalid_ms_max = 5'000;
  uint32_t failed_resumes_max = 3;  ///< Then the session is given up.
  uint32_t resume_connects_max = 2; ///< Failed connects to the resume URL before the base is asked.
};

/// What a RESUME needs; survives connections, and an orderly stop.
struct resume_point {
  std::string session_id;
  std::string resume_url;
  int64_t seq = -1; ///< Last one received; -1 = none.
  bool usable() const noexcept { return !session_id.empty() && seq >= 0; }
};

/// Answer of GET /gateway/bot. Source: discord-api 1.1.
struct gateway_info {
  std::string url;
  int32_t shards = 1;          ///< Recommended number.
  int32_t starts_total = 1000; ///< IDENTIFYs in 24 h.
  int32_t starts_left = 1000;
  int64_t reset_after_ms = 0;
  int32_t max_concurrency = 1;
};

/// Time (monotonic, counting suspension, milliseconds) and chance (0 <= random < 1) of one input.
struct moment {
  int64_t now_ms = 0;
  double random = 0;
};

/// What the owner of the socket has to do, in order.
namespace session_do {
struct fetch_info {}; ///< GET /gateway/bot, then `info` or `info_failed`.
struct connect { ///< Open this URL (query still to be added), then `connected` or `disconnected`.
  std::string url;
};
struct heartbeat {
  int64_t seq; ///< -1 = null.
};
struct identify {}; ///< Count it where it survives a restart, before it is sent.
struct resume {};   ///< With `point()`.
struct close {      ///< Then `disconnected`, within the grace of the socket.
  uint16_t code;
};
struct give_up { ///< Fatal latch: no further connect, whatever happens.
  std::string text;
};
struct stopped {};
struct log {
  bool warning;
  std::string text;
};
} // namespace session_do
using session_action =
    std::variant<session_do::fetch_info, session_do::connect, session_do::heartbeat,
                 session_do::identify, session_do::resume, session_do::close, session_do::give_up,
                 session_do::stopped, session_do::log>;
using session_actions = std::vector<session_action>;

enum class session_phase : uint8_t {
  idle,
  resolving,      ///< GET /gateway/bot is under way.
  waiting_quota,  ///< Too few IDENTIFYs left today.
  waiting_gap,    ///< The last IDENTIFY is less than 5 s ago.
  connecting,     ///< TCP, TLS and websocket handshake.
  awaiting_hello, //
  identifying,
  resuming,
  ready,
  closing, ///< We closed and wait for the socket's end.
  backoff,
  stopped,
  failed, ///< Fatal latch.
};
std::string_view to_string(session_phase phase) noexcept;

/// The state machine of one shard's session. Each input returns what to do now; `next_wake` says
/// when `tick` is due. Inputs that make no sense in a phase (late callbacks) do nothing.
class gateway_session {
public:
  /// @param switches Portal switches of the intents in use, for the advice on close code 4014.
  gateway_session(session_timing timing, std::string switches);

  /// Begins, with what an orderly stop left (or an unusable point).
  /// @param identify_ages_ms Age of each known IDENTIFY of the last 24 h, in any order.
  session_actions start(moment at, resume_point saved,
                        const std::vector<int64_t>& identify_ages_ms);
  session_actions info(moment at, gateway_info info);
  session_actions info_failed(moment at, bool unauthorized);
  session_actions connected(moment at);
  /// The connection ended or never came about. @param code 0 = without a close frame.
  session_actions disconnected(moment at, uint16_t code);
  /// op 10. @param interval_ms Clamped to 20 ms .. 10 min.
  session_actions hello(moment at, int64_t interval_ms);
  session_actions heartbeat_ack(moment at);
  session_actions heartbeat_asked(moment at);                 ///< op 1 received.
  session_actions reconnect_asked(moment at);                 ///< op 7.
  session_actions invalid_session(moment at, bool resumable); ///< op 9.
  session_actions ready(moment at, std::string session_id, std::string resume_url);
  session_actions resumed(moment at);
  /// The stream cannot be decompressed or framed any more.
  session_actions garbage(moment at);
  /// Ends the session; `stopped` follows. @param resumable Close with 4000, so that Discord keeps
  /// it.
  session_actions stop(moment at, bool resumable);
  session_actions tick(moment at);

  /// Whether dispatches count now. Call it for each dispatch, before anything else.
  /// @param seq -1 when the payload had none. Never lowers what is known.
  bool dispatch(int64_t now_ms, int64_t seq) noexcept {
    if (phase_ != session_phase::ready && !shaking_hands())
      return false;
    if (seq > point_.seq)
      point_.seq = seq;
    if (phase_ == session_phase::resuming)
      deadline_ms_ = now_ms + timing_.resumed_ms;
    return true;
  }

  /// When `tick` is due; nothing while only the peer can bring news.
  std::optional<int64_t> next_wake() const noexcept;
  session_phase phase() const noexcept { return phase_; }
  const resume_point& point() const noexcept { return point_; }
  /// Whether the present connection resumes (rather than identifies).
  bool is_resuming() const noexcept { return phase_ == session_phase::resuming; }
  int64_t latency_ms() const noexcept { return latency_ms_; }
  uint32_t identifies() const noexcept { return identifies_; }
  uint32_t resumes() const noexcept { return resumes_; }

private:
  bool shaking_hands() const noexcept {
    return phase_ == session_phase::identifying || phase_ == session_phase::resuming;
  }
  bool is_open() const noexcept;
  void enter(session_phase phase, std::optional<int64_t> deadline_ms);
  void forget_session();
  void resume_failed(session_actions& out);
  int64_t next_wait(moment at);
  session_actions go();
  session_actions open(const std::string& url, bool resuming);
  session_actions close_then_wait(moment at, uint16_t code, int64_t wait_ms, std::string why);
  session_actions back_off(moment at, int64_t wait_ms);
  session_actions give_up(std::string text);
  session_actions beat(moment at);
  session_actions deadline_passed(moment at);
  session_actions begin_identify(moment at);
  std::optional<int64_t> quota_wait(moment at, std::string& why) const;
  void identify_over(moment at);

  session_timing timing_;
  std::string switches_;
  session_phase phase_ = session_phase::idle;
  std::optional<int64_t> deadline_ms_; ///< Of the phase.
  resume_point point_;
  gateway_info info_;
  std::deque<int64_t> identified_ms_; ///< Times of IDENTIFYs in the last 24 h, oldest first.
  bool identify_open_ = false;        ///< The last one is neither answered nor lost yet.

  bool resuming_ = false;   ///< Intent of the present connection.
  bool base_asked_ = false; ///< /gateway/bot answered since the resume URL last failed.
  bool stopping_ = false;
  uint32_t attempts_ = 0; ///< Reconnects since the last stable connection.
  uint32_t failed_resumes_ = 0;
  uint32_t failed_resume_connects_ = 0;
  int64_t wait_ms_ = 0; ///< After closing.
  int64_t ready_since_ms_ = 0;

  int64_t interval_ms_ = 0;
  int64_t next_beat_ms_ = 0;
  int64_t beat_sent_ms_ = 0;
  bool acked_ = true;
  int64_t latency_ms_ = -1;
  uint32_t identifies_ = 0;
  uint32_t resumes_ = 0;
};

} // namespace hearth
