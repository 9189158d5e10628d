#pragma once
// What a well-behaved client never does. Tests assert these counters (issue: "A control
// interface").
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace sim {

/// Names of the counters; those not counted yet read 0.
namespace violation {
inline constexpr std::string_view known_bucket_429 = "rate_limit_known_bucket";
inline constexpr std::string_view global_429 = "rate_limit_global";
inline constexpr std::string_view identify_too_soon = "identify_too_soon";
inline constexpr std::string_view identify_exhausted = "identify_over_session_start_limit";
inline constexpr std::string_view too_many_sends = "gateway_over_120_sends";
inline constexpr std::string_view payload_too_large = "gateway_payload_over_4096";
inline constexpr std::string_view gateway_malformed = "gateway_malformed";
inline constexpr std::string_view op_before_identify = "gateway_op_before_identify";
inline constexpr std::string_view double_identify = "gateway_double_identify";
inline constexpr std::string_view bad_gateway_token = "gateway_bad_token";
inline constexpr std::string_view bad_intents = "gateway_bad_intents";
inline constexpr std::string_view malformed_request = "rest_malformed_request";
inline constexpr std::string_view unknown_route = "rest_unknown_route";
inline constexpr std::string_view missing_auth = "rest_missing_auth";
inline constexpr std::string_view bad_user_agent = "rest_bad_user_agent";
inline constexpr std::string_view bad_api_version = "rest_bad_api_version";
inline constexpr std::string_view revoked_token = "rest_after_token_revoked";
inline constexpr std::string_view bad_endpoint = "interaction_endpoint_accepts_forgeries";
inline constexpr std::string_view dead_webhook = "rest_unknown_webhook_again";
inline constexpr std::string_view double_answer = "interaction_answered_twice";
inline constexpr std::string_view voice_malformed = "voice_malformed";
inline constexpr std::string_view voice_unknown_op = "voice_unknown_op";
inline constexpr std::string_view voice_op_too_early = "voice_op_before_its_time";
inline constexpr std::string_view voice_double_identify = "voice_double_identify";
inline constexpr std::string_view voice_bad_token = "voice_bad_token";
inline constexpr std::string_view voice_bad_version = "voice_bad_version";
inline constexpr std::string_view voice_bad_mode = "voice_unknown_mode_or_protocol";
inline constexpr std::string_view voice_no_dave = "voice_without_dave";
inline constexpr std::string_view voice_missed_beat = "voice_heartbeat_missed";
inline constexpr std::string_view voice_bad_ack = "voice_acknowledges_what_was_not_sent";
inline constexpr std::string_view voice_dave_message = "voice_dave_message_invalid";
inline constexpr std::string_view voice_flagged_valid = "voice_flagged_a_valid_commit";
inline constexpr std::string_view voice_frame_early = "voice_frame_before_ready";
inline constexpr std::string_view voice_frame_forged = "voice_frame_does_not_authenticate";
inline constexpr std::string_view voice_silent_speaker = "voice_frame_without_speaking";
inline constexpr std::string_view voice_plain_frame = "voice_plain_frame";
inline constexpr std::string_view voice_nonce_reuse = "voice_nonce_reuse";
inline constexpr std::string_view voice_sequence = "voice_rtp_sequence";
inline constexpr std::string_view voice_timestamp = "voice_rtp_timestamp";
} // namespace violation

/// Counters by name. Causes injected as faults are not counted: the injector says so.
class violations {
public:
  /// Counts one; the sentence says what was done, for people who read the list.
  void count(std::string_view name, std::string sentence = {}) {
    ++counts_[std::string(name)];
    details_.push_back(std::string(name) + (sentence.empty() ? "" : ": " + sentence));
    if (details_.size() > details_max)
      details_.pop_front();
  }
  std::uint64_t of(std::string_view name) const {
    const auto it = counts_.find(std::string(name));
    return it == counts_.end() ? 0 : it->second;
  }
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const auto& [name, n] : counts_)
      sum += n;
    return sum;
  }
  const std::map<std::string, std::uint64_t>& all() const { return counts_; }
  /// The last sentences, oldest first.
  const std::deque<std::string>& details() const { return details_; }
  void clear() {
    counts_.clear();
    details_.clear();
  }

private:
  static constexpr std::size_t details_max = 50;
  std::map<std::string, std::uint64_t> counts_;
  std::deque<std::string> details_;
};

} // namespace sim
