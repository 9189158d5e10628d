#include "infra/sound/sound_list_thread.hpp"
#include <utility>

namespace hearth::sound {

sound_list::sound_list(std::function<names()> look, std::function<int64_t()> now_ms,
                       int64_t fresh_ms)
    : look_(std::move(look)), now_ms_(std::move(now_ms)), fresh_ms_(fresh_ms), due_ms_(now_ms_()) {}

sound_list::~sound_list() {
  if (thread_.joinable())
    thread_.join();
}

std::shared_ptr<const sound_list::names> sound_list::known() {
  const auto now_ms = now_ms_();
  const auto held = std::lock_guard(lock_);
  if (looking_ || now_ms < due_ms_)
    return known_;
  if (thread_.joinable())
    thread_.join(); // it has said its last word
  looking_ = true;
  due_ms_ = now_ms + fresh_ms_;
  thread_ = std::thread([this] { run(); });
  return known_;
}

void sound_list::run() {
  auto seen = std::make_shared<const names>(look_());
  const auto held = std::lock_guard(lock_);
  known_ = std::move(seen);
  looking_ = false;
}

} // namespace hearth::sound
