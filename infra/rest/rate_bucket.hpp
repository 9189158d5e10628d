#pragma once
// One rate-limit bucket as seen from here. Pure: time is steady milliseconds given by the caller.
// Source: discord-api 2.3, 15.4.
#include "infra/rest/limit_headers.hpp"
#include <cstdint>
#include <limits>

namespace hearth {

/// "Not before something is answered": no time is known at which to try again.
constexpr int64_t when_answered = std::numeric_limits<int64_t>::max();

/// What is known of a bucket. Discord counts in windows that begin with a request; we see its
/// counters only in answers, late and out of order, so everything under way is assumed to count.
struct rate_bucket {
  bool known = false; ///< An answer has told its numbers; until then one request at a time.
  uint32_t limit = 1;
  uint32_t remaining = 1;  ///< What may still leave in this window.
  int64_t reset_at = 0;    ///< When the window ends, safely; 0: not told yet for this window.
  int64_t window = 0;      ///< Discord's name of the newest window seen (its reset time).
  int64_t period_ms = 0;   ///< Longest Reset-After seen: about the window's length.
  uint32_t in_flight = 0;  ///< Sent, not answered.
  uint32_t generation = 0; ///< Counts our refills: tells which window a request was meant for.
  int64_t used_at = 0;     ///< Last change, for expiry.
};

/// 0 when a request may leave now, else when to ask again (`when_answered`: after an answer).
int64_t take_at(rate_bucket& bucket, int64_t now);
/// Counts one request as sent, after take_at said 0. Returns the generation to hand back.
uint32_t take(rate_bucket& bucket, int64_t now);
/// The request turned out to count elsewhere, or was never sent.
void give_back(rate_bucket& bucket);
/// An answer with this bucket's headers arrived for a request of that generation.
void note_answer(rate_bucket& bucket, const limit_report& report, uint32_t generation, int64_t now);
/// No answer, or one that tells nothing: it may have counted.
void note_silence(rate_bucket& bucket, int64_t now);

} // namespace hearth
