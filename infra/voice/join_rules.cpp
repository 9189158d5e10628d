#include "infra/voice/join_rules.hpp"
#include <algorithm>

namespace hearth::voice {

void voice_join::enter(join_phase phase, std::optional<int64_t> deadline_ms) {
  phase_ = phase;
  deadline_ms_ = deadline_ms;
}

/// An old endpoint must never be paired with a new token.
void voice_join::forget_answers() {
  endpoint_.clear();
  token_ = secret{};
}

join_actions voice_join::ask(voice_moment at) {
  ++attempts_;
  session_id_.clear();
  forget_answers();
  enter(join_phase::asking, at.now_ms + timing_.answer_ms);
  return {join_do::ask{wanted_}};
}

join_actions voice_join::give_up(const std::string& why) {
  wanted_ = {};
  enter(join_phase::out, std::nullopt);
  return {join_do::drop{}, join_do::ask{{}}, join_do::refused{why}};
}

/// The main gateway allows 120 messages a minute for everything: never ask in a tight loop.
join_actions voice_join::ask_later(voice_moment at, const std::string& why) {
  if (attempts_ >= timing_.attempts_max)
    return give_up(why);
  const auto doubled = timing_.backoff_ms_min << std::min<uint32_t>(attempts_ - 1, 16);
  const auto most = std::min(timing_.backoff_ms_max, doubled);
  const auto wait = most / 2 + static_cast<int64_t>(at.random * static_cast<double>(most) / 2);
  enter(join_phase::backoff, at.now_ms + wait);
  return {};
}

join_actions voice_join::leave(std::string why) {
  wanted_ = {};
  attempts_ = 0;
  forget_answers();
  enter(join_phase::out, std::nullopt);
  return {join_do::drop{}, join_do::left{std::move(why)}};
}

join_actions voice_join::want(voice_moment at, channel_id channel) {
  if (channel == wanted_)
    return {}; // one pending join at a time
  wanted_ = channel;
  attempts_ = 0;
  if (channel)
    return ask(at); // the present session goes on until the move is confirmed
  forget_answers();
  enter(join_phase::out, std::nullopt);
  return {join_do::drop{}, join_do::ask{{}}};
}

join_actions voice_join::own_state(voice_moment at, channel_id channel,
                                   const std::string& session_id) {
  const auto before = present_;
  present_ = channel;
  if (phase_ == join_phase::out)
    return {};
  if (!channel) {
    // While we ask it may still be the news of a leave before.
    if (phase_ == join_phase::asking || phase_ == join_phase::backoff)
      return {};
    return leave("disconnected from the voice channel");
  }
  session_id_ = session_id;
  if (phase_ == join_phase::in) {
    if (channel == before)
      return {}; // mute and the like
    // Somebody moved us: the server is named beside this, even when it stays the same.
    wanted_ = channel;
    if (server_of_move_ && !endpoint_.empty() && at.now_ms - server_ms_ < timing_.moved_ms)
      return open_if_complete(at);
    forget_answers();
    enter(join_phase::waiting, at.now_ms + timing_.answer_ms);
    return {join_do::drop{}};
  }
  if (phase_ == join_phase::waiting)
    wanted_ = channel;
  return open_if_complete(at);
}

join_actions voice_join::server(voice_moment at, const std::string& endpoint, const secret& token) {
  if (phase_ == join_phase::out)
    return {};
  endpoint_ = endpoint;
  token_ = token;
  server_ms_ = at.now_ms;
  server_of_move_ = phase_ == join_phase::in;
  if (!endpoint.empty())
    return open_if_complete(at);
  // The server went away: nothing until the next one is named.
  if (phase_ != join_phase::in)
    return {};
  enter(join_phase::waiting, std::nullopt);
  return {join_do::drop{}};
}

join_actions voice_join::open_if_complete(voice_moment at) {
  if (endpoint_.empty() || session_id_.empty() || !present_)
    return {};
  if (phase_ == join_phase::backoff || (phase_ == join_phase::asking && present_ != wanted_))
    return {}; // late, or of the channel before
  wanted_ = present_;
  opened_ms_ = at.now_ms;
  enter(join_phase::in, std::nullopt);
  return {join_do::open{{present_, endpoint_, session_id_, token_}}};
}

join_actions voice_join::session_lost(voice_moment at, voice_close what, const std::string& why) {
  if (phase_ != join_phase::in)
    return {};
  switch (what) {
  case voice_close::wait:
    forget_answers();
    enter(join_phase::waiting, at.now_ms + timing_.moved_ms);
    return {};
  case voice_close::leave:
  case voice_close::fatal: {
    auto out = leave(why);
    out.emplace_back(join_do::ask{{}}); // the main gateway still has us in the channel
    return out;
  }
  default:
    if (at.now_ms - opened_ms_ >= timing_.stable_ms)
      attempts_ = 0;
    attempts_ = std::max(1U, attempts_);
    return ask_later(at, why);
  }
}

join_actions voice_join::main_session_renewed(voice_moment at) {
  present_ = {};
  if (!wanted_)
    return {};
  auto out = join_actions{join_do::drop{}};
  attempts_ = 0;
  for (auto& action : ask(at))
    out.push_back(std::move(action));
  return out;
}

join_actions voice_join::tick(voice_moment at) {
  if (!deadline_ms_ || at.now_ms < *deadline_ms_)
    return {};
  switch (phase_) {
  case join_phase::backoff:
    return ask(at);
  case join_phase::asking: {
    auto out = ask_later(at, "Discord did not answer the request to join");
    // It has us in the channel already and names no server for that: out first, then in again.
    if (phase_ == join_phase::backoff && present_ == wanted_)
      out.emplace_back(join_do::ask{{}});
    return out;
  }
  case join_phase::waiting: {
    auto out = leave("no voice server was named");
    out.emplace_back(join_do::ask{{}});
    return out;
  }
  default:
    deadline_ms_.reset();
    return {};
  }
}

} // namespace hearth::voice
