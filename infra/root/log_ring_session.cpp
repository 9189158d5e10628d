#include "infra/root/log_ring_session.hpp"
#include "infra/root/redact.hpp"
#include <algorithm>
#include <chrono>

namespace hearth {
namespace {

/// Cuts at a character's border.
void shorten(std::string& text, size_t bytes_max) {
  if (text.size() <= bytes_max)
    return;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0U) == 0x80U)
    --bytes_max;
  text.resize(bytes_max);
  text += "...";
}

} // namespace

void log_ring::sink_it_(const spdlog::details::log_msg& message) {
  using namespace std::chrono;
  auto line = log_line{};
  line.number = ++last_;
  line.at_ms = duration_cast<milliseconds>(message.time.time_since_epoch()).count();
  const auto level = spdlog::level::to_string_view(message.level);
  line.level.assign(level.data(), level.size());
  line.text = redact({message.payload.data(), message.payload.size()}, secrets_);
  shorten(line.text, limits_.line_bytes_max);
  if (message.level >= spdlog::level::warn) {
    errors_.push_back(line);
    if (errors_.size() > limits_.errors_max)
      errors_.pop_front();
  }
  lines_.push_back(std::move(line));
  if (lines_.size() > limits_.lines_max)
    lines_.pop_front();
}

log_page log_ring::lines(uint64_t after, size_t lines_max) {
  const auto lock = std::lock_guard{mutex_};
  auto page = log_page{};
  if (lines_.empty())
    return page;
  auto from = lines_.begin();
  if (after > 0) {
    from = std::upper_bound(
        lines_.begin(), lines_.end(), after,
        [](uint64_t number, const log_line& line) { return number < line.number; });
    page.lost = lines_.front().number > after + 1 ? lines_.front().number - after - 1 : 0;
  } else if (lines_.size() > lines_max) {
    from = lines_.end() - static_cast<std::ptrdiff_t>(lines_max);
  }
  const auto count = std::min(lines_max, static_cast<size_t>(lines_.end() - from));
  page.lines.assign(from, from + static_cast<std::ptrdiff_t>(count));
  return page;
}

std::vector<log_line> log_ring::errors() {
  const auto lock = std::lock_guard{mutex_};
  return {errors_.begin(), errors_.end()};
}

} // namespace hearth
