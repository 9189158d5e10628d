#pragma once
// What the parts of dave_session share; only they include it. Pure.
#include "infra/dave/failure.hpp"
#include "infra/dave/session_state.hpp"

namespace hearth::dave {

/// Runs what reads a stranger's message. @return Why it was refused; null when it was not.
template <class Do> const char* refusal(byte_view payload, Do&& act) {
  try {
    require(payload.size() <= payload_size_max, "message too big");
    act();
    return nullptr;
  } catch (const failure& broken) {
    return broken.rule;
  }
}

inline void note(session_actions& out, bool warning, std::string text) {
  out.emplace_back(session_do::note{warning, std::move(text)});
}

/// The one extension of every group of DAVE's. @param sender Payload of op 25.
inline std::vector<extension> group_extensions(byte_view sender) {
  return {{external_senders_extension, writer{}.vector(sender).take()}};
}

} // namespace hearth::dave
