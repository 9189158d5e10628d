#pragma once
// Getting into a voice channel by the main gateway, and noticing when we are no longer in it: one
// guild's op 4 and the two events that answer it in any order. Pure: time and chance are arguments.
// Source: discord-api 6.
#include "infra/settings/secret.hpp"
#include "infra/voice/voice_session_rules.hpp"
#include "messages/ids.hpp"

namespace hearth::voice {

struct join_timing {
  int64_t answer_ms = 12'000;     ///< For both events after op 4; silence is a refusal.
  int64_t moved_ms = 5'000;       ///< Between the two news of one move, or after close code 4014.
  int64_t stable_ms = 30'000;     ///< A voice session that lived so long clears the backoff.
  int64_t backoff_ms_min = 1'000; ///< Upper bound of the wait before the second op 4; then doubled.
  int64_t backoff_ms_max = 60'000;
  uint32_t attempts_max = 5; ///< Joins in a row that led to nothing lasting; then `refused`.
};

/// What one voice session needs; never used for another.
struct voice_place {
  channel_id channel;
  std::string endpoint; ///< Host, perhaps with a port.
  std::string session_id;
  secret token;
};

/// What the owner has to do, in order.
namespace join_do {
struct ask { ///< op 4 of the main gateway. channel 0 leaves.
  channel_id channel;
};
struct open { ///< A new voice session; one that lives is dropped first.
  voice_place place;
};
struct drop {}; ///< The voice session, if there is one. Nothing may be sent on it any more.
struct left {   ///< We are out and stay out: kicked, or the channel is gone.
  std::string why;
};
struct refused { ///< It could not be joined: say so to whoever asked.
  std::string why;
};
} // namespace join_do
using join_action =
    std::variant<join_do::ask, join_do::open, join_do::drop, join_do::left, join_do::refused>;
using join_actions = std::vector<join_action>;

enum class join_phase : uint8_t {
  out,
  asking,  ///< op 4 was sent; an answer is missing.
  backoff, ///< Before the next op 4.
  in,      ///< A voice session was opened.
  waiting, ///< In the channel without a voice server, or to be moved.
};

/// One guild's place in voice. Inputs that make no sense in a phase do nothing.
class voice_join {
public:
  explicit voice_join(join_timing timing = {}) : timing_(timing) {}

  /// Join, or move to, a channel; 0 leaves. Permissions have been checked: a refusal is silent.
  join_actions want(voice_moment at, channel_id channel);
  /// Our own VOICE_STATE_UPDATE. @param channel 0 = in none.
  join_actions own_state(voice_moment at, channel_id channel, const std::string& session_id);
  /// VOICE_SERVER_UPDATE. @param endpoint Empty when it was null: another one will come.
  join_actions server(voice_moment at, const std::string& endpoint, const secret& token);
  /// The voice session ended for good. @param what join_again, wait, leave or fatal.
  join_actions session_lost(voice_moment at, voice_close what, const std::string& why);
  /// The main gateway has a new session (IDENTIFY, not a resume): voice sessions are gone.
  join_actions main_session_renewed(voice_moment at);
  join_actions tick(voice_moment at);

  std::optional<int64_t> next_wake() const noexcept { return deadline_ms_; }
  join_phase phase() const noexcept { return phase_; }
  /// Where we want to be; 0 = nowhere.
  channel_id wanted() const noexcept { return wanted_; }
  /// Where the main gateway last said that we are; 0 = nowhere.
  channel_id present() const noexcept { return present_; }

private:
  void enter(join_phase phase, std::optional<int64_t> deadline_ms);
  join_actions ask(voice_moment at);
  join_actions ask_later(voice_moment at, const std::string& why);
  join_actions leave(std::string why);
  void forget_answers();
  join_actions open_if_complete(voice_moment at);
  join_actions give_up(const std::string& why);

  join_timing timing_;
  join_phase phase_ = join_phase::out;
  std::optional<int64_t> deadline_ms_;
  channel_id wanted_, present_;
  std::string session_id_; ///< Of the newest state; empty until it came.
  std::string endpoint_;   ///< Of the newest server; empty until it came, or after null.
  secret token_;
  int64_t server_ms_ = 0;       ///< When the server was named.
  bool server_of_move_ = false; ///< It was named while we were in: perhaps the news of a move.
  int64_t opened_ms_ = 0;
  uint32_t attempts_ = 0; ///< op 4s since the last session that was stable.
};

} // namespace hearth::voice
