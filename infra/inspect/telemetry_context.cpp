#include "infra/inspect/telemetry_context.hpp"
#include "infra/inspect/job_board_context.hpp"
#include "infra/inspect/process_counters.hpp"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cxxabi.h>

namespace hearth {
namespace {

constexpr size_t trace_max = 512;

std::string readable(const char* name) {
  if (!name)
    return {};
  if (*name == '@')
    return message_name(name);
  auto status = 0;
  const auto plain = std::unique_ptr<char, decltype(&std::free)>{
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free};
  return message_name(status == 0 ? plain.get() : name);
}

/// Only the actor's own thread writes such a counter: no locked instruction is needed.
void add(std::atomic<uint64_t>& counter, uint64_t more) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
}

} // namespace

/// The last messages of a traced actor.
struct actor_cell::trace_ring {
  struct entry {
    const char* what = nullptr;
    int64_t at_ns = 0, took_ns = 0;
    uint64_t depth = 0;
  };
  std::mutex mutex;
  std::array<entry, trace_max> entries;
  uint64_t count = 0; ///< Written so far; number n is in entries[(n - 1) % trace_max].
};

void actor_cell::ended(const char* what, int64_t now_ns, bool from_mailbox, bool counts) noexcept {
  const auto began = began_ns_.load(std::memory_order_relaxed);
  const auto took = std::max<int64_t>(now_ns - began, 0);
  began_ns_.store(0, std::memory_order_relaxed);
  add(busy_ns_, static_cast<uint64_t>(took));
  if (static_cast<uint64_t>(took) > longest_ns_.load(std::memory_order_relaxed)) {
    longest_ns_.store(static_cast<uint64_t>(took), std::memory_order_relaxed);
    longest_.store(what, std::memory_order_relaxed);
  }
  if (!counts)
    return;
  if (from_mailbox)
    waiting_.fetch_sub(1, std::memory_order_relaxed);
  add(handled_, 1);
  if (now_ns < traced_until_ns_.load(std::memory_order_relaxed))
    note(what, began, took);
}

void actor_cell::note(const char* what, int64_t began_ns, int64_t took_ns) {
  auto* ring = tracing_.load(std::memory_order_acquire);
  if (!ring)
    return;
  const auto waiting = std::max<int64_t>(waiting_.load(std::memory_order_relaxed), 0);
  const auto lock = std::lock_guard{ring->mutex};
  ring->entries[ring->count++ % trace_max] = {what, began_ns, took_ns,
                                              static_cast<uint64_t>(waiting)};
}

telemetry::telemetry()
    : counters_(std::make_unique<process_counters>()), jobs_(std::make_unique<job_board>()) {}

telemetry::~telemetry() = default;

process_counters& unread_counters() noexcept {
  static process_counters nobody_reads;
  return nobody_reads;
}

void telemetry::join(const actor_cell_ptr& cell, uint64_t id, const char* name, guild_id guild) {
  const auto lock = std::lock_guard{mutex_};
  cell->id_ = id;
  cell->name_ = name;
  cell->guild_ = guild;
  const auto died = deaths_at_.find({cell->name_, guild});
  cell->restarts_ = died == deaths_at_.end() ? 0 : died->second;
  cells_[id] = cell;
}

void telemetry::leave(const actor_cell_ptr& cell, bool died) {
  const auto lock = std::lock_guard{mutex_};
  if (cells_.erase(cell->id_) == 0 || !died)
    return;
  ++deaths_;
  ++deaths_at_[{cell->name_, cell->guild_}];
}

std::vector<actor_figures> telemetry::actors() const {
  auto cells = std::vector<actor_cell_ptr>{};
  { // short: actors that start or end wait for it
    const auto lock = std::lock_guard{mutex_};
    cells.reserve(cells_.size());
    for (const auto& [id, cell] : cells_)
      cells.push_back(cell);
  }
  std::sort(cells.begin(), cells.end(),
            [](const auto& a, const auto& b) { return a->id_ < b->id_; });
  const auto read = [](const auto& counter) { return counter.load(std::memory_order_relaxed); };
  const auto positive = [&](const auto& counter) {
    return static_cast<uint64_t>(std::max<int64_t>(read(counter), 0));
  };
  auto names = std::unordered_map<const char*, std::string>{}; // few types, many actors
  const auto name_of = [&](const char* raw) {
    auto& name = names[raw];
    if (name.empty())
      name = readable(raw);
    return name;
  };
  auto all = std::vector<actor_figures>{};
  all.reserve(cells.size());
  for (const auto& cell : cells) {
    auto& one = all.emplace_back();
    one.id = cell->id_;
    one.name = cell->name_;
    one.guild = cell->guild_;
    one.depth = positive(cell->waiting_);
    one.depth_max = positive(cell->depth_max_);
    one.handled = read(cell->handled_);
    one.busy_ns = read(cell->busy_ns_);
    one.longest_ns = read(cell->longest_ns_);
    one.longest_message = name_of(read(cell->longest_));
    one.restarts = cell->restarts_;
    one.stuck_since_ns = read(cell->began_ns_);
    if (one.stuck_since_ns != 0)
      one.handling = name_of(read(cell->handling_));
  }
  return all;
}

std::optional<actor_trace> telemetry::trace(uint64_t actor, uint64_t after,
                                            std::chrono::milliseconds lease) {
  auto ring = std::shared_ptr<actor_cell::trace_ring>{};
  {
    const auto lock = std::lock_guard{mutex_};
    const auto found = cells_.find(actor);
    if (found == cells_.end())
      return std::nullopt;
    auto& cell = *found->second;
    if (!cell.ring_) {
      cell.ring_ = std::make_shared<actor_cell::trace_ring>();
      cell.tracing_.store(cell.ring_.get(), std::memory_order_release);
    }
    ring = cell.ring_;
    const auto until = steady_ns() + std::chrono::nanoseconds{lease}.count();
    cell.traced_until_ns_.store(std::max(until, cell.traced_until_ns_.load()),
                                std::memory_order_relaxed);
  }
  auto seen = actor_trace{};
  const auto lock = std::lock_guard{ring->mutex};
  const auto oldest = ring->count > trace_max ? ring->count - trace_max : 0; // number before it
  const auto from = std::max(std::min(after, ring->count), oldest);
  seen.lost = after < oldest ? oldest - after : 0;
  seen.next = ring->count;
  for (auto number = from + 1; number <= ring->count; ++number) {
    const auto& entry = ring->entries[(number - 1) % trace_max];
    seen.messages.push_back(
        {number, entry.at_ns, entry.took_ns, entry.depth, readable(entry.what)});
  }
  return seen;
}

} // namespace hearth
