#pragma once
// How those who are older than root reach it.
#include "messages/root.hpp"
#include <caf/send.hpp>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace hearth {

/// The way to root for those who are older than it.
class root_line {
public:
  void lead_to(root_actor root) {
    const auto lock = std::lock_guard{mutex_};
    root_ = std::move(root);
    if (root_ && early_)
      caf::anon_send(root_, *std::exchange(early_, std::nullopt));
  }
  template <class What> void tell(What what) {
    const auto lock = std::lock_guard{mutex_};
    if (root_)
      caf::anon_send(root_, std::move(what));
    else if constexpr (std::is_same_v<What, fatal>)
      early_ = std::move(what); // a guild's wants cannot be: root makes the guilds
  }

private:
  std::mutex mutex_;
  root_actor root_;
  std::optional<fatal> early_; ///< Said before root was there.
};

} // namespace hearth
