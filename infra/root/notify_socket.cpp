#include "infra/root/notify_socket.hpp"
#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace hearth {
namespace {

// The manager being away is no reason to stop: the results are ignored on purpose.
void tell(const std::string& state) { static_cast<void>(::sd_notify(0, state.c_str())); }

/// A line break would begin another assignment.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

} // namespace

void notify_ready(const std::string& status) {
  tell(fmt::format("READY=1\nSTATUS={}", one_line(status)));
}

void notify_reloading() {
  auto now = timespec{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto us =
      static_cast<uint64_t>(now.tv_sec) * 1'000'000 + static_cast<uint64_t>(now.tv_nsec) / 1'000;
  tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", us)); // asked for by Type=notify-reload
}

void notify_stopping() { tell("STOPPING=1"); }
void notify_watchdog() { tell("WATCHDOG=1"); }

std::optional<std::chrono::microseconds> watchdog_interval() {
  auto us = uint64_t{0};
  if (::sd_watchdog_enabled(0, &us) <= 0)
    return std::nullopt;
  return std::chrono::microseconds{us};
}

} // namespace hearth
