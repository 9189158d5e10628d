#pragma once
// What may be sent where, and what may be sent twice. Pure. Source: discord-api 2.1, 2.4.
#include "messages/rest.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

/// Empty when `base` may be used as the API's address, else why not, for the operator. Plain http
/// is for loopback only; no user, query or fragment.
std::string api_base_trouble(std::string_view base);

/// Empty when the request can be sent, else what contradicts itself: a path with other than
/// printable ASCII, "..", a reason or files that are too long, and the like.
std::string request_trouble(const rest_request& request);

/// X-Audit-Log-Reason: cut to 512 characters, then percent-encoded UTF-8.
std::string audit_reason(std::string_view reason);

/// Whether a second delivery does no harm. GET, PUT, PATCH and DELETE; POST only where the body
/// has a nonce that is enforced, or where the route itself makes a double harmless (interaction
/// callbacks answer 40060, typing, opening a direct message).
bool may_repeat(const rest_request& request);

/// What to do after a try.
enum class next_step : uint8_t { answer, retry };
struct try_result {
  bool http = false;       ///< There was an HTTP answer.
  bool maybe_sent = false; ///< Without an answer: the server may have received it.
  uint16_t status = 0;
  int32_t code = 0;
};
/// Whether a request is tried again after its `attempts`-th try (1 = the first).
/// 429 is not decided here: it waits as told.
next_step after_try(const rest_request& request, const try_result& result, uint32_t attempts);

/// Milliseconds before the try that follows `attempts` tries: 0.5 s doubling to 10 s, callbacks
/// 50 ms doubling to 400 ms; half of it is jitter.
/// @param random Any number, for the jitter.
int64_t retry_wait_ms(rest_priority priority, uint32_t attempts, uint32_t random);

} // namespace hearth
