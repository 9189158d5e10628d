#pragma once
// The settings in force, shared by all threads.
#include "infra/settings/settings.hpp"
#include <memory>
#include <mutex>
#include <utility>

namespace hearth {

/// The settings in force; read by actors on any thread, replaced by a reload.
class current_settings {
public:
  explicit current_settings(settings first)
      : value_(std::make_shared<const settings>(std::move(first))) {}
  std::shared_ptr<const settings> get() const {
    const auto lock = std::lock_guard{mutex_};
    return value_;
  }
  void set(settings next) {
    auto fresh = std::make_shared<const settings>(std::move(next));
    const auto lock = std::lock_guard{mutex_};
    value_ = std::move(fresh);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const settings> value_;
};

} // namespace hearth
