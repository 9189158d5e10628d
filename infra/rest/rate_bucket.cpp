#include "infra/rest/rate_bucket.hpp"
#include <algorithm>

namespace hearth {
namespace {

/// Added to each reset: timers and clocks are not exact. A fiftieth of the window, since for the
/// shortest ones (0.25 s) the usual 50 ms would cost a fifth of what Discord allows.
int64_t margin_ms(const rate_bucket& bucket) {
  return std::clamp<int64_t>(bucket.period_ms / 50, 3, 50);
}

/// How far two reset times may differ and still name the same window.
int64_t tolerance_ms(const rate_bucket& bucket) {
  return std::max<int64_t>(4, bucket.period_ms / 4);
}

void refill(rate_bucket& bucket, int64_t now) {
  if (bucket.reset_at == 0 || now < bucket.reset_at)
    return;
  // What is still under way may reach Discord only now and count in the new window.
  bucket.remaining = bucket.limit > bucket.in_flight ? bucket.limit - bucket.in_flight : 0;
  bucket.reset_at = 0;
  ++bucket.generation;
}

} // namespace

int64_t take_at(rate_bucket& bucket, int64_t now) {
  refill(bucket, now);
  if (!bucket.known)
    return bucket.in_flight == 0 ? 0 : when_answered;
  if (bucket.remaining > 0)
    return 0;
  if (bucket.reset_at != 0)
    return bucket.reset_at;
  return bucket.in_flight == 0 ? 0 : when_answered; // nothing known and nothing coming: probe
}

uint32_t take(rate_bucket& bucket, int64_t now) {
  bucket.remaining -= bucket.remaining > 0 ? 1 : 0;
  ++bucket.in_flight;
  bucket.used_at = now;
  return bucket.generation;
}

void give_back(rate_bucket& bucket) {
  bucket.in_flight -= bucket.in_flight > 0 ? 1 : 0;
  // A refill since then, or a newer window, has set it aside anew: it is free in any case.
  const auto room = bucket.limit > bucket.in_flight ? bucket.limit - bucket.in_flight : 0;
  if (bucket.known && bucket.remaining < room)
    ++bucket.remaining;
}

void note_answer(rate_bucket& bucket, const limit_report& report, uint32_t generation,
                 int64_t now) {
  bucket.in_flight -= bucket.in_flight > 0 ? 1 : 0;
  bucket.used_at = now;
  bucket.period_ms = std::max(bucket.period_ms, report.reset_after_ms);
  // The reset as seen at the answer's arrival is late by its way back: never too early.
  const auto ends = now + report.reset_after_ms + margin_ms(bucket);
  const auto window = report.reset_ms != 0 ? report.reset_ms : ends;
  const auto newer = window > bucket.window + tolerance_ms(bucket);
  const auto older = window < bucket.window - tolerance_ms(bucket);
  bucket.limit = report.limit;
  if (!bucket.known || newer) {
    if (bucket.known && bucket.reset_at == 0) { // we had refilled for it
      bucket.remaining = std::min(bucket.remaining, report.remaining);
    } else { // it began before we expected it: what is under way may count in it
      ++bucket.generation;
      bucket.remaining =
          report.remaining > bucket.in_flight ? report.remaining - bucket.in_flight : 0;
    }
    bucket.known = true;
    bucket.window = window;
    bucket.reset_at = ends;
    return;
  }
  const auto straggler = older || bucket.reset_at == 0;
  if (straggler && generation != bucket.generation) { // it counted in the window before
    bucket.remaining = std::min(bucket.limit, bucket.remaining + 1);
    return;
  }
  if (older && bucket.reset_at != 0)
    return;
  if (older) // sent after our refill, so Discord's clock was set back
    bucket.window = window;
  bucket.remaining = std::min(bucket.remaining, report.remaining);
  bucket.reset_at = bucket.reset_at == 0 ? ends : std::min(bucket.reset_at, ends);
}

void note_silence(rate_bucket& bucket, int64_t now) {
  bucket.in_flight -= bucket.in_flight > 0 ? 1 : 0;
  bucket.used_at = now;
}

} // namespace hearth
