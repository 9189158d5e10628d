#pragma once
// A histogram that many threads may fill and anybody may read. No locks.
#include "infra/inspect/metric_table.hpp"
#include <array>
#include <atomic>

namespace hearth {

/// `Count` upper bounds, ascending, as whole numbers of a unit (microseconds, writes); `Scale`
/// units make one of the metric's (1'000'000 for seconds).
template <size_t Count, uint64_t Scale> class histogram {
public:
  constexpr explicit histogram(std::array<uint64_t, Count> bounds) : bounds_(bounds) {}
  /// @param times As if called so often.
  void observe(uint64_t value, uint64_t times = 1) noexcept {
    auto at = size_t{0};
    while (at < Count && value > bounds_[at])
      ++at;
    counts_[at].fetch_add(times, std::memory_order_relaxed);
    sum_.fetch_add(value * times, std::memory_order_relaxed);
  }
  histogram_figures figures() const {
    auto now = histogram_figures{};
    for (const auto bound : bounds_)
      now.bounds.push_back(static_cast<double>(bound) / static_cast<double>(Scale));
    for (const auto& count : counts_)
      now.counts.push_back(count.load(std::memory_order_relaxed));
    now.sum =
        static_cast<double>(sum_.load(std::memory_order_relaxed)) / static_cast<double>(Scale);
    return now;
  }

private:
  const std::array<uint64_t, Count> bounds_;
  std::array<std::atomic<uint64_t>, Count + 1> counts_{};
  std::atomic<uint64_t> sum_{0};
};

} // namespace hearth
