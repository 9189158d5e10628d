#pragma once
// What we tell the service manager. Without one (no NOTIFY_SOCKET) nothing happens. Source:
// sd_notify(3), sd_watchdog_enabled(3).
#include <chrono>
#include <optional>
#include <string>

namespace hearth {

/// The start is complete: the bot is online. `status` is a line for `systemctl status`.
void notify_ready(const std::string& status);
/// A reload began; notify_ready ends it.
void notify_reloading();
void notify_stopping();
/// We are alive.
void notify_watchdog();
/// How often notify_watchdog is expected at the latest; nothing when nobody watches.
std::optional<std::chrono::microseconds> watchdog_interval();

} // namespace hearth
