#pragma once
// The answers that injected faults give instead of a handler's. Simulator's own extension; shapes
// as Discord and what stands before it send them (discord-api 2.3, 15.1, 15.4).
#include "discord-sim/http.hpp"

namespace sim {

/// A 429 of a scope: user, shared, global, or "sublimit", which is of the route's own scope with
/// headers that still promise requests (2.3). `retry_after` in seconds; `code` 0: key absent,
/// 40062: a service's limit.
http_response injected_429(const std::string& scope, double retry_after, int code);

/// An error answer of `value.body`, or by `value.kind`: html (what a proxy sends; default of 5xx),
/// empty, json, or overloaded (130000).
http_response injected_error(int status, const json& value);

/// Cloudflare's own answers by `value.kind`: "1015" and "1010" (plain text), html, json. Never
/// X-RateLimit headers, Retry-After only when `value.retry_after` (seconds) is given.
http_response injected_cloudflare(const json& value);

} // namespace sim
