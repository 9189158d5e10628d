// When what was prepared is used, and what to do when it cannot be. Source: dave 3, 3.4, 4.3.
#include "infra/dave/session_state.hpp"
#include <algorithm>
#include <fmt/core.h>

namespace hearth::dave {

session_actions dave_session::prepare_transition(int64_t now_ms, uint16_t transition,
                                                 uint16_t version) {
  auto out = session_actions{};
  if (version > protocol_version_max) {
    out.emplace_back(session_do::note{true, "transition to a DAVE version that was not offered"});
    return out;
  }
  if (version == 0 && transition != 0)
    receivers_.allow_plain();
  prepare(out, now_ms, transition, version);
  return out;
}

/// Says that we are ready, unless there is nothing to wait for.
void dave_session::prepare(session_actions& out, int64_t now_ms, uint16_t transition,
                           uint16_t version) {
  last_transition_ = transition;
  if (transition == 0) {
    execute(out, now_ms, version);
    return;
  }
  prepared_ms_ = now_ms;
  if (pending_.size() >= pending_transitions_max)
    pending_.erase(pending_.begin());
  pending_[transition] = version;
  out.emplace_back(session_do::send_ready{transition});
}

session_actions dave_session::execute_transition(int64_t now_ms, uint16_t transition) {
  auto out = session_actions{};
  const auto found = pending_.find(transition);
  if (found == pending_.end())
    return out;
  const auto version = found->second;
  pending_.erase(found);
  execute(out, now_ms, version);
  return out;
}

void dave_session::execute(session_actions& out, int64_t now_ms, uint16_t version) {
  version_ = version;
  if (version == 0) {
    leave_group();
    package_.reset();
    receivers_.allow_plain();
    speak(out, sending::plain);
    return;
  }
  receivers_.end_plain(now_ms);
  if (established_)
    speak(out, sending::encrypted, group_->media_base(crypto_, identity_.user));
  else
    speak(out, sending::nothing);
}

void dave_session::speak(session_actions& out, sending how, bytes base) {
  if (speaking_ == how && equal(speaking_base_, base))
    return; // a ratchet must not begin again: its nonces were used
  speaking_ = how;
  speaking_base_ = base;
  out.emplace_back(session_do::speak{how, std::move(base)});
}

/// Tells the voice gateway that its message was of no use and asks to be added anew.
void dave_session::recover(session_actions& out, int64_t now_ms, uint16_t transition,
                           const char* why) {
  while (!recoveries_ms_.empty() && recoveries_ms_.front() <= now_ms - recovery_window_ms)
    recoveries_ms_.pop_front();
  recoveries_ms_.push_back(now_ms);
  out.emplace_back(session_do::note{true, fmt::format("left the encrypted group: {}", why)});
  if (recoveries_ms_.size() >= recoveries_max) {
    given_up_ = true;
    leave_group();
    package_.reset();
    out.emplace_back(session_do::reconnect{});
    return;
  }
  recovering_ = true;
  failed_frames_ = 0;
  out.emplace_back(session_do::send_invalid{transition});
  init(out);
}

received_frame dave_session::open(int64_t now_ms, user_id user, byte_view frame,
                                  std::vector<uint8_t>& out) {
  auto result = received_frame{receivers_.open(now_ms, user, frame, out), {}};
  if (result.outcome == receiver_set::outcome::opened)
    failed_frames_ = 0;
  if (result.outcome != receiver_set::outcome::failed)
    return result;
  ++failed_frames_;
  const auto changing = !pending_.empty() && now_ms - prepared_ms_ < pending_believed_ms;
  if (failed_frames_ > failed_frames_max && established_ && !changing && !recovering_ && !given_up_)
    recover(result.actions, now_ms, last_transition_, "nothing that is heard can be decrypted");
  return result;
}

} // namespace hearth::dave
