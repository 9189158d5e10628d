#pragma once
// What a close code of the voice gateway means and what to do about it. Pure. Source:
// dave 1.4, 1.5.
#include <cstdint>
#include <string_view>

namespace hearth::voice {

enum class voice_close : uint8_t {
  resume,     ///< Same session, new socket.
  reconnect,  ///< Fresh session with what is known, after a wait: we did something wrong.
  join_again, ///< The session is gone: ask the main gateway for a new one (its op 4).
  wait,       ///< Do nothing by ourselves; a VOICE_SERVER_UPDATE may follow when we were moved.
  leave,      ///< Over: do not come back by ourselves.
  fatal,      ///< Permanent until this program is changed.
};
struct voice_close_rule {
  voice_close action;
  std::string_view meaning; ///< For the log.
};

/// @param code 0 when the connection ended without one. Below 4000: resume.
voice_close_rule rule_for_voice_close(uint16_t code) noexcept;

} // namespace hearth::voice
