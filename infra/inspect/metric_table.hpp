#pragma once
// One table of truth for everything that is counted: /metrics, hearthctl, the dashboard's check and
// config/metrics.md come from these declarations. Pure. Names follow Prometheus' conventions
// (https://prometheus.io/docs/practices/naming/): base units, _total for counters.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

enum class metric : uint8_t {
  build_info,
  start_time,
  // actors
  actor_instances,
  actor_messages,
  actor_busy,
  actor_longest,
  actor_depth,
  actor_depth_max,
  actor_restarts,
  actor_stuck,
  actor_deaths,
  // gateway
  gateway_events,
  gateway_dropped,
  gateway_forwarded,
  gateway_undecodable,
  gateway_expired,
  gateway_ready,
  gateway_latency,
  gateway_connections,
  gateway_identifies,
  gateway_resumes,
  gateway_shed,
  gateway_merged,
  gateway_busy,
  gateway_outgoing_dropped,
  gateway_under_way,
  guilds,
  // REST
  rest_requests,
  rest_sent,
  rest_retries,
  rest_rate_limited,
  rest_waiting,
  rest_buckets,
  rest_invalid,
  // interactions
  interactions_received,
  interactions_ended,
  interactions_deferred,
  interaction_callback,
  endpoint_requests,
  // store
  store_commits,
  store_failures,
  store_writes,
  store_reads,
  store_refused,
  store_waiting,
  store_commit_time,
  store_batch,
  store_writable,
  // voice
  voice_sessions,
  voice_playing,
  voice_shared,
  voice_quality,
  voice_joins,
  voice_resumes,
  voice_losses,
  voice_frames,
  voice_underruns,
  voice_drops,
  voice_lateness,
  // jobs
  job_runs,
  job_failures,
  job_lateness,
  // process and host
  process_cpu,
  process_resident,
  process_fds,
  process_fds_max,
  process_threads,
  host_temperature,
  host_throttled,
  host_undervoltage,
  host_disk_free,
  host_disk_size,
  host_clock_synchronised,
  // alerts
  alert_raised,
  alert_told,
};
constexpr size_t metric_count = static_cast<size_t>(metric::alert_told) + 1;

enum class metric_kind : uint8_t { counter, gauge, histogram };

struct metric_declaration {
  metric what = metric::build_info;
  metric_kind kind = metric_kind::gauge;
  std::string_view name;                       ///< "hearth_gateway_events_total".
  std::string_view help;                       ///< One English sentence.
  std::array<std::string_view, 2> labels = {}; ///< In order; empty ones are none.
  /// What bounds the number of values of the labels; empty without labels.
  std::string_view bound = {};
};

/// All of them, in the order of `metric`.
const std::array<metric_declaration, metric_count>& metric_table();
inline const metric_declaration& declaration_of(metric what) {
  return metric_table()[static_cast<size_t>(what)];
}
std::string_view to_string(metric_kind kind) noexcept;

/// A histogram at one moment: `counts[i]` observations of at most `bounds[i]`, each counted once.
struct histogram_figures {
  std::vector<double> bounds;   ///< Upper bounds, ascending, in the metric's unit.
  std::vector<uint64_t> counts; ///< One more than bounds: the last is what was above.
  double sum = 0;
};

/// Values at one moment.
class metric_page {
public:
  struct sample {
    metric what;
    std::array<std::string, 2> labels; ///< Values, as declared.
    double value = 0;
    histogram_figures histogram; ///< Of histograms; `value` is unused.
  };
  /// Adds one value. Labels in the order of the declaration.
  void add(metric what, double value, std::string_view label = {}, std::string_view second = {});
  void add(metric what, histogram_figures value, std::string_view label = {});
  const std::vector<sample>& samples() const noexcept { return samples_; }

private:
  std::vector<sample> samples_;
};

/// Prometheus' text format 0.0.4; samples of a metric stay together, in the order of the table.
/// Source: prometheus.io/docs/instrumenting/exposition_formats.
std::string prometheus_text(const metric_page& page);

/// The table of config/metrics.md, Markdown.
std::string metric_reference();

} // namespace hearth
