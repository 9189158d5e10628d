#pragma once
// Counters of every actor of the process, readable from any thread while the actors run.
//
// There is one `telemetry` per process; the daemon owns it and gives it to its actor systems by
// their configuration (telemetry_owner). Every actor is made of `instrumented<...>`
// (instrumented_context.hpp), which looks it up there: so no constructor hands it on, tests make
// systems without one, and there is no global.
#include "infra/inspect/actor_figures.hpp"
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace hearth {

class job_board;         // job_board_context.hpp
struct process_counters; // process_counters.hpp

/// The clock of all figures: CLOCK_MONOTONIC, nanoseconds.
inline int64_t steady_ns() noexcept {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

/// The figures of one actor. Senders write the first cache line, the actor's own thread the second;
/// anybody may read. Names are static strings: mangled, or beginning with '@'.
class actor_cell {
public:
  /// A message arrived. Called by any thread.
  void enqueued() noexcept {
    const auto depth = waiting_.fetch_add(1, std::memory_order_relaxed) + 1;
    auto most = depth_max_.load(std::memory_order_relaxed);
    while (depth > most &&
           !depth_max_.compare_exchange_weak(most, depth, std::memory_order_relaxed)) {
    }
  }
  /// A handler begins. Handlers of an actor do not nest.
  void began(const char* what, int64_t now_ns) noexcept {
    handling_.store(what, std::memory_order_relaxed);
    began_ns_.store(now_ns, std::memory_order_relaxed);
  }
  /// It ended. `from_mailbox`: one message less waits. `counts` is false for a message that was put
  /// back.
  void ended(const char* what, int64_t now_ns, bool from_mailbox, bool counts) noexcept;

private:
  friend class telemetry;
  struct trace_ring;
  void note(const char* what, int64_t began_ns, int64_t took_ns);

  alignas(64) std::atomic<int64_t> waiting_{0};
  std::atomic<int64_t> depth_max_{0};
  alignas(64) std::atomic<int64_t> began_ns_{0};
  std::atomic<uint64_t> handled_{0}, busy_ns_{0}, longest_ns_{0};
  std::atomic<const char*> handling_{nullptr}, longest_{nullptr};
  std::atomic<int64_t> traced_until_ns_{0};
  // Set before others know the cell.
  uint64_t id_ = 0;
  std::string name_;
  guild_id guild_;
  uint32_t restarts_ = 0;
  std::shared_ptr<trace_ring> ring_; ///< Guarded by the owner's mutex; made by the first trace.
  std::atomic<trace_ring*> tracing_{nullptr};
};
using actor_cell_ptr = std::shared_ptr<actor_cell>;

/// The registry of the process. Safe to use from any thread; reading disturbs no actor.
class telemetry {
public:
  telemetry();
  ~telemetry();
  telemetry(const telemetry&) = delete;
  telemetry& operator=(const telemetry&) = delete;

  /// An actor starts.
  void join(const actor_cell_ptr& cell, uint64_t id, const char* name, guild_id guild);
  /// It ended; `died`: not in order. The next of its name and guild counts as a restart.
  void leave(const actor_cell_ptr& cell, bool died);

  /// All actors that live, in the order of their start.
  std::vector<actor_figures> actors() const;
  /// Actors that died since the start (exceptions, kills, lost neighbours).
  uint64_t deaths() const noexcept { return deaths_.load(std::memory_order_relaxed); }

  /// What an actor handled since `after` (0 at first), and keeps it watching for `lease` from now:
  /// who no longer asks costs nothing soon. At most the last 512 are kept. nullopt: no such actor.
  std::optional<actor_trace> trace(uint64_t actor, uint64_t after,
                                   std::chrono::milliseconds lease = std::chrono::seconds{5});

  /// What the process counts besides; written where it happens.
  process_counters& counters() noexcept { return *counters_; }
  const process_counters& counters() const noexcept { return *counters_; }
  /// Which jobs there are and what became of them; written by the clock.
  job_board& jobs() noexcept { return *jobs_; }
  const job_board& jobs() const noexcept { return *jobs_; }

private:
  using place = std::pair<std::string, guild_id>; ///< What a restarted actor has in common.
  struct place_hash {
    size_t operator()(const place& p) const noexcept {
      return std::hash<std::string>{}(p.first) ^ std::hash<guild_id>{}(p.second);
    }
  };
  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, actor_cell_ptr> cells_;
  std::unordered_map<place, uint32_t, place_hash> deaths_at_; ///< Only places where one died.
  std::atomic<uint64_t> deaths_{0};
  const std::unique_ptr<process_counters> counters_;
  const std::unique_ptr<job_board> jobs_;
};

/// Where actors of a system without a telemetry count.
process_counters& unread_counters() noexcept;

/// Mixed into the configuration of every actor system whose actors are to be counted.
struct telemetry_owner {
  telemetry* figures = nullptr; ///< Must outlive the system; null: nothing is counted.
  virtual ~telemetry_owner() = default;
};

} // namespace hearth
