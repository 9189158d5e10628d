#pragma once
// What of an HTTP request decides whether it may be looked at: Discord signs every interaction it
// delivers by HTTP. Pure; the signature itself is checked by ed25519_context. Source: discord-api
// 3.2.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth {

/// One HTTP request as it came from a stranger.
struct inbound_request {
  std::string method;
  /// Names as sent; repeated ones are kept.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
/// What is said to it.
struct inbound_reply {
  uint16_t status = 200;
  std::string content_type = {}; ///< Empty: no body.
  std::string body = {};
};

/// The two headers that prove where a request comes from. They view into the request.
struct request_proof {
  std::string_view signature; ///< 128 hex digits, not yet checked to be any.
  std::string_view timestamp; ///< Unix seconds, as signed.
};

/// The proof of a request, or nothing when anything about it is doubtful: a header is missing or
/// there twice, the timestamp is no plain number, or it is more than `skew_s_max` seconds away from
/// `now_s`. The latter bounds how long a recorded request can be played again; interaction ids make
/// a second delivery harmless all the same, so the bound is wide: a clock that is wrong must not
/// make Discord believe that we refuse its signatures.
std::optional<request_proof> proof_of(const inbound_request& request, int64_t now_s,
                                      int64_t skew_s_max);

} // namespace hearth
