#include "infra/gateway/session_rules.hpp"
#include "infra/gateway/close_rules.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace hearth {
namespace {

constexpr uint16_t keep_session = 4000; // 1000 and 1001 would end it (discord-api 1.7)
constexpr uint16_t end_session = 1000;
constexpr int64_t day_ms = 24 * 3'600'000;
constexpr int64_t quota_recheck_ms = 60'000; // when Discord does not say when the quota returns

/// IDENTIFYs never spent, so that an operator's restart still works. Small quotas (tests) keep
/// less.
int32_t quota_reserve(int32_t total) { return std::clamp(total / 20, 0, 20); }

template <class T> session_actions one(T action) {
  auto out = session_actions{};
  out.emplace_back(std::move(action));
  return out;
}

} // namespace

std::string_view to_string(session_phase phase) noexcept {
  constexpr std::string_view names[] = {
      "idle",       "resolving",      "waiting for quota", "waiting to identify",
      "connecting", "awaiting hello", "identifying",       "resuming",
      "ready",      "closing",        "backoff",           "stopped",
      "failed"};
  return names[static_cast<size_t>(phase)];
}

gateway_session::gateway_session(session_timing timing, std::string switches)
    : timing_(timing), switches_(std::move(switches)) {}

bool gateway_session::is_open() const noexcept {
  return phase_ == session_phase::awaiting_hello || phase_ == session_phase::ready ||
         shaking_hands();
}

void gateway_session::enter(session_phase phase, std::optional<int64_t> deadline_ms) {
  phase_ = phase;
  deadline_ms_ = deadline_ms;
}

void gateway_session::forget_session() {
  point_ = {};
  failed_resumes_ = 0;
  failed_resume_connects_ = 0;
  base_asked_ = false;
}

std::optional<int64_t> gateway_session::next_wake() const noexcept {
  auto wake = deadline_ms_;
  if (is_open() && interval_ms_ > 0 && (!wake || next_beat_ms_ < *wake))
    wake = next_beat_ms_;
  return wake;
}

// -- deciding what comes next -------------------------------------------------------------------

session_actions gateway_session::start(moment at, resume_point saved,
                                       const std::vector<int64_t>& identify_ages_ms) {
  for (const auto age : identify_ages_ms)
    if (age >= 0 && age < day_ms)
      identified_ms_.push_back(at.now_ms - age);
  std::sort(identified_ms_.begin(), identified_ms_.end());
  if (saved.usable() && !saved.resume_url.empty())
    point_ = std::move(saved);
  return go();
}

/// Connects to resume, or asks where to connect and whether an IDENTIFY may be spent.
session_actions gateway_session::go() {
  if (stopping_) {
    enter(session_phase::stopped, {});
    return one(session_do::stopped{});
  }
  if (point_.usable() && failed_resume_connects_ < timing_.resume_connects_max)
    return open(point_.resume_url, true);
  enter(session_phase::resolving, {});
  return one(session_do::fetch_info{});
}

session_actions gateway_session::info(moment at, gateway_info info) {
  if (phase_ != session_phase::resolving)
    return {};
  info_ = std::move(info);
  auto out = session_actions{};
  if (point_.usable()) {
    // The resume URL failed. Only when Discord itself answers is that the URL's fault: try it once
    // more now that the network is known to work, then give the session up.
    if (!base_asked_) {
      base_asked_ = true;
      return open(point_.resume_url, true);
    }
    out.emplace_back(session_do::log{true, "gateway: the resume address cannot be reached, "
                                           "starting a new session"});
    forget_session();
  }
  for (auto& action : begin_identify(at))
    out.push_back(std::move(action));
  return out;
}

session_actions gateway_session::begin_identify(moment at) {
  auto why = std::string{};
  if (const auto wait = quota_wait(at, why)) {
    enter(session_phase::waiting_quota, at.now_ms + *wait);
    return one(session_do::log{true, std::move(why)});
  }
  if (!identified_ms_.empty()) {
    const auto allowed_ms = identified_ms_.back() + timing_.identify_gap_ms;
    if (allowed_ms > at.now_ms) {
      enter(session_phase::waiting_gap, allowed_ms);
      return {};
    }
  }
  return open(info_.url, false);
}

/// Discord counts from when it reads an IDENTIFY, which may be long after it was sent. That it was
/// read by now is known once there is an answer, or no connection any more.
void gateway_session::identify_over(moment at) {
  if (std::exchange(identify_open_, false))
    identified_ms_.back() = at.now_ms;
}

/// How long to wait before another IDENTIFY may be spent; nothing when it may be now. Discord's own
/// count decides; ours also holds when Discord's answer is older than our restarts.
std::optional<int64_t> gateway_session::quota_wait(moment at, std::string& why) const {
  const auto reserve = quota_reserve(info_.starts_total);
  if (info_.starts_left <= reserve) {
    const auto wait = info_.reset_after_ms > 0 ? info_.reset_after_ms : quota_recheck_ms;
    why = fmt::format("gateway: only {} of {} session starts left today ({} are kept in reserve); "
                      "waiting {} min until Discord gives new ones. Usual cause: something "
                      "restarts the bot in a loop",
                      info_.starts_left, info_.starts_total, reserve, wait / 60'000 + 1);
    return wait;
  }
  const auto recent = std::count_if(identified_ms_.begin(), identified_ms_.end(),
                                    [&](int64_t when) { return when + day_ms > at.now_ms; });
  const auto budget = std::max<int64_t>(info_.starts_total - reserve, 1);
  if (recent < budget)
    return std::nullopt;
  const auto oldest = identified_ms_[identified_ms_.size() - static_cast<size_t>(budget)];
  const auto wait = std::max<int64_t>(oldest + day_ms - at.now_ms, 1);
  why = fmt::format("gateway: {} session starts in the last 24 h, no more than {} are allowed; "
                    "waiting {} min. Usual cause: something restarts the bot in a loop",
                    recent, budget, wait / 60'000 + 1);
  return wait;
}

session_actions gateway_session::info_failed(moment at, bool unauthorized) {
  if (phase_ != session_phase::resolving)
    return {};
  if (unauthorized)
    return give_up(fatal_advice(4004, switches_));
  return back_off(at, next_wait(at));
}

/// The handshake's time limit is the socket's.
session_actions gateway_session::open(const std::string& url, bool resuming) {
  resuming_ = resuming;
  interval_ms_ = 0;
  acked_ = true; // a stale "not acknowledged" would kill the new connection at its first beat
  enter(session_phase::connecting, {});
  return one(session_do::connect{url});
}

/// Full jitter over an exponential bound; counts the attempt.
int64_t gateway_session::next_wait(moment at) {
  const auto attempt = attempts_++;
  auto bound = timing_.first_wait_ms_max;
  if (attempt > 0) {
    const auto doublings = std::min<uint32_t>(attempt - 1, 20);
    bound = std::min(timing_.backoff_ms_max, timing_.backoff_ms_min << doublings);
  }
  return static_cast<int64_t>(at.random * static_cast<double>(bound));
}

session_actions gateway_session::back_off(moment at, int64_t wait_ms) {
  if (stopping_)
    return go();
  enter(session_phase::backoff, at.now_ms + wait_ms);
  return {};
}

session_actions gateway_session::close_then_wait(moment at, uint16_t code, int64_t wait_ms,
                                                 std::string why) {
  wait_ms_ = wait_ms;
  enter(session_phase::closing, at.now_ms + timing_.close_ms);
  auto out = session_actions{};
  if (!why.empty())
    out.emplace_back(session_do::log{true, std::move(why)});
  out.emplace_back(session_do::close{code});
  return out;
}

session_actions gateway_session::give_up(std::string text) {
  enter(session_phase::failed, {});
  return one(session_do::give_up{std::move(text)});
}

/// A resume did not come about; after a few the session counts as broken (discord-api 1.7).
void gateway_session::resume_failed(session_actions& out) {
  if (++failed_resumes_ < timing_.failed_resumes_max)
    return;
  out.emplace_back(session_do::log{true, fmt::format("gateway: {} resumes failed, starting a new "
                                                     "session",
                                                     failed_resumes_)});
  forget_session();
}

// -- the connection -----------------------------------------------------------------------------

session_actions gateway_session::connected(moment at) {
  if (phase_ != session_phase::connecting)
    return {};
  if (resuming_) {
    failed_resume_connects_ = 0;
    base_asked_ = false;
  }
  enter(session_phase::awaiting_hello, at.now_ms + timing_.hello_ms);
  return {};
}

session_actions gateway_session::disconnected(moment at, uint16_t code) {
  const auto rule = rule_for_close(code);
  identify_over(at);
  if (phase_ == session_phase::connecting) {
    if (resuming_) {
      ++failed_resume_connects_;
      if (base_asked_) // it failed although Discord is reachable: see info()
        failed_resume_connects_ = timing_.resume_connects_max;
    }
    return back_off(at, next_wait(at));
  }
  if (phase_ == session_phase::closing) {
    if (rule.action == close_action::fatal && !stopping_)
      return give_up(fatal_advice(code, switches_));
    return back_off(at, wait_ms_);
  }
  if (!is_open())
    return {};
  if (rule.action == close_action::fatal)
    return give_up(fatal_advice(code, switches_));
  auto out = session_actions{};
  out.emplace_back(session_do::log{rule.action != close_action::resume,
                                   fmt::format("gateway: {} (close code {})", rule.meaning, code)});
  if (phase_ == session_phase::ready && at.now_ms - ready_since_ms_ >= timing_.stable_ms)
    attempts_ = 0;
  if (rule.action == close_action::identify)
    forget_session();
  else if (phase_ != session_phase::ready && resuming_)
    resume_failed(out);
  if (rule.action == close_action::back_off)
    attempts_ = std::max<uint32_t>(attempts_, 3);
  back_off(at, next_wait(at));
  return out;
}

session_actions gateway_session::hello(moment at, int64_t interval_ms) {
  if (phase_ != session_phase::awaiting_hello)
    return {};
  interval_ms_ = std::clamp<int64_t>(interval_ms, 20, 600'000);
  next_beat_ms_ = at.now_ms + static_cast<int64_t>(at.random * static_cast<double>(interval_ms_));
  acked_ = true;
  latency_ms_ = -1;
  if (resuming_) {
    ++resumes_;
    enter(session_phase::resuming, at.now_ms + timing_.resumed_ms);
    return one(session_do::resume{});
  }
  forget_session(); // a sequence number of the old session must not survive into the new one
  ++identifies_;
  identified_ms_.push_back(at.now_ms);
  identify_open_ = true;
  while (identified_ms_.front() + day_ms <= at.now_ms)
    identified_ms_.pop_front();
  enter(session_phase::identifying, at.now_ms + timing_.ready_ms);
  return one(session_do::identify{});
}

session_actions gateway_session::ready(moment at, std::string session_id, std::string resume_url) {
  if (phase_ != session_phase::identifying)
    return {};
  identify_over(at);
  point_.session_id = std::move(session_id);
  point_.resume_url = resume_url.empty() ? info_.url : std::move(resume_url);
  failed_resumes_ = 0;
  ready_since_ms_ = at.now_ms;
  enter(session_phase::ready, {});
  return {};
}

session_actions gateway_session::resumed(moment at) {
  if (phase_ != session_phase::resuming)
    return {};
  failed_resumes_ = 0;
  ready_since_ms_ = at.now_ms;
  enter(session_phase::ready, {});
  return {};
}

session_actions gateway_session::reconnect_asked(moment at) {
  if (!is_open())
    return {};
  if (phase_ == session_phase::ready)
    attempts_ = 0; // an orderly request says nothing about the network
  return close_then_wait(at, keep_session, next_wait(at), {});
}

session_actions gateway_session::invalid_session(moment at, bool resumable) {
  if (!is_open())
    return {};
  auto out = session_actions{};
  auto wait = next_wait(at);
  if (!resumable) {
    const auto range = static_cast<double>(timing_.invalid_ms_max - timing_.invalid_ms_min);
    wait = std::max(wait, timing_.invalid_ms_min + static_cast<int64_t>(at.random * range));
    out.emplace_back(session_do::log{false, "gateway: the session is no longer valid"});
    forget_session();
  } else if (phase_ == session_phase::resuming) {
    resume_failed(out);
  }
  for (auto& action : close_then_wait(at, keep_session, wait, {}))
    out.push_back(std::move(action));
  return out;
}

session_actions gateway_session::garbage(moment at) {
  if (!is_open())
    return {};
  return close_then_wait(at, keep_session, next_wait(at),
                         "gateway: the stream cannot be decoded, reconnecting");
}

session_actions gateway_session::stop(moment at, bool resumable) {
  if (stopping_)
    return {};
  stopping_ = true;
  if (!resumable)
    forget_session();
  if (phase_ == session_phase::closing)
    return {};
  if (!is_open() && phase_ != session_phase::connecting)
    return go();
  return close_then_wait(at, resumable ? keep_session : end_session, 0, {});
}

// -- time ---------------------------------------------------------------------------------------

session_actions gateway_session::heartbeat_ack(moment at) {
  if (!is_open() || interval_ms_ == 0)
    return {};
  if (!acked_)
    latency_ms_ = at.now_ms - beat_sent_ms_;
  acked_ = true;
  return {};
}

session_actions gateway_session::heartbeat_asked(moment) {
  if (!is_open() || interval_ms_ == 0)
    return {};
  return one(session_do::heartbeat{point_.seq});
}

session_actions gateway_session::beat(moment at) {
  // Late by a whole interval: the machine slept, and nobody knows what the peer thinks by now.
  const auto overslept = at.now_ms - next_beat_ms_ > std::max<int64_t>(interval_ms_, 5'000);
  if (!acked_ || overslept) {
    if (phase_ == session_phase::ready && at.now_ms - ready_since_ms_ >= timing_.stable_ms)
      attempts_ = 0;
    auto out = session_actions{};
    if (phase_ == session_phase::resuming)
      resume_failed(out);
    for (auto& action : close_then_wait(at, keep_session, next_wait(at),
                                        overslept ? "gateway: woke up late, reconnecting"
                                                  : "gateway: no heartbeat was acknowledged, "
                                                    "reconnecting"))
      out.push_back(std::move(action));
    return out;
  }
  acked_ = false;
  beat_sent_ms_ = at.now_ms;
  next_beat_ms_ = at.now_ms + interval_ms_;
  return one(session_do::heartbeat{point_.seq});
}

session_actions gateway_session::tick(moment at) {
  if (deadline_ms_ && *deadline_ms_ <= at.now_ms)
    return deadline_passed(at);
  if (is_open() && interval_ms_ > 0 && next_beat_ms_ <= at.now_ms)
    return beat(at);
  return {};
}

session_actions gateway_session::deadline_passed(moment at) {
  switch (phase_) {
  case session_phase::awaiting_hello:
  case session_phase::identifying:
  case session_phase::resuming: {
    auto out = session_actions{};
    const auto what = to_string(phase_);
    if (resuming_)
      resume_failed(out);
    for (auto& action : close_then_wait(at, keep_session, next_wait(at),
                                        fmt::format("gateway: no answer while {}", what)))
      out.push_back(std::move(action));
    return out;
  }
  case session_phase::closing: // the socket's own grace is shorter: it must be gone by now
    identify_over(at);
    return back_off(at, wait_ms_);
  case session_phase::backoff:
  case session_phase::waiting_quota: // the numbers are old: ask again
    return go();
  case session_phase::waiting_gap:
    return open(info_.url, false);
  default:
    deadline_ms_.reset();
    return {};
  }
}

} // namespace hearth
