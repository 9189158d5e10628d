#pragma once
// One REST call and its answer. Plain data. Source: discord-api 2.
#include "messages/ids.hpp"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

enum class http_method : uint8_t { get, post, put, patch, del };

struct file_part {
  std::string name; ///< File name as members see it.
  std::string type; ///< MIME type.
  std::string bytes;
};

/// Order of leaving when several wait.
enum class rest_priority : uint8_t {
  callback,   ///< Interaction callbacks: outside the global limit, first.
  member,     ///< Somebody waits for it.
  background, ///< Refreshes, registration, jobs.
};

/// Sent to rest_client. Limits, retries (discord-api 2.4) and authentication are its business
/// alone.
struct rest_request {
  http_method method = http_method::get;
  std::string path; ///< Below /api/v10, ids filled in: "/channels/123/messages?limit=50".
  std::string body; ///< JSON; empty for none.
  std::vector<file_part> files; ///< Sent as multipart with `body` as payload_json.
  std::string reason;           ///< X-Audit-Log-Reason, UTF-8, at most 512 characters.
  rest_priority priority = rest_priority::background;
  int64_t deadline_ms = 60'000; ///< Longest wait for the answer, retries and queues included.
};

/// Any HTTP answer; trouble without one is an errc.
struct rest_response {
  uint16_t status = 0; ///< 200..599.
  int32_t code = 0;    ///< Discord's error code of discord-api 2.2; 0 when none.
  std::string body;    ///< As received.
  /// Times it was sent; above 1, a refusal may stem from an earlier try that did arrive.
  uint8_t attempts = 1;
  bool ok() const noexcept { return status >= 200 && status < 300; }
};

struct get_rest_status {};
struct rest_status {
  uint64_t sent = 0, retried = 0, limited_429 = 0, refused = 0;
  uint32_t waiting = 0; ///< Requests in all queues.
  uint32_t buckets = 0;
};
/// Every lane and bucket as it is now. Answered as the remote client gets it.
struct get_gates {};
struct gate_list;
using gate_list_ptr = std::shared_ptr<const gate_list>;

} // namespace hearth
