#pragma once
// One moment of the daemon, put together from counters that anybody may read: for /metrics and
// status pages, for alerts and health checks. Asks no actor anything.
#include "infra/inspect/alert_rules.hpp"
#include "infra/inspect/metric_table.hpp"
#include "infra/inspect/metrics_server.hpp"
#include "infra/inspect/process_counters.hpp"
#include "infra/inspect/telemetry_context.hpp"
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace hearth {

struct store_counters;

/// Alerts that stand and how telling them went: written by the watcher, read by anybody.
class alert_board {
public:
  void set(std::vector<std::string> standing) {
    const auto lock = std::lock_guard{mutex_};
    standing_ = std::move(standing);
  }
  std::vector<std::string> standing() const {
    const auto lock = std::lock_guard{mutex_};
    return standing_;
  }
  shared_counter log, channel, webhook, uptime;                 ///< Told.
  shared_counter channel_failed, webhook_failed, uptime_failed; ///< Tries that failed.

private:
  mutable std::mutex mutex_;
  std::vector<std::string> standing_;
};

/// Where the numbers come from; all of it must outlive who uses it.
struct daemon_sources {
  const telemetry* counted = nullptr;
  const store_counters* store = nullptr;
  const alert_board* alerts = nullptr;
  std::string data_folder;
  std::string version, profile;
  double started_unix = 0; ///< Seconds.
};

/// Every metric there is a value for. From any thread; 0.2 ms with 2000 actors (io_tests
/// "[.cost]").
metric_page metrics_of(const daemon_sources& from);
/// What alerts and health checks go by. From any thread.
health_facts facts_of(const daemon_sources& from);

/// The pages of the metrics port: /metrics; /healthz: 200 while no actor is stuck, else 503 and
/// which; /readyz: 200 while the gateway's session stands and the store takes writes.
monitor_page page_of(const std::string& path, const daemon_sources& from,
                     const alert_limits& limits);

} // namespace hearth
