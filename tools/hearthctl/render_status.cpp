#include "hearthctl/render.hpp"
#include "hearthctl/text_table.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth::ctl {
namespace {

constexpr int64_t day_ms = 86'400'000;
constexpr size_t label_width = 14;

std::string line(std::string_view label, const std::string& text) {
  return left(label, label_width) + text + "\n";
}

/// "1 guild", "2 guilds"
std::string counted(uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count_text(count), one, count == 1 ? "" : "s");
}

std::string shard_text(const shard_line& shard) {
  auto text = fmt::format("shard {}: {}", shard.shard, harmless(shard.state));
  if (shard.latency_ms >= 0)
    text += fmt::format(", {} ms", shard.latency_ms);
  return text + fmt::format(", {}; {} ({} dropped, {} told); {}, {}",
                            counted(shard.guilds, "guild"), counted(shard.events, "event"),
                            count_text(shard.dropped), count_text(shard.forwarded),
                            counted(shard.identifies, "login"), counted(shard.resumes, "resume"));
}

std::string now_or_before(const char* what, int64_t now, int64_t before) {
  return now == 1      ? fmt::format(", {} NOW", what)
         : before == 1 ? fmt::format(", {} since boot", what)
                       : std::string{};
}

std::string host_text(const host_health& host) {
  auto text = std::string{};
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (host.temperature_mc >= 0)
    add(fmt::format("{:.1f} °C", static_cast<double>(host.temperature_mc) / 1'000));
  if (host.load_milli >= 0)
    add(fmt::format("load {:.2f} on {} cores", static_cast<double>(host.load_milli) / 1'000,
                    host.cores));
  if (host.memory_bytes >= 0)
    add(fmt::format("{} of {} memory free", bytes_text(host.memory_free_bytes),
                    bytes_text(host.memory_bytes)));
  if (host.disk_bytes >= 0)
    add(fmt::format("{} of {} disk free", bytes_text(host.disk_free_bytes),
                    bytes_text(host.disk_bytes)));
  if (host.clock_synchronised >= 0)
    add(host.clock_synchronised == 1 ? "clock synchronised" : "clock NOT synchronised");
  if (host.undervoltage == 0 && host.throttled == 0 && host.undervoltage_before == 0 &&
      host.throttled_before == 0)
    add("power good");
  return text + now_or_before("undervoltage", host.undervoltage, host.undervoltage_before) +
         now_or_before("throttled", host.throttled, host.throttled_before);
}

} // namespace

std::string render(const daemon_status& s) {
  const auto cpu_share =
      s.uptime_ms > 0 ? 100.0 * static_cast<double>(s.cpu_ms) / static_cast<double>(s.uptime_ms)
                      : 0.0;
  auto text = fmt::format("hearthd {}, profile {}, {}{}, up {}\n", s.program, s.profile,
                          s.online ? "online" : "not online yet", s.draining ? ", DRAINING" : "",
                          span_text(s.uptime_ms));
  for (const auto& shard : s.shards)
    text += line("gateway", shard_text(shard));
  text += line("guilds", counted(s.guilds, "guild") + ", " + counted(s.actors, "actor"));
  text += line("process",
               fmt::format("pid {}, {} memory (most {}), {} CPU ({:.2f} % of a core), "
                           "{} threads, {} of {} files",
                           s.pid, bytes_text(s.memory_bytes), bytes_text(s.memory_most_bytes),
                           span_text(s.cpu_ms), cpu_share, s.threads, s.files, s.files_max));
  auto queues = std::string{};
  for (const auto& queue : s.queues) {
    queues +=
        fmt::format("{}{} {}", queues.empty() ? "" : ", ", queue.name, count_text(queue.waiting));
    if (queue.most > 0)
      queues += fmt::format(" (most in one {})", count_text(queue.most));
  }
  text += line("waiting", queues);
  text += line("REST", fmt::format("{} sent, {} again, {} limited (429), {} refused",
                                   count_text(s.rest_sent), count_text(s.rest_retried),
                                   count_text(s.rest_limited_429), count_text(s.rest_refused)));
  text += line("store", fmt::format("{}; {} writes in {} commits, {} failures, longest {}; {}",
                                    s.store_health, count_text(s.store_writes),
                                    count_text(s.store_commits), count_text(s.store_failures),
                                    micros_text(static_cast<uint64_t>(s.store_longest_commit_us)),
                                    bytes_text(s.database_bytes)));
  text += line("host", host_text(s.host));
  text += line("data", s.data_folder);
  text += line("time", time_text(s.now_ms) + " UTC");
  text += line("log", "level " + s.log_level);
  if (!s.certificates.empty()) {
    const auto first =
        std::min_element(s.certificates.begin(), s.certificates.end(),
                         [](const auto& a, const auto& b) { return a.expires_ms < b.expires_ms; });
    text +=
        line("certificates", fmt::format("{} of them; the first to end is {} on {} (in {} days)",
                                         s.certificates.size(), first->name,
                                         time_text(first->expires_ms).substr(0, 10),
                                         (first->expires_ms - s.now_ms) / day_ms));
  }
  if (s.last_errors.empty())
    return text + line("last errors", "none");
  text += "last errors\n";
  for (const auto& one : s.last_errors)
    text += "  " + render(one);
  return text;
}

std::string render(const log_line& one) {
  return fmt::format("{} {} {}\n", time_text(one.at_ms).substr(11), left(one.level, 8),
                     harmless(one.text));
}

std::string render(const trace_line& one, int64_t first_us) {
  return fmt::format(
      "{} {}  {}  {} waiting\n",
      right(fmt::format("+{:.3f} s", static_cast<double>(one.at_us - first_us) / 1e6), 12),
      left(harmless(one.message), 32), right(micros_text(one.took_us), 9), one.waiting);
}

} // namespace hearth::ctl
