#pragma once
// What an HTTP answer says about limits: headers, JSON body, or a page of Cloudflare's. Pure.
// Source: discord-api 2.2, 2.3, 15.1, 15.4.
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth {

/// The headers of interest, as received; each at most 256 bytes, longer ones are ignored.
struct answer_headers {
  std::string limit, remaining, reset, reset_after, bucket, scope, global, retry_after;
  std::string content_type;
};
/// Takes one raw header line ("Name: value"), any letter case.
void note_header(answer_headers& headers, std::string_view line);

/// Who refused a request for its rate.
enum class rate_refusal : uint8_t {
  none,
  user,      ///< The bucket.
  shared,    ///< A resource that others use too; does not count against us.
  global,    ///< All of the bot's requests.
  cloudflare ///< The address; nothing may be sent.
};

struct limit_report {
  bool has_bucket = false; ///< Limit, Remaining, Reset-After and Bucket are valid.
  std::string bucket;      ///< Opaque hash.
  uint32_t limit = 0, remaining = 0;
  int64_t reset_after_ms = 0; ///< Rounded up, 0 to a day.
  int64_t reset_ms = 0;       ///< Discord's clock at the reset: names the window; 0 when absent.
  rate_refusal refusal = rate_refusal::none;
  int64_t retry_after_ms = 0; ///< With a refusal; 0 when it does not say.
  int32_t code = 0;           ///< Discord's error code.
};

/// Reads an answer. Hostile or broken input gives fewer facts, never an exception.
limit_report read_limits(uint16_t status, const answer_headers& headers, std::string_view body);

} // namespace hearth
