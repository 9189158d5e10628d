#pragma once
// How those who are older than root reach it.
#include "messages/root.hpp"
#include <caf/send.hpp>
#include <mutex>
#include <utility>

namespace hearth {

/// The way to root for those who are older than it.
class fatal_line {
public:
  void lead_to(root_actor root) {
    const auto lock = std::lock_guard{mutex_};
    root_ = std::move(root);
    if (root_ && early_)
      caf::anon_send(root_, *std::exchange(early_, std::nullopt));
  }
  void tell(fatal what) {
    const auto lock = std::lock_guard{mutex_};
    if (root_)
      caf::anon_send(root_, std::move(what));
    else
      early_ = std::move(what);
  }

private:
  std::mutex mutex_;
  root_actor root_;
  std::optional<fatal> early_; ///< Said before root was there.
};

} // namespace hearth
