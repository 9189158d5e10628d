#include "infra/gateway/send_window.hpp"

namespace hearth {

void send_window::forget(int64_t now_ms) {
  while (!sent_ms_.empty() && sent_ms_.front() + limits_.window_ms <= now_ms)
    sent_ms_.pop_front();
  while (!presence_ms_.empty() && presence_ms_.front() + limits_.presence_window_ms <= now_ms)
    presence_ms_.pop_front();
}

void send_window::sent_urgent(int64_t now_ms) {
  forget(now_ms);
  sent_ms_.push_back(now_ms);
}

std::optional<int64_t> send_window::take(int64_t now_ms, bool presence) {
  forget(now_ms);
  const auto room = size_t{limits_.payloads_max - limits_.reserve};
  if (sent_ms_.size() >= room)
    return sent_ms_[sent_ms_.size() - room] + limits_.window_ms - now_ms;
  if (presence && presence_ms_.size() >= limits_.presences_max)
    return presence_ms_.front() + limits_.presence_window_ms - now_ms;
  sent_ms_.push_back(now_ms);
  if (presence)
    presence_ms_.push_back(now_ms);
  return std::nullopt;
}

} // namespace hearth
