#include "actors/inspect/monitoring.hpp"
#include "actors/inspect/outside_caller.hpp"
#include "infra/gateway/websocket_url.hpp"
#include <caf/actor_cast.hpp>
#include <chrono>
#include <spdlog/spdlog.h>

namespace hearth {

monitoring::monitoring(monitoring_parts parts) : parts_(std::move(parts)) {
  sources_.counted = parts_.counted;
  sources_.store = parts_.store;
  sources_.alerts = &alerts_;
  sources_.data_folder = parts_.data_folder;
  sources_.version = parts_.version;
  sources_.profile = parts_.says()->profile;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  sources_.started_unix = std::chrono::duration<double>(now).count();
}

monitoring::~monitoring() {
  server_.reset();
  io_.reset();
}

void monitoring::listen(caf::actor_system& system) {
  const auto says = parts_.says();
  const auto& [port, address] = says->metrics;
  if (port == 0)
    return;
  io_ = std::make_unique<asio_context>(system, "metrics");
  try {
    server_ = std::make_unique<metrics_server>(
        io_->ioc(), address, static_cast<uint16_t>(port),
        [this](const std::string& path) { return page_of(path, sources_, limits()); });
  } catch (const std::exception& error) {
    spdlog::error("metrics: cannot listen on {} port {}: {}", address, port, error.what());
    io_.reset();
    return;
  }
  spdlog::info("metrics: http://{}:{}/metrics",
               address.find(':') == std::string::npos ? address : "[" + address + "]",
               server_->port());
  if (!is_loopback_host(address))
    spdlog::warn("metrics: whoever reaches {} reads them, without a password", address);
}

uint16_t monitoring::port() const noexcept { return server_ ? server_->port() : 0; }

alert_limits monitoring::limits() const {
  const auto says = parts_.says();
  auto limits = alert_limits{};
  limits.gateway_away_ms = says->alerts.gateway_minutes * 60'000;
  limits.stuck_ms = says->alerts.stuck_seconds * 1'000;
  limits.disk_free_bytes = static_cast<uint64_t>(says->alerts.disk_free_megabytes) * 1'000'000;
  limits.temperature_c = static_cast<double>(says->alerts.temperature_celsius);
  return limits;
}

watch_plan monitoring::plan() const {
  const auto says = parts_.says();
  auto plan = watch_plan{};
  plan.limits = limits();
  plan.channel = parse_id<channel_id>(says->alerts.channel).value_or(channel_id{});
  plan.webhook = !parts_.alert_webhook.empty();
  plan.uptime = !parts_.uptime_push.empty();
  plan.uptime_period = std::chrono::seconds{says->uptime.period_seconds};
  return plan;
}

std::vector<std::pair<std::string, caf::strong_actor_ptr>>
monitoring::spawn(caf::actor_system& system, asio_context& rest_io, const rest_actor& rest) {
  const auto outside = outside_actor{system.spawn<outside_caller>(
      std::ref(rest_io), outside_addresses{parts_.alert_webhook, parts_.uptime_push})};
  auto parts = watcher_parts{};
  parts.look = [this] { return facts_of(sources_); };
  parts.plan = [this] { return plan(); };
  parts.rest = rest;
  parts.outside = outside;
  parts.board = &alerts_;
  const auto watch = watcher_actor{system.spawn<watcher>(std::move(parts))};
  return {{"watcher", caf::actor_cast<caf::strong_actor_ptr>(watch)},
          {"outside caller", caf::actor_cast<caf::strong_actor_ptr>(outside)}};
}

} // namespace hearth
