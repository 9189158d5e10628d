#pragma once
// What the daemon counts besides its actors. Each number is written where it happens and may be
// read by anybody; no locks. Pure.
#include "infra/gateway/event_kind.hpp"
#include "infra/inspect/histogram.hpp"
#include "infra/voice/voice_counters.hpp"
#include <array>
#include <atomic>
#include <cstdint>

namespace hearth {

/// A number with one writing thread (a plain store, not a locked instruction).
class counter {
public:
  void add(uint64_t more = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }
  void set(uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<uint64_t> value_{0};
};

/// A number that several threads write.
class shared_counter {
public:
  void add(uint64_t more = 1) noexcept { value_.fetch_add(more, std::memory_order_relaxed); }
  uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<uint64_t> value_{0};
};

/// Of one shard; written on the I/O thread. What was received and neither dropped nor
/// forwarded kept the session or the cache up.
struct gateway_counters {
  std::array<counter, event_kind_count> received, dropped, forwarded;
  counter undecodable, expired, connections, identifies, resumes, guilds;
  counter shed, merged;                   ///< Events of guilds that were behind.
  counter busy;                           ///< Interactions that their guild did not take.
  counter outgoing_dropped;               ///< Payloads to Discord without room.
  counter under_way;                      ///< Events at guilds, as of the last read.
  std::atomic<int64_t> latency_ms{-1};    ///< -1 before the first ACK.
  std::atomic<int64_t> away_since_ms{0};  ///< steady ms since the session is not ready; 0: it is.
  std::atomic<const char*> phase{"idle"}; ///< Name of the session's phase.
};

/// How requests end.
enum class rest_outcome : uint8_t {
  ok,           ///< 2xx.
  client_error, ///< Other 4xx.
  unauthorized, ///< 401 of the bot's token.
  forbidden,    ///< 403.
  not_found,    ///< 404.
  limited,      ///< 429 to the end.
  server_error, ///< 5xx to the end.
  unreachable,  ///< No HTTP answer.
  deadline,     ///< Its time was over in the queue.
  refused,      ///< Too many waited, or the path made no sense.
};
constexpr auto rest_outcome_names =
    std::array{"ok",      "client_error", "unauthorized", "forbidden", "not_found",
               "limited", "server_error", "unreachable",  "deadline",  "refused"};
constexpr rest_outcome outcome_of(uint16_t status) noexcept {
  return status < 400    ? rest_outcome::ok
         : status == 401 ? rest_outcome::unauthorized
         : status == 403 ? rest_outcome::forbidden
         : status == 404 ? rest_outcome::not_found
         : status == 429 ? rest_outcome::limited
         : status < 500  ? rest_outcome::client_error
                         : rest_outcome::server_error;
}

/// Written on the I/O thread.
struct rest_counters {
  std::array<counter, rest_outcome_names.size()> ended;
  counter sent, retried, limited_429, waiting, buckets, invalid;
  std::atomic<bool> unauthorized{false}; ///< Discord refused the token: the world has stopped.
  void note(rest_outcome outcome) noexcept { ended[static_cast<size_t>(outcome)].add(); }
};

/// Written by all guilds.
struct interaction_counters {
  static constexpr size_t kinds = 6;    ///< Of interaction_kind's numbers, 0..5.
  static constexpr size_t outcomes = 6; ///< Of interaction_outcome's.
  std::array<shared_counter, kinds> received;
  std::array<shared_counter, outcomes> ended;
  shared_counter deferred;
  /// Microseconds.
  histogram<11, 1'000'000> to_callback{{2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000,
                                        500'000, 1'000'000, 2'000'000, 3'000'000}};
};

/// What became of signed HTTP requests. Written on the I/O thread.
struct endpoint_counters {
  counter passed_on;   ///< Interactions given to the shard.
  counter pings;       ///< Answered.
  counter refused;     ///< 401: forged, stale or without a signature.
  counter malformed;   ///< Signed, but no interaction.
  counter unserved;    ///< 503: there was no shard.
  counter turned_away; ///< Connections over the bound, as of the last request.
};

struct process_counters {
  gateway_counters gateway; ///< Shard 0: a process has one.
  rest_counters rest;
  interaction_counters interactions;
  voice::voice_counters voice;
  endpoint_counters endpoint;
};

} // namespace hearth
