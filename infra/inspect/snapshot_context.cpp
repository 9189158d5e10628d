#include "infra/inspect/snapshot_context.hpp"
#include "infra/inspect/host_process.hpp"
#include "infra/inspect/job_board_context.hpp"
#include "infra/interactions/open_interaction.hpp"
#include "infra/store/store_context.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace hearth {
namespace {

double seconds(int64_t ns) { return static_cast<double>(ns) / 1e9; }
double real(uint64_t value) { return static_cast<double>(value); }

/// All actors of one class.
struct class_totals {
  uint64_t instances = 0, handled = 0, busy_ns = 0, longest_ns = 0, depth = 0, depth_max = 0,
           restarts = 0;
  int64_t running_ns = 0;
};

void add_actors(metric_page& page, const telemetry& counted) {
  const auto now = steady_ns();
  auto classes = std::map<std::string, class_totals>{};
  auto store_waiting = uint64_t{0};
  for (const auto& one : counted.actors()) {
    auto& all = classes[one.name];
    ++all.instances;
    all.handled += one.handled;
    all.busy_ns += one.busy_ns;
    all.longest_ns = std::max(all.longest_ns, one.longest_ns);
    all.depth += one.depth;
    all.depth_max = std::max(all.depth_max, one.depth_max);
    all.restarts += one.restarts;
    if (one.stuck_since_ns != 0)
      all.running_ns = std::max(all.running_ns, now - one.stuck_since_ns);
    if (one.name.size() > 6 && one.name.compare(one.name.size() - 6, 6, "_store") == 0)
      store_waiting += one.depth;
  }
  for (const auto& [name, all] : classes) {
    page.add(metric::actor_instances, real(all.instances), name);
    page.add(metric::actor_messages, real(all.handled), name);
    page.add(metric::actor_busy, seconds(static_cast<int64_t>(all.busy_ns)), name);
    page.add(metric::actor_longest, seconds(static_cast<int64_t>(all.longest_ns)), name);
    page.add(metric::actor_depth, real(all.depth), name);
    page.add(metric::actor_depth_max, real(all.depth_max), name);
    page.add(metric::actor_restarts, real(all.restarts), name);
    page.add(metric::actor_stuck, seconds(all.running_ns), name);
  }
  page.add(metric::actor_deaths, real(counted.deaths()));
  page.add(metric::store_waiting, real(store_waiting));
}

void add_gateway(metric_page& page, const gateway_counters& from) {
  constexpr auto shard = "0";
  for (auto i = size_t{0}; i < event_kind_count; ++i) {
    const auto name = name_of(static_cast<event_kind>(i));
    page.add(metric::gateway_events, real(from.received[i].get()), name);
    page.add(metric::gateway_dropped, real(from.dropped[i].get()), name);
    page.add(metric::gateway_forwarded, real(from.forwarded[i].get()), name);
  }
  page.add(metric::gateway_undecodable, real(from.undecodable.get()), shard);
  page.add(metric::gateway_expired, real(from.expired.get()), shard);
  page.add(metric::gateway_ready, from.connections.get() > 0 && from.away_since_ms == 0 ? 1 : 0,
           shard);
  if (from.latency_ms >= 0)
    page.add(metric::gateway_latency, static_cast<double>(from.latency_ms) / 1'000, shard);
  page.add(metric::gateway_connections, real(from.connections.get()), shard);
  page.add(metric::gateway_identifies, real(from.identifies.get()), shard);
  page.add(metric::gateway_resumes, real(from.resumes.get()), shard);
  page.add(metric::gateway_shed, real(from.shed.get()), shard);
  page.add(metric::gateway_merged, real(from.merged.get()), shard);
  page.add(metric::gateway_busy, real(from.busy.get()), shard);
  page.add(metric::gateway_outgoing_dropped, real(from.outgoing_dropped.get()), shard);
  page.add(metric::gateway_under_way, real(from.under_way.get()), shard);
  page.add(metric::guilds, real(from.guilds.get()), shard);
}

void add_rest(metric_page& page, const rest_counters& from) {
  for (auto i = size_t{0}; i < from.ended.size(); ++i)
    page.add(metric::rest_requests, real(from.ended[i].get()), rest_outcome_names[i]);
  page.add(metric::rest_sent, real(from.sent.get()));
  page.add(metric::rest_retries, real(from.retried.get()));
  page.add(metric::rest_rate_limited, real(from.limited_429.get()));
  page.add(metric::rest_waiting, real(from.waiting.get()));
  page.add(metric::rest_buckets, real(from.buckets.get()));
  page.add(metric::rest_invalid, real(from.invalid.get()));
}

void add_interactions(metric_page& page, const interaction_counters& from) {
  constexpr std::pair<interaction_kind, const char*> kinds[] = {
      {interaction_kind::command, "command"},
      {interaction_kind::component, "component"},
      {interaction_kind::autocomplete, "autocomplete"},
      {interaction_kind::modal_submit, "modal"}};
  for (const auto& [kind, name] : kinds)
    page.add(metric::interactions_received, real(from.received[static_cast<size_t>(kind)].get()),
             name);
  for (const auto outcome :
       {interaction_outcome::answered, interaction_outcome::apologised, interaction_outcome::late,
        interaction_outcome::taken, interaction_outcome::undelivered})
    page.add(metric::interactions_ended, real(from.ended[static_cast<size_t>(outcome)].get()),
             outcome == interaction_outcome::taken ? "taken" : to_string(outcome));
  page.add(metric::interactions_deferred, real(from.deferred.get()));
  page.add(metric::interaction_callback, from.to_callback.figures());
}

void add_voice(metric_page& page, const voice::voice_counters& from) {
  const auto gauge = [](const std::atomic<int64_t>& value) {
    return static_cast<double>(value.load(std::memory_order_relaxed));
  };
  page.add(metric::voice_sessions, gauge(from.sessions));
  page.add(metric::voice_playing, gauge(from.playing));
  page.add(metric::voice_shared, gauge(from.shared));
  page.add(metric::voice_quality, gauge(from.quality));
  page.add(metric::voice_joins, real(from.joins));
  page.add(metric::voice_resumes, real(from.resumes));
  page.add(metric::voice_losses, real(from.losses));
  page.add(metric::voice_frames, real(from.frames));
  page.add(metric::voice_underruns, real(from.underruns));
  page.add(metric::voice_drops, real(from.drops));
  page.add(metric::voice_lateness, from.lateness.figures());
}

void add_endpoint(metric_page& page, const endpoint_counters& from) {
  const std::pair<const char*, const counter&> outcomes[] = {
      {"passed_on", from.passed_on}, {"ping", from.pings},
      {"refused", from.refused},     {"malformed", from.malformed},
      {"unserved", from.unserved},   {"turned_away", from.turned_away}};
  for (const auto& [outcome, count] : outcomes)
    page.add(metric::endpoint_requests, real(count.get()), outcome);
}

void add_store(metric_page& page, const store_counters& from) {
  page.add(metric::store_commits, real(from.commits));
  page.add(metric::store_failures, real(from.failures));
  page.add(metric::store_writes, real(from.writes));
  page.add(metric::store_reads, real(from.reads));
  page.add(metric::store_refused, real(from.refused));
  page.add(metric::store_commit_time, from.commit_us.figures());
  page.add(metric::store_batch, from.batch_writes.figures());
  page.add(metric::store_writable, from.health == store_health::fine ? 1 : 0);
}

void add_jobs(metric_page& page, const job_board& from) {
  for (const auto& [name, total] : from.totals()) {
    page.add(metric::job_runs, real(total.runs), name);
    page.add(metric::job_failures, real(total.failures), name);
    page.add(metric::job_lateness, total.late_seconds, name);
  }
}

void add_machine(metric_page& page, const std::string& data_folder) {
  const auto process = read_process();
  page.add(metric::process_cpu, process.cpu_seconds);
  page.add(metric::process_resident, real(process.resident_bytes));
  page.add(metric::process_fds, real(process.open_fds));
  page.add(metric::process_fds_max, real(process.fds_max));
  page.add(metric::process_threads, real(process.threads));
  const auto host = read_host(data_folder);
  if (host.temperature_c)
    page.add(metric::host_temperature, *host.temperature_c);
  if (host.throttled)
    page.add(metric::host_throttled, *host.throttled ? 1 : 0);
  if (host.undervoltage)
    page.add(metric::host_undervoltage, *host.undervoltage ? 1 : 0);
  if (host.disk_size_bytes > 0) {
    page.add(metric::host_disk_free, real(host.disk_free_bytes));
    page.add(metric::host_disk_size, real(host.disk_size_bytes));
  }
  page.add(metric::host_clock_synchronised, host.clock_synchronised ? 1 : 0);
}

void add_alerts(metric_page& page, const alert_board& board) {
  const auto standing = board.standing();
  for (const auto& rule : alert_rules())
    page.add(metric::alert_raised,
             std::find(standing.begin(), standing.end(), rule.name) != standing.end() ? 1 : 0,
             rule.name);
  const auto way = [&](const char* name, const shared_counter& told, const shared_counter* failed) {
    page.add(metric::alert_told, real(told.get()), name, "told");
    if (failed)
      page.add(metric::alert_told, real(failed->get()), name, "failed");
  };
  way("log", board.log, nullptr);
  way("channel", board.channel, &board.channel_failed);
  way("webhook", board.webhook, &board.webhook_failed);
  way("uptime", board.uptime, &board.uptime_failed);
}

std::string readiness(const health_facts& facts) {
  if (!facts.gateway_ready)
    return "gateway: " + facts.gateway_phase + "\n";
  return facts.store_writable ? "" : "store: not writable\n";
}

} // namespace

metric_page metrics_of(const daemon_sources& from) {
  auto page = metric_page{};
  page.add(metric::build_info, 1, from.version, from.profile);
  page.add(metric::start_time, from.started_unix);
  add_actors(page, *from.counted);
  add_gateway(page, from.counted->counters().gateway);
  add_rest(page, from.counted->counters().rest);
  add_interactions(page, from.counted->counters().interactions);
  add_voice(page, from.counted->counters().voice);
  add_endpoint(page, from.counted->counters().endpoint);
  add_store(page, *from.store);
  add_jobs(page, from.counted->jobs());
  add_machine(page, from.data_folder);
  if (from.alerts)
    add_alerts(page, *from.alerts);
  return page;
}

health_facts facts_of(const daemon_sources& from) {
  auto facts = health_facts{};
  const auto now = steady_ns();
  const auto& gateway = from.counted->counters().gateway;
  const auto away_since = gateway.away_since_ms.load();
  facts.gateway_ready = gateway.connections.get() > 0 && away_since == 0;
  facts.gateway_away_ms = away_since == 0 ? 0 : now / 1'000'000 - away_since;
  facts.gateway_phase = gateway.phase.load();
  facts.store_writable = from.store->health == store_health::fine;
  facts.token_refused = from.counted->counters().rest.unauthorized;
  facts.invalid_requests = from.counted->counters().rest.invalid.get();
  for (const auto& one : from.counted->actors())
    if (one.stuck_since_ns != 0)
      facts.running.push_back({one.name, one.guild, one.handling,
                               (now - one.stuck_since_ns) / 1'000'000, one.name == "store_keeper"});
  for (const auto& [name, total] : from.counted->jobs().totals())
    if (total.failing > 0)
      facts.failing_jobs.push_back(fmt::format("{} ({})", name, total.failing));
  const auto host = read_host(from.data_folder);
  if (host.disk_size_bytes > 0)
    facts.disk_free_bytes = host.disk_free_bytes;
  facts.temperature_c = host.temperature_c;
  facts.undervoltage = host.undervoltage;
  return facts;
}

monitor_page page_of(const std::string& path, const daemon_sources& from,
                     const alert_limits& limits) {
  auto page = monitor_page{};
  if (path == "/metrics") {
    page.type = "text/plain; version=0.0.4; charset=utf-8";
    page.body = prometheus_text(metrics_of(from));
  } else if (path == "/healthz") {
    for (const auto& one : stuck(facts_of(from), limits))
      page.body += fmt::format("{} has been busy with {} for {} s\n", one.name, one.message,
                               one.for_ms / 1'000);
    page.status = page.body.empty() ? 200 : 503;
  } else if (path == "/readyz") {
    page.body = readiness(facts_of(from));
    page.status = page.body.empty() ? 200 : 503;
  } else {
    page.status = 404;
    page.body = "/metrics /healthz /readyz\n";
  }
  if (page.body.empty())
    page.body = "ok\n";
  return page;
}

} // namespace hearth
