#pragma once
// How much is on its way to somebody who may be slow: mailboxes have no bound of their own. The
// sender takes a credit that travels with the message; whoever lets go of the message gives it
// back. Pure: counters only.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace hearth {

/// What several windows have under way together.
struct flow_total {
  std::atomic<size_t> under_way{0};
};

/// One way from one sender to one receiver. The sender alone calls it; credits may be let go by any
/// thread, and may outlive the window.
class flow_window {
public:
  using credit = std::shared_ptr<const void>;

  /// @param max Items under way at once.
  /// @param total Counted there as well; may be null.
  explicit flow_window(size_t max, std::shared_ptr<flow_total> total = nullptr)
      : max_(max), counts_(std::make_shared<counts>(std::move(total))) {}

  size_t under_way() const noexcept { return counts_->here.load(std::memory_order_relaxed); }
  /// Items that may still be sent.
  size_t room() const noexcept {
    const auto now = under_way();
    return now < max_ ? max_ - now : 0;
  }
  /// Counts `count` items until the last copy of the result is let go. Asking for room first is the
  /// sender's business: what cannot be divided or must not wait may overdraw.
  credit take(size_t count) const {
    counts_->add(count);
    return {nullptr, [kept = counts_, count](const void*) { kept->remove(count); }};
  }

private:
  struct counts {
    explicit counts(std::shared_ptr<flow_total> all) : total(std::move(all)) {}
    void add(size_t count) noexcept {
      here.fetch_add(count, std::memory_order_relaxed);
      if (total)
        total->under_way.fetch_add(count, std::memory_order_relaxed);
    }
    void remove(size_t count) noexcept {
      here.fetch_sub(count, std::memory_order_relaxed);
      if (total)
        total->under_way.fetch_sub(count, std::memory_order_relaxed);
    }
    std::atomic<size_t> here{0};
    std::shared_ptr<flow_total> total;
  };

  size_t max_;
  std::shared_ptr<counts> counts_;
};

} // namespace hearth
