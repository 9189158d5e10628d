#pragma once
// All of Discord's limits in one place: which request may leave when. Pure: requests are numbers,
// time is steady milliseconds given by the caller. Source: discord-api 2.3, 7, 15.4.
//
// A request waits in a lane (route and major id). It leaves when its lane, every bucket its route
// may count in, the global limit and the freezes allow it. Priorities decide between lanes; in a
// lane the order stays, and writes to the same path go one after the other.
#include "infra/rest/bucket_names.hpp"
#include "infra/rest/limit_headers.hpp"
#include "infra/rest/rate_bucket.hpp"
#include "infra/rest/route.hpp"
#include "messages/inspect.hpp"
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hearth {

/// Bounds and Discord's global figures.
struct gate_limits {
  uint32_t global_max = 50; ///< Requests of `global_window_ms`.
  int64_t global_window_ms = 1'000;
  int64_t global_margin_ms = 5;
  uint32_t waiting_max = 5'000;          ///< background may fill 80 %, member 90 %, callbacks all.
  uint32_t lane_waiting_max = 500;       ///< In one lane.
  uint32_t in_flight_max = 32;           ///< Callbacks apart.
  uint32_t unlimited_in_flight_max = 8;  ///< Of one lane whose route has no limit.
  uint32_t invalid_max = 2'000;          ///< 401, 403, 429 in `invalid_window_ms`: others wait.
  uint32_t invalid_callback_max = 6'000; ///< As above: callbacks wait as well.
  int64_t invalid_window_ms = 600'000;
  uint32_t forbidden_free = 3;        ///< 403 in a row that a lane may have before it slows down.
  int64_t forbidden_ms_max = 30'000;  ///< Longest pause between tries of such a lane.
  int64_t cloudflare_ms_min = 60'000; ///< Freeze when Cloudflare names no time.
  int64_t route_idle_ms_max =
      int64_t{24} * 3'600'000;            ///< A route's hashes are forgotten after this.
  int64_t hash_idle_ms_max = 3'600'000;   ///< One of several hashes of a route.
  int64_t bucket_idle_ms_max = 3'600'000; ///< After its window.
};

/// Why a request was not taken.
enum class gate_refusal : uint8_t { queue_full, unauthorized };

/// What happened since the last call.
struct gate_step {
  std::vector<uint64_t> send;     ///< These leave now, in this order.
  std::vector<uint64_t> expired;  ///< Their deadline passed in the queue; forgotten.
  std::optional<int64_t> wake_ms; ///< When to call again at the latest.
};

/// See the top of the file. Not thread safe.
class rate_gate {
public:
  explicit rate_gate(gate_limits limits = {}) : limits_(limits) {}

  /// Queues request `id` (unique, chosen by the caller).
  /// @param deadline_ms Steady time after which sending it is of no use.
  std::optional<gate_refusal> offer(uint64_t id, route where, rest_priority priority,
                                    int64_t deadline_ms);
  /// What may leave now. To be called after every other call, and at `wake_ms`.
  gate_step advance(int64_t now);
  /// An HTTP answer to `id`, which was sent. Returns how long requests of its lane are now held
  /// back by a refusal (429), 0 when they are not. `id` stays known until `finish` or `again`.
  int64_t answered(uint64_t id, uint16_t status, const limit_report& report, int64_t now);
  /// `id` was sent and got no HTTP answer.
  void lost(uint64_t id, int64_t now);
  /// `id` is over.
  void finish(uint64_t id);
  /// `id` goes again, first of its lane, which waits until `not_before_ms`.
  void again(uint64_t id, int64_t not_before_ms);
  /// The bot's token was refused: nothing leaves or is taken any more. Returns all that waited.
  std::vector<uint64_t> stop();

  uint32_t waiting() const noexcept { return waiting_; }
  uint32_t in_flight() const noexcept { return in_flight_ + callbacks_in_flight_; }
  uint32_t buckets() const noexcept { return static_cast<uint32_t>(buckets_.size()); }
  /// 401, 403 and 429 answers that count against us, within the window.
  uint32_t invalid(int64_t now);
  /// Everything as it is now, busiest first; tokens are left out. For operators (gate_view.cpp).
  gate_list look(int64_t now) const;

private:
  struct lane;
  struct request {
    lane* where = nullptr;
    rest_priority priority = rest_priority::background;
    uint64_t order = 0; ///< Of arrival.
    int64_t deadline_ms = 0;
    uint64_t path = 0;   ///< Hash of route::ordered; 0 = none.
    bool exempt = false; ///< From the global limit.
    bool sent = false;
    int64_t sent_at = 0;
    std::vector<std::pair<std::string, uint32_t>> taken; ///< Buckets and their generations.
  };
  struct lane {
    std::string route;
    std::string major;
    bool by_token = false;
    bool active = false;                         ///< In active_.
    std::array<std::vector<uint64_t>, 3> queues; ///< By priority; short, and mostly empty.
    std::vector<uint64_t> busy;                  ///< Paths of writes under way.
    uint32_t members = 0;                        ///< Requests that point here.
    uint32_t in_flight = 0;
    int64_t held_until = 0; ///< Retry waits, sub-limits, shared limits.
    int64_t used_at = 0;
    uint32_t forbidden = 0; ///< 403 answers in a row: the right is missing there.
  };
  struct route_facts {
    std::vector<std::pair<std::string, int64_t>> hashes; ///< Newest first, and when last seen.
    bool unlimited = false;                              ///< An answer carried no limits.
    int64_t used_at = 0;
  };

  struct held_bucket : rate_bucket {
    bool by_token = false; ///< Of one interaction or webhook token: soon of no use.
  };

  static std::string bucket_key(const std::string& hash, const std::string& major);
  static std::optional<uint64_t> head(const lane& from);
  bool has_room(const lane& into, rest_priority priority) const;
  void forget(uint64_t id);
  void enqueue(uint64_t id, request& what, bool at_front);
  void dequeue(uint64_t id, request& what);
  int64_t may_leave_at(lane& from, const request& what, int64_t now);
  int64_t buckets_allow_at(lane& from, int64_t now);
  held_bucket& bucket_of(const lane& from, const std::string& hash, bool has_known_sibling);
  int64_t global_allows_at(int64_t now);
  int64_t freezes_end(const request& what, int64_t now);
  void leave(uint64_t id, request& what, int64_t now);
  void landed(request& what, int64_t now);
  void settle_buckets(request& what, const limit_report& report, const std::string& hash,
                      int64_t now);
  void note_forbidden(lane& where, uint16_t status, int64_t now);
  int64_t hold_after_refusal(request& what, const limit_report& report, int64_t now);
  void learn(const std::string& route, const std::string& hash, int64_t now);
  void count_in(const std::string& route, const std::string& hash, int64_t now);
  void expire(gate_step& step, int64_t now);
  void sweep(int64_t now);

  gate_limits limits_;
  std::unordered_map<uint64_t, request> requests_;
  std::map<std::pair<std::string, std::string>, lane> lanes_; ///< By route and major.
  std::unordered_map<std::string, route_facts> routes_;
  std::unordered_map<std::string, held_bucket> buckets_; ///< By hash and major.
  bucket_names names_;
  std::vector<lane*> active_;                        ///< Those that hold requests.
  std::set<std::pair<int64_t, uint64_t>> deadlines_; ///< Of those that wait.
  std::deque<int64_t> global_log_; ///< When the last ones were answered; under way ones apart.
  std::deque<std::pair<int64_t, uint32_t>> invalid_log_; ///< Seconds and counts.
  uint32_t invalid_ = 0;
  uint64_t next_order_ = 1;
  uint32_t waiting_ = 0;
  uint32_t in_flight_ = 0, callbacks_in_flight_ = 0;
  uint32_t global_in_flight_ = 0;
  int64_t global_until_ = 0; ///< Told by a global 429.
  int64_t frozen_until_ = 0; ///< Told by Cloudflare.
  int64_t sweep_at_ = 0;
  bool stopped_ = false;
};

} // namespace hearth
