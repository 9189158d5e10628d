#pragma once
// Everything by which a daemon is watched from outside: the metrics port, alerts, uptime.
#include "actors/inspect/watcher.hpp"
#include "infra/inspect/snapshot_context.hpp"
#include "infra/root/asio_context.hpp"
#include "infra/settings/secret.hpp"
#include "infra/settings/settings.hpp"
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hearth {

struct monitoring_parts {
  const telemetry* counted = nullptr;
  const store_counters* store = nullptr;
  std::string data_folder;
  std::string version;
  /// The settings in force; from any thread.
  std::function<std::shared_ptr<const settings>()> says;
  secret alert_webhook, uptime_push;
};

/// Owned by the daemon: made after the actor system and the store, destroyed before them, when no
/// actor is left.
class monitoring {
public:
  explicit monitoring(monitoring_parts parts);
  ~monitoring();
  monitoring(const monitoring&) = delete;
  monitoring& operator=(const monitoring&) = delete;

  /// Opens the port, on a thread of its own: it answers whatever else is stuck. A port that cannot
  /// be had is logged; the daemon goes on.
  void listen(caf::actor_system& system);
  /// The port in use; 0: none.
  uint16_t port() const noexcept;
  /// Starts the watcher and who calls addresses outside. In the order in which they are to stop.
  std::vector<std::pair<std::string, caf::strong_actor_ptr>>
  spawn(caf::actor_system& system, asio_context& rest_io, const rest_actor& rest);

  /// Where figures come from: for status pages.
  const daemon_sources& sources() const noexcept { return sources_; }
  alert_limits limits() const;

private:
  watch_plan plan() const;

  monitoring_parts parts_;
  alert_board alerts_;
  daemon_sources sources_;
  std::unique_ptr<asio_context> io_;
  std::unique_ptr<metrics_server> server_; ///< Destroyed before its thread.
};

} // namespace hearth
