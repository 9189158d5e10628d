#include "infra/voice/voice_session_rules.hpp"
#include <algorithm>
#include <fmt/core.h>

namespace hearth::voice {
namespace {

constexpr uint16_t close_normal = 1000;
constexpr uint16_t close_to_resume = 4000; // below 4000 the server may forget the session
constexpr int64_t beat_ms_min = 20;        // a hostile Hello must not make us busy

} // namespace

std::string_view to_string(voice_phase phase) noexcept {
  using enum voice_phase;
  switch (phase) {
  case idle:
    return "idle";
  case connecting:
    return "connecting";
  case identifying:
    return "identifying";
  case discovering:
    return "discovering";
  case selecting:
    return "selecting";
  case resuming:
    return "resuming";
  case live:
    return "live";
  case closing:
    return "closing";
  case backoff:
    return "backoff";
  case over:
    return "over";
  }
  return "?";
}

bool voice_session::is_open() const noexcept {
  using enum voice_phase;
  return phase_ == identifying || phase_ == discovering || phase_ == selecting ||
         phase_ == resuming || phase_ == live;
}

void voice_session::enter(voice_phase phase, std::optional<int64_t> deadline_ms) {
  phase_ = phase;
  deadline_ms_ = deadline_ms;
}

std::optional<int64_t> voice_session::next_wake() const noexcept {
  if (!is_open() || interval_ms_ == 0)
    return deadline_ms_;
  return deadline_ms_ ? std::min(*deadline_ms_, next_beat_ms_) : next_beat_ms_;
}

voice_actions voice_session::start(voice_moment /*at*/) {
  return phase_ == voice_phase::idle ? go() : voice_actions{};
}

voice_actions voice_session::go() {
  ++attempts_;
  interval_ms_ = 0;
  unanswered_ = 0;
  enter(voice_phase::connecting, std::nullopt); // the socket has its own time limits
  return {voice_do::connect{}};
}

voice_actions voice_session::connected(voice_moment at) {
  if (phase_ != voice_phase::connecting)
    return {};
  if (resuming_) {
    enter(voice_phase::resuming, at.now_ms + timing_.resumed_ms);
    return {voice_do::resume{seq_ack_}};
  }
  seq_ack_ = -1; // everything is new
  resumable_ = false;
  enter(voice_phase::identifying, at.now_ms + timing_.ready_ms);
  return {voice_do::identify{}};
}

voice_actions voice_session::end(voice_close what, std::string why) {
  enter(voice_phase::over, std::nullopt);
  return {voice_do::lost{what, std::move(why)}};
}

/// A next socket: the first resume at once, all others after longer and longer waits.
voice_actions voice_session::try_again(voice_moment at, bool resuming, std::string why) {
  if (attempts_ >= timing_.attempts_max)
    return end(voice_close::join_again, std::move(why));
  resuming_ = resuming && resumable_;
  auto out = voice_actions{};
  out.emplace_back(
      voice_do::log{false, fmt::format("{}; {}", why, resuming_ ? "resuming" : "connecting anew")});
  if (attempts_ == 0 && resuming_) {
    for (auto& action : go())
      out.push_back(std::move(action));
    return out;
  }
  const auto doubled = timing_.backoff_ms_min
                       << std::min<uint32_t>(std::max(1U, attempts_) - 1, 16);
  const auto most = std::min(timing_.backoff_ms_max, doubled);
  const auto wait = most / 2 + static_cast<int64_t>(at.random * static_cast<double>(most) / 2);
  enter(voice_phase::backoff, at.now_ms + wait);
  return out;
}

voice_actions voice_session::disconnected(voice_moment at, uint16_t code) {
  const auto closing = phase_ == voice_phase::closing;
  if (!closing && !is_open() && phase_ != voice_phase::connecting)
    return {};
  if (stopping_) {
    enter(voice_phase::over, std::nullopt);
    return {voice_do::stopped{}};
  }
  if (live_since_ms_ && at.now_ms - *live_since_ms_ >= timing_.stable_ms)
    attempts_ = 0;
  live_since_ms_.reset();
  const auto rule = rule_for_voice_close(code);
  if (closing) // by ourselves: the code that comes back says nothing
    return try_again(at, after_close_ == voice_close::resume, std::move(close_reason_));
  auto why = code == 0 ? std::string(rule.meaning) : fmt::format("{} ({})", rule.meaning, code);
  if (rule.action == voice_close::resume || rule.action == voice_close::reconnect)
    return try_again(at, rule.action == voice_close::resume, std::move(why));
  return end(rule.action, std::move(why));
}

voice_actions voice_session::close(voice_moment at, uint16_t code, voice_close then,
                                   std::string why) {
  after_close_ = then;
  close_reason_ = std::move(why);
  enter(voice_phase::closing, at.now_ms + timing_.close_ms);
  return {voice_do::close{code}};
}

voice_actions voice_session::received(voice_moment at, const numbered_message& numbered) {
  if (!is_open())
    return {};
  if (numbered.seq)
    seq_ack_ = *numbered.seq;
  const auto& message = numbered.message;
  if (const auto* hello = std::get_if<heard::hello>(&message)) {
    interval_ms_ = std::max(beat_ms_min, hello->heartbeat_interval_ms);
    next_beat_ms_ = at.now_ms + static_cast<int64_t>(at.random * static_cast<double>(interval_ms_));
  } else if (const auto* ack = std::get_if<heard::heartbeat_ack>(&message)) {
    acknowledged(at, ack->nonce);
  } else if (const auto* ready = std::get_if<heard::ready>(&message)) {
    if (phase_ != voice_phase::identifying)
      return {};
    ssrc_ = ready->ssrc;
    enter(voice_phase::discovering, at.now_ms + timing_.discovery_ms);
    return {voice_do::discover{*ready}};
  } else if (const auto* session = std::get_if<heard::session_description>(&message)) {
    if (phase_ != voice_phase::selecting && phase_ != voice_phase::live)
      return {};
    resumable_ = true;
    if (!live_since_ms_)
      live_since_ms_ = at.now_ms;
    enter(voice_phase::live, std::nullopt);
    return {voice_do::established{*session, ssrc_}};
  } else if (std::holds_alternative<heard::resumed>(message) && phase_ == voice_phase::resuming) {
    live_since_ms_ = at.now_ms;
    ++resumes_;
    enter(voice_phase::live, std::nullopt);
    return {voice_do::resumed{}};
  }
  return {};
}

/// Only the newest heartbeat's answer counts.
void voice_session::acknowledged(voice_moment at, int64_t nonce) {
  if (unanswered_ == 0 || nonce != beat_sent_ms_)
    return;
  unanswered_ = 0;
  latency_ms_ = at.now_ms - beat_sent_ms_;
}

voice_actions voice_session::discovered(voice_moment at) {
  if (phase_ == voice_phase::discovering)
    enter(voice_phase::selecting, at.now_ms + timing_.description_ms);
  return {};
}

voice_actions voice_session::discovery_failed(voice_moment at, std::string why) {
  if (phase_ != voice_phase::discovering)
    return {};
  return close(at, close_normal, voice_close::reconnect, std::move(why));
}

voice_actions voice_session::garbage(voice_moment at) {
  if (!is_open())
    return {};
  return close(at, close_to_resume, voice_close::resume, "voice gateway sent what cannot be read");
}

voice_actions voice_session::stop(voice_moment at) {
  if (phase_ == voice_phase::over)
    return {};
  stopping_ = true;
  if (is_open())
    return close(at, close_normal, voice_close::leave, "stopped");
  if (phase_ == voice_phase::closing || phase_ == voice_phase::connecting) {
    if (phase_ == voice_phase::connecting)
      enter(voice_phase::closing, at.now_ms + timing_.close_ms);
    return {voice_do::close{close_normal}};
  }
  enter(voice_phase::over, std::nullopt);
  return {voice_do::stopped{}};
}

voice_actions voice_session::beat(voice_moment at) {
  if (unanswered_ > timing_.unanswered_max)
    return close(at, close_to_resume, voice_close::resume, "heartbeats are not answered");
  ++unanswered_;
  beat_sent_ms_ = at.now_ms;
  next_beat_ms_ = at.now_ms + interval_ms_;
  return {voice_do::heartbeat{at.now_ms, seq_ack_}};
}

voice_actions voice_session::tick(voice_moment at) {
  if (deadline_ms_ && at.now_ms >= *deadline_ms_) {
    switch (phase_) {
    case voice_phase::backoff:
      return go();
    case voice_phase::closing: // the socket does not end: as if it had
      return disconnected(at, 0);
    case voice_phase::discovering:
      return discovery_failed(at, "IP discovery was not answered");
    case voice_phase::resuming:
      return close(at, close_to_resume, voice_close::resume, "resume was not answered");
    default:
      return close(at, close_normal, voice_close::reconnect,
                   fmt::format("no answer while {}", to_string(phase_)));
    }
  }
  if (is_open() && interval_ms_ > 0 && at.now_ms >= next_beat_ms_)
    return beat(at);
  return {};
}

} // namespace hearth::voice
