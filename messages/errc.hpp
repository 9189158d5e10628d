#pragma once
// What an actor may answer instead of a result.
#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace hearth {

/// Failures that cross actors. Append only: the number is logged.
enum class errc : uint8_t {
  none = 0,
  queue_full = 1,   ///< The bound of a queue is reached; drop or try again later.
  stopping = 2,     ///< The actor is going down; the request was not carried out.
  deadline = 3,     ///< The answer would come too late to be of use; nothing was sent.
  unreachable = 4,  ///< No HTTP answer (DNS, TCP, TLS, reset), retries included.
  unauthorized = 5, ///< Discord refused the token; all traffic has stopped.
  store_failed = 6, ///< The database refused (disk full, corruption, busy); nothing was changed.
  not_found = 7,    ///< The thing asked for does not exist.
  invalid = 8,      ///< The request contradicts itself or a rule.
  cancelled = 9,    ///< Somebody withdrew the request.
};

/// The code's name, for logs.
const char* to_string(errc code) noexcept;

/// Found by argument-dependent lookup: an errc converts to caf::error with optional context text.
inline caf::error make_error(errc code) {
  return {static_cast<uint8_t>(code), caf::atom("hearth")};
}
inline caf::error make_error(errc code, std::string context) {
  return {static_cast<uint8_t>(code), caf::atom("hearth"), caf::make_message(std::move(context))};
}

/// The error in words, with its context: what the log prints.
std::string describe(const caf::error& error);

} // namespace hearth
