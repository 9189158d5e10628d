#include "infra/inspect/metric_table.hpp"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace hearth {
namespace {

using enum metric_kind;
using m = metric;

constexpr auto by_event = "Discord's event names known to the program, and OTHER";
constexpr auto by_actor = "the program's actor classes";
constexpr auto by_job = "the program's jobs";
constexpr auto by_shard = "shards of this process";

constexpr std::array<metric_declaration, metric_count> table{{
    {m::build_info,
     gauge,
     "hearth_build_info",
     "Always 1; the labels say what runs.",
     {"version", "profile"},
     "one"},
    {m::start_time, gauge, "hearth_start_time_seconds", "Unix time of the start."},

    {m::actor_instances, gauge, "hearth_actor_instances", "Actors that live.", {"actor"}, by_actor},
    {m::actor_messages,
     counter,
     "hearth_actor_messages_total",
     "Messages that living actors have handled.",
     {"actor"},
     by_actor},
    {m::actor_busy,
     counter,
     "hearth_actor_busy_seconds_total",
     "Time that living actors have spent in handlers.",
     {"actor"},
     by_actor},
    {m::actor_longest,
     gauge,
     "hearth_actor_longest_handler_seconds",
     "The longest handler of any living actor of the class.",
     {"actor"},
     by_actor},
    {m::actor_depth,
     gauge,
     "hearth_actor_mailbox_messages",
     "Messages waiting, of all living actors of the class.",
     {"actor"},
     by_actor},
    {m::actor_depth_max,
     gauge,
     "hearth_actor_mailbox_max_messages",
     "The most that ever waited for one living actor of the class.",
     {"actor"},
     by_actor},
    {m::actor_restarts,
     gauge,
     "hearth_actor_restarts",
     "Deaths behind the living actors of the class, summed.",
     {"actor"},
     by_actor},
    {m::actor_stuck,
     gauge,
     "hearth_actor_running_handler_seconds",
     "How long the longest handler that runs now has been running.",
     {"actor"},
     by_actor},
    {m::actor_deaths, counter, "hearth_actor_deaths_total", "Actors that ended out of order."},

    {m::gateway_events,
     counter,
     "hearth_gateway_events_total",
     "Dispatches received.",
     {"event"},
     by_event},
    {m::gateway_dropped,
     counter,
     "hearth_gateway_dropped_events_total",
     "Dispatches that nobody wanted, changed nothing or could not be read.",
     {"event"},
     by_event},
    {m::gateway_forwarded,
     counter,
     "hearth_gateway_forwarded_events_total",
     "Dispatches that a guild was told.",
     {"event"},
     by_event},
    {m::gateway_undecodable,
     counter,
     "hearth_gateway_undecodable_events_total",
     "Dispatches that could not be decoded.",
     {"shard"},
     by_shard},
    {m::gateway_expired,
     counter,
     "hearth_gateway_expired_interactions_total",
     "Interactions too old when they arrived.",
     {"shard"},
     by_shard},
    {m::gateway_ready,
     gauge,
     "hearth_gateway_ready",
     "1 while the session is established.",
     {"shard"},
     by_shard},
    {m::gateway_latency,
     gauge,
     "hearth_gateway_latency_seconds",
     "Last heartbeat to its acknowledgement.",
     {"shard"},
     by_shard},
    {m::gateway_connections,
     counter,
     "hearth_gateway_connections_total",
     "Connections opened, the first included.",
     {"shard"},
     by_shard},
    {m::gateway_identifies,
     counter,
     "hearth_gateway_identifies_total",
     "Sessions begun.",
     {"shard"},
     by_shard},
    {m::gateway_resumes,
     counter,
     "hearth_gateway_resumes_total",
     "Sessions resumed.",
     {"shard"},
     by_shard},
    {m::gateway_shed,
     counter,
     "hearth_gateway_shed_events_total",
     "Events dropped because their guild was too far behind.",
     {"shard"},
     by_shard},
    {m::gateway_merged,
     counter,
     "hearth_gateway_merged_events_total",
     "Events that a newer one replaced while their guild was behind.",
     {"shard"},
     by_shard},
    {m::gateway_busy,
     counter,
     "hearth_gateway_busy_interactions_total",
     "Interactions answered with try again because their guild did not take them.",
     {"shard"},
     by_shard},
    {m::gateway_outgoing_dropped,
     counter,
     "hearth_gateway_outgoing_dropped_total",
     "Payloads to Discord that found no room in the queue.",
     {"shard"},
     by_shard},
    {m::gateway_under_way,
     gauge,
     "hearth_gateway_under_way_events",
     "Events sent to guilds and not digested yet.",
     {"shard"},
     by_shard},
    {m::guilds, gauge, "hearth_guilds", "Guilds in the cache.", {"shard"}, by_shard},

    {m::rest_requests,
     counter,
     "hearth_rest_requests_total",
     "Requests that ended.",
     {"outcome"},
     "the program's outcomes"},
    {m::rest_sent, counter, "hearth_rest_sent_total",
     "Times a request was sent, retries included."},
    {m::rest_retries, counter, "hearth_rest_retries_total", "Tries after a first one."},
    {m::rest_rate_limited, counter, "hearth_rest_rate_limited_total", "Answers 429."},
    {m::rest_waiting, gauge, "hearth_rest_waiting_requests", "Requests waiting for limits."},
    {m::rest_buckets, gauge, "hearth_rest_buckets", "Rate limit buckets known."},
    {m::rest_invalid, gauge, "hearth_rest_invalid_requests",
     "Answers 401, 403 and 429 of the last ten minutes; Discord bans at 10,000."},

    {m::interactions_received,
     counter,
     "hearth_interactions_received_total",
     "Interactions that a guild took up.",
     {"kind"},
     "kinds of interactions"},
    {m::interactions_ended,
     counter,
     "hearth_interactions_ended_total",
     "Interactions by how they ended.",
     {"outcome"},
     "the program's outcomes"},
    {m::interactions_deferred, counter, "hearth_interactions_deferred_total",
     "Interactions that needed a deferral."},
    {m::interaction_callback, histogram, "hearth_interaction_callback_seconds",
     "Arrival to the first callback acknowledged by Discord."},
    {m::endpoint_requests,
     counter,
     "hearth_interaction_endpoint_requests_total",
     "Signed HTTP requests by what became of them; turned_away counts connections.",
     {"outcome"},
     "the program's outcomes"},

    {m::store_commits, counter, "hearth_store_commits_total", "Transactions."},
    {m::store_failures, counter, "hearth_store_failures_total",
     "Failed commits and refused statements."},
    {m::store_writes, counter, "hearth_store_writes_total", "Writes asked for."},
    {m::store_reads, counter, "hearth_store_reads_total", "Questions asked."},
    {m::store_refused, counter, "hearth_store_refused_total",
     "Messages refused because too many waited."},
    {m::store_waiting, gauge, "hearth_store_waiting_messages",
     "Messages waiting for the store thread."},
    {m::store_commit_time, histogram, "hearth_store_commit_seconds",
     "Time of a commit, the disk's flush included."},
    {m::store_batch, histogram, "hearth_store_batch_writes", "Writes in one commit."},
    {m::store_writable, gauge, "hearth_store_writable", "1 while the database takes writes."},

    {m::voice_sessions, gauge, "hearth_voice_sessions", "Voice sessions that stand."},
    {m::voice_playing, gauge, "hearth_voice_playing_channels",
     "Channels that were sent sound in the last 20 ms."},
    {m::voice_shared, gauge, "hearth_voice_shared_channels",
     "Channels whose sound is encoded once for all of them."},
    {m::voice_quality, gauge, "hearth_voice_quality",
     "0: full; 1: encoders work less; 2: no mixes, shared sound only."},
    {m::voice_joins, counter, "hearth_voice_joins_total", "Voice sessions begun."},
    {m::voice_resumes, counter, "hearth_voice_resumes_total", "Voice sessions resumed."},
    {m::voice_losses, counter, "hearth_voice_losses_total", "Voice sessions lost for good."},
    {m::voice_frames, counter, "hearth_voice_frames_total", "Frames of 20 ms that were sent."},
    {m::voice_underruns, counter, "hearth_voice_underruns_total",
     "Frames that were not rendered in time: gaps."},
    {m::voice_drops, counter, "hearth_voice_dropped_frames_total",
     "Frames that could not be encrypted or sent."},
    {m::voice_lateness, histogram, "hearth_voice_lateness_seconds",
     "A packet's time behind its deadline when it was handed to the system."},

    {m::job_runs, counter, "hearth_job_runs_total", "Jobs started, by name.", {"job"}, by_job},
    {m::job_failures, counter, "hearth_job_failures_total", "Jobs that failed.", {"job"}, by_job},
    {m::job_lateness,
     gauge,
     "hearth_job_lateness_seconds",
     "How late the last run began, downtime included.",
     {"job"},
     by_job},

    {m::process_cpu, counter, "process_cpu_seconds_total",
     "User and system CPU time of the process."},
    {m::process_resident, gauge, "process_resident_memory_bytes", "Resident memory."},
    {m::process_fds, gauge, "process_open_fds", "Open file descriptors."},
    {m::process_fds_max, gauge, "process_max_fds", "Limit of open file descriptors."},
    {m::process_threads, gauge, "process_threads", "Threads of the process."},
    {m::host_temperature, gauge, "hearth_host_temperature_celsius",
     "The hottest thermal zone; absent where the machine has none."},
    {m::host_throttled, gauge, "hearth_host_throttled",
     "1 while a Raspberry Pi slows down; absent elsewhere."},
    {m::host_undervoltage, gauge, "hearth_host_undervoltage",
     "1 while a Raspberry Pi gets too little voltage; absent elsewhere."},
    {m::host_disk_free, gauge, "hearth_host_disk_free_bytes",
     "Space for us on the disk of the data folder."},
    {m::host_disk_size, gauge, "hearth_host_disk_size_bytes", "Size of that disk."},
    {m::host_clock_synchronised, gauge, "hearth_host_clock_synchronised",
     "1 while the system's clock follows NTP."},

    {m::alert_raised,
     gauge,
     "hearth_alert_raised",
     "1 while the alert stands.",
     {"alert"},
     "the program's alerts"},
    {m::alert_told,
     counter,
     "hearth_alert_told_total",
     "Alerts and all-clears told, by way and success.",
     {"way", "outcome"},
     "ways of telling"},
}};

static_assert(
    [] {
      for (auto i = size_t{0}; i < table.size(); ++i)
        if (static_cast<size_t>(table[i].what) != i)
          return false;
      return true;
    }(),
    "the table is in the order of metric");

/// Whole numbers without exponent (readable), others as short as they are exact.
std::string number(double value) {
  if (std::isnan(value))
    return "NaN";
  if (std::isinf(value))
    return value > 0 ? "+Inf" : "-Inf";
  if (value == std::floor(value) && std::abs(value) < 9.0e15)
    return fmt::format("{}", static_cast<int64_t>(value));
  return fmt::format("{}", value);
}

std::string escaped(std::string_view text, bool quotes) {
  auto out = std::string{};
  for (const auto c : text) {
    if (c == '\\' || (quotes && c == '"'))
      out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

/// {actor="guild"}; `extra` is one more, complete pair.
std::string label_text(const metric_declaration& declared, const std::array<std::string, 2>& labels,
                       const std::string& extra = {}) {
  auto out = std::string{};
  for (auto i = size_t{0}; i < labels.size(); ++i)
    if (!declared.labels[i].empty())
      out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", declared.labels[i],
                         escaped(labels[i], true));
  if (!extra.empty())
    out += (out.empty() ? "" : ",") + extra;
  return out.empty() ? out : "{" + out + "}";
}

void write_histogram(std::string& out, const metric_declaration& declared,
                     const metric_page::sample& one) {
  const auto& shape = one.histogram;
  auto seen = uint64_t{0};
  for (auto i = size_t{0}; i < shape.counts.size(); ++i) {
    seen += shape.counts[i];
    const auto bound = i < shape.bounds.size() ? number(shape.bounds[i]) : std::string{"+Inf"};
    out += fmt::format("{}_bucket{} {}\n", declared.name,
                       label_text(declared, one.labels, "le=\"" + bound + "\""), seen);
  }
  out += fmt::format("{}_sum{} {}\n", declared.name, label_text(declared, one.labels),
                     number(shape.sum));
  out += fmt::format("{}_count{} {}\n", declared.name, label_text(declared, one.labels), seen);
}

} // namespace

const std::array<metric_declaration, metric_count>& metric_table() { return table; }

std::string_view to_string(metric_kind kind) noexcept {
  return kind == counter ? "counter" : kind == gauge ? "gauge" : "histogram";
}

void metric_page::add(metric what, double value, std::string_view label, std::string_view second) {
  samples_.push_back({what, {std::string{label}, std::string{second}}, value, {}});
}

void metric_page::add(metric what, histogram_figures value, std::string_view label) {
  samples_.push_back({what, {std::string{label}, {}}, 0, std::move(value)});
}

std::string prometheus_text(const metric_page& page) {
  auto order = std::vector<const metric_page::sample*>{};
  for (const auto& one : page.samples())
    order.push_back(&one);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->what < b->what; });
  auto out = std::string{};
  const metric_declaration* last = nullptr;
  for (const auto* one : order) {
    const auto& declared = declaration_of(one->what);
    if (&declared != last)
      out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", declared.name,
                         escaped(declared.help, false), to_string(declared.kind));
    last = &declared;
    if (declared.kind == histogram)
      write_histogram(out, declared, *one);
    else
      out += fmt::format("{}{} {}\n", declared.name, label_text(declared, one->labels),
                         number(one->value));
  }
  return out;
}

std::string metric_reference() {
  auto out = std::string{"| metric | type | labels | what |\n|---|---|---|---|\n"};
  for (const auto& one : table) {
    auto labels = std::string{};
    for (const auto label : one.labels)
      if (!label.empty())
        labels += fmt::format("{}`{}`", labels.empty() ? "" : ", ", label);
    out +=
        fmt::format("| `{}` | {} | {} | {} |\n", one.name, to_string(one.kind), labels, one.help);
  }
  return out;
}

} // namespace hearth
