#pragma once
// What a gateway close code means and what to do about it. Pure. Source: discord-api 1.8, 14.
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth {

enum class close_action : uint8_t {
  resume,   ///< Reconnect and resume.
  back_off, ///< The same, but after a longer wait: we did something wrong.
  identify, ///< The session is gone: a new one.
  fatal,    ///< Configuration: stop, an operator must act.
};
struct close_rule {
  close_action action;
  std::string_view meaning; ///< For the log.
};

/// @param code 0 when the connection ended without one. Unknown codes resume with backoff.
close_rule rule_for_close(uint16_t code) noexcept;

/// A sentence for the operator: what is wrong and where to fix it. Only for fatal codes.
/// @param switches What `privileged_switches` says about the intents in use.
std::string fatal_advice(uint16_t code, std::string_view switches);

} // namespace hearth
