#pragma once
// What hearthctl and a running daemon say to each other: the only messages that leave the process.
// Plain data.
//
// Append only. A struct travels as one block with its length, its fields in the order of
// HEARTH_WIRE: an older reader skips what it does not know, a newer one keeps the default of what
// is missing. So a field is added at the end, with a default that means "not told", and none is
// ever removed, moved or changed in type. What cannot be said so is a new struct.
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

/// Gives a struct its fields as a tuple, with their names: one table for the wire, --json and
/// tests.
#define HEARTH_WIRE(type, ...)                                                                     \
  static constexpr const char* wire_name = "hearth::" #type;                                       \
  static constexpr const char* wire_fields = #__VA_ARGS__;                                         \
  auto tied() noexcept { return std::tie(__VA_ARGS__); }                                           \
  auto tied() const noexcept { return std::tie(__VA_ARGS__); }

namespace hearth {

/// Counted up whenever something is added to this file.
constexpr uint16_t inspect_version = 2;

// -- questions: need the right to inspect ---------------------------------------------------------

struct ask_status {
  uint16_t version = inspect_version; ///< The asker's; likewise in every question.
  HEARTH_WIRE(ask_status, version)
};
struct ask_actors {
  uint16_t version = inspect_version;
  HEARTH_WIRE(ask_actors, version)
};
struct ask_gates {
  uint16_t version = inspect_version;
  HEARTH_WIRE(ask_gates, version)
};
struct ask_jobs {
  uint16_t version = inspect_version;
  HEARTH_WIRE(ask_jobs, version)
};
struct ask_guild {
  uint16_t version = inspect_version;
  uint64_t guild = 0;
  HEARTH_WIRE(ask_guild, version, guild)
};
struct ask_events {
  uint16_t version = inspect_version;
  HEARTH_WIRE(ask_events, version)
};
/// The log's lines after number `after`; with 0 the newest `lines_max`.
struct ask_log {
  uint16_t version = inspect_version;
  uint64_t after = 0;
  uint32_t lines_max = 50; ///< At most 1000 are answered.
  HEARTH_WIRE(ask_log, version, after, lines_max)
};
/// What an actor handles from now on. Asked again at least every 5 s, else nobody watches any more.
struct ask_trace {
  uint16_t version = inspect_version;
  uint64_t actor = 0; ///< As `actors` lists it.
  uint64_t after = 0; ///< As ask_log::after.
  HEARTH_WIRE(ask_trace, version, actor, after)
};

// -- answers --------------------------------------------------------------------------------------

/// One line of the log, secrets taken out.
struct log_line {
  uint64_t number = 0;    ///< Counts from 1 since the start.
  int64_t at_ms = 0;      ///< Unix milliseconds.
  std::string level = {}; ///< "warning"
  std::string text = {};
  HEARTH_WIRE(log_line, number, at_ms, level, text)
};
struct log_page {
  std::vector<log_line> lines = {}; ///< Oldest first.
  uint64_t lost = 0;                ///< Between `after` and the first: the ring had forgotten them.
  HEARTH_WIRE(log_page, lines, lost)
};

/// One connection to the gateway.
struct shard_line {
  int32_t shard = 0;
  std::string state = {};
  int64_t latency_ms = -1; ///< -1: not known yet.
  uint64_t events = 0, dropped = 0, forwarded = 0;
  uint32_t guilds = 0, identifies = 0, resumes = 0;
  HEARTH_WIRE(shard_line, shard, state, latency_ms, events, dropped, forwarded, guilds, identifies,
              resumes)
};
/// The machine. Figures that it does not tell are -1.
struct host_health {
  int64_t temperature_mc = -1;   ///< Thousandths of a degree Celsius, the hottest zone.
  int64_t throttled = -1;        ///< 1 while the CPU is slowed down (Raspberry Pi).
  int64_t throttled_before = -1; ///< 1 when it was since boot.
  int64_t undervoltage = -1;     ///< 1 while the supply is too weak.
  int64_t undervoltage_before = -1;
  int64_t disk_free_bytes = -1, disk_bytes = -1; ///< Of the data folder's file system.
  int64_t memory_free_bytes = -1, memory_bytes = -1;
  int64_t clock_synchronised = -1; ///< 1: by NTP or the like.
  int64_t cores = -1;
  int64_t load_milli = -1; ///< Thousandths of the load average of the last minute.
  HEARTH_WIRE(host_health, temperature_mc, throttled, throttled_before, undervoltage,
              undervoltage_before, disk_free_bytes, disk_bytes, memory_free_bytes, memory_bytes,
              clock_synchronised, cores, load_milli)
};
struct certificate_line {
  std::string name = {};  ///< "inspect-server"
  int64_t expires_ms = 0; ///< Unix milliseconds.
  HEARTH_WIRE(certificate_line, name, expires_ms)
};
/// Requests, events and messages that wait somewhere.
struct queue_line {
  std::string name = {}; ///< "actor mailboxes"
  uint64_t waiting = 0;
  uint64_t most = 0; ///< Ever; 0: not counted.
  HEARTH_WIRE(queue_line, name, waiting, most)
};
struct daemon_status {
  uint16_t version = inspect_version; ///< The daemon's.
  std::string program = {};           ///< "0.1.0"
  std::string profile = {};
  std::string data_folder = {};
  int64_t pid = 0;
  int64_t now_ms = 0;    ///< Domain time, Unix milliseconds.
  int64_t uptime_ms = 0; ///< Of the process.
  bool online = false;   ///< Discord has accepted the session at least once.
  bool draining = false;
  std::vector<shard_line> shards = {};
  uint32_t guilds = 0; ///< Guild actors.
  uint32_t actors = 0;
  int64_t memory_bytes = 0, memory_most_bytes = 0; ///< Resident.
  int64_t cpu_ms = 0;                              ///< User and system, since the start.
  int64_t threads = 0, files = 0, files_max = 0;
  std::vector<queue_line> queues = {};
  uint64_t rest_sent = 0, rest_retried = 0, rest_limited_429 = 0, rest_refused = 0;
  uint64_t store_commits = 0, store_writes = 0, store_failures = 0;
  int64_t store_longest_commit_us = 0;
  std::string store_health = {}; ///< "fine"
  int64_t database_bytes = 0;
  host_health host = {};
  std::string log_level = {};
  std::vector<log_line> last_errors = {}; ///< Warnings and worse, oldest first.
  std::vector<certificate_line> certificates = {};
  HEARTH_WIRE(daemon_status, version, program, profile, data_folder, pid, now_ms, uptime_ms, online,
              draining, shards, guilds, actors, memory_bytes, memory_most_bytes, cpu_ms, threads,
              files, files_max, queues, rest_sent, rest_retried, rest_limited_429, rest_refused,
              store_commits, store_writes, store_failures, store_longest_commit_us, store_health,
              database_bytes, host, log_level, last_errors, certificates)
};

/// One actor. Rates come from two lists.
struct actor_line {
  uint64_t id = 0;
  std::string name = {};
  uint64_t guild = 0; ///< 0: none.
  uint64_t waiting = 0, waiting_most = 0;
  uint64_t handled = 0;
  uint64_t busy_us = 0;      ///< In its handlers, since it started.
  uint64_t longest_us = 0;   ///< Longest handler.
  std::string longest = {};  ///< What it handled.
  uint64_t restarts = 0;     ///< Deaths of its predecessors of the same name and guild.
  uint64_t stuck_ms = 0;     ///< How long the handler under way has run; 0: none.
  std::string handling = {}; ///< What that one handles.
  HEARTH_WIRE(actor_line, id, name, guild, waiting, waiting_most, handled, busy_us, longest_us,
              longest, restarts, stuck_ms, handling)
};
struct actor_list {
  int64_t at_us = 0; ///< The daemon's steady clock.
  int64_t cpu_ms = 0;
  int64_t memory_bytes = 0;
  std::vector<actor_line> actors = {};
  HEARTH_WIRE(actor_list, at_us, cpu_ms, memory_bytes, actors)
};

/// One lane of Discord's limits: a route with its channel, guild or webhook.
struct gate_line {
  std::string route = {};
  std::string major = {};  ///< The id it is counted by; "***" for a token.
  std::string bucket = {}; ///< Discord's hash; empty: not known yet.
  int64_t limit = -1;      ///< -1: none is known.
  int64_t remaining = -1;  ///< May leave now, by what we know.
  int64_t resets_in_ms = -1;
  uint32_t waiting = 0, in_flight = 0;
  int64_t next_in_ms = -1; ///< The next one may leave then; -1: nothing waits, or it is not known.
  HEARTH_WIRE(gate_line, route, major, bucket, limit, remaining, resets_in_ms, waiting, in_flight,
              next_in_ms)
};
struct gate_list {
  uint32_t global_max = 0, global_used = 0; ///< Of the present second.
  int64_t global_held_ms = 0;               ///< Told by a global 429.
  int64_t frozen_ms = 0;                    ///< Told by Cloudflare.
  uint32_t invalid = 0, invalid_max = 0;    ///< 401, 403 and 429 of the last ten minutes.
  uint32_t waiting = 0, in_flight = 0;
  std::vector<gate_line> gates = {};
  uint32_t left_out = 0; ///< Lanes and buckets beyond the 500 listed.
  HEARTH_WIRE(gate_list, global_max, global_used, global_held_ms, frozen_ms, invalid, invalid_max,
              waiting, in_flight, gates, left_out)
};

struct job_line {
  uint64_t guild = 0; ///< 0: the daemon's own.
  std::string job = {};
  std::string zone = {};
  int32_t minute = 0;   ///< Local minute of the day.
  uint8_t weekdays = 0; ///< Bit 0 = Monday.
  bool enabled = false;
  bool running = false;
  int64_t next_ms = 0;          ///< Unix milliseconds; 0: never, or under way.
  std::string last_period = {}; ///< The newest local date done; empty: none yet.
  int64_t last_ms = 0;          ///< When that was; 0: before the daemon started.
  uint32_t failures = 0;        ///< In a row.
  HEARTH_WIRE(job_line, guild, job, zone, minute, weekdays, enabled, running, next_ms, last_period,
              last_ms, failures)
};
struct job_list {
  int64_t now_ms = 0; ///< Domain time.
  std::vector<job_line> jobs = {};
  HEARTH_WIRE(job_list, now_ms, jobs)
};

struct named_value {
  std::string name = {}, value = {};
  HEARTH_WIRE(named_value, name, value)
};
struct feature_line {
  std::string name = {};
  bool on = false;
  bool chosen = false;    ///< By the guild; else the operator's default.
  std::string state = {}; ///< "running", "stopped", "stopping", "waits for its restart"
  uint32_t deaths = 0;    ///< Recent ones.
  HEARTH_WIRE(feature_line, name, on, chosen, state, deaths)
};
/// What the bot does in a voice channel, and how it is connected.
struct voice_view {
  std::string phase = {};               ///< "out", "joining", "live", "away".
  uint64_t channel = 0;                 ///< Where it is or is about to be.
  std::vector<std::string> layers = {}; ///< "rain:2 100 %"
  int64_t volume = 0;                   ///< Percent.
  bool paused = false;
  std::string quality = {};      ///< "full", "reduced", "shared"
  uint64_t dave_version = 0;     ///< 0: not end-to-end encrypted.
  uint64_t epoch = 0;            ///< Of the encrypted group; 0 while alone in it.
  uint64_t members = 0;          ///< Of that group.
  std::string privacy_code = {}; ///< 30 digits, to be compared with a member's; empty: no group.
  std::string endpoint = {}, mode = {};
  int64_t latency_ms = -1; ///< -1: not known yet.
  uint64_t resumes = 0, frames_sent = 0, underruns = 0, drops = 0;
  HEARTH_WIRE(voice_view, phase, channel, layers, volume, paused, quality, dave_version, epoch,
              members, privacy_code, endpoint, mode, latency_ms, resumes, frames_sent, underruns,
              drops)
};

struct guild_view {
  uint64_t guild = 0;
  std::string name = {};  ///< Empty: Discord has not told.
  bool available = false; ///< Discord has told what it looks like.
  bool removed = false;   ///< It has removed the bot.
  std::string language = {}, zone = {};
  uint64_t owner = 0;
  uint32_t channels = 0, roles = 0, in_voice = 0;
  uint32_t interactions = 0;             ///< Under way.
  std::vector<named_value> options = {}; ///< Set by moderators.
  std::vector<named_value> set_channels = {};
  std::vector<uint64_t> voice_channels = {}; ///< Tracked.
  std::vector<feature_line> features = {};
  std::vector<voice_view> voice = {}; ///< None: nothing has played there since the start.
  HEARTH_WIRE(guild_view, guild, name, available, removed, language, zone, owner, channels, roles,
              in_voice, interactions, options, set_channels, voice_channels, features, voice)
};

struct event_line {
  std::string type = {}; ///< "MESSAGE_CREATE"
  uint64_t received = 0;
  uint64_t wanted = 0; ///< Told to guilds, or kept the session or the cache up.
  uint64_t dropped = 0;
  HEARTH_WIRE(event_line, type, received, wanted, dropped)
};
struct event_list {
  std::vector<event_line> events = {}; ///< Those that ever came.
  HEARTH_WIRE(event_list, events)
};

struct trace_line {
  uint64_t number = 0;
  int64_t at_us = 0;        ///< The daemon's steady clock, as actor_list::at_us.
  std::string message = {}; ///< Its type's name, never its content.
  uint64_t took_us = 0;     ///< Time in the handler.
  uint64_t waiting = 0;     ///< Messages left in the mailbox.
  HEARTH_WIRE(trace_line, number, at_us, message, took_us, waiting)
};
struct trace_page {
  uint64_t actor = 0;
  std::string name = {};
  std::vector<trace_line> lines = {}; ///< Oldest first; empty at the first question.
  uint64_t lost = 0;                  ///< More came than the ring holds.
  uint64_t next = 0;                  ///< Ask with this for what comes after.
  HEARTH_WIRE(trace_page, actor, name, lines, lost, next)
};

// -- orders: need the right to steer --------------------------------------------------------------

/// Who gives an order, as the client says; only the right to steer itself is proven.
struct order_reload {
  uint16_t version = inspect_version;
  std::string by = {}; ///< "alice@pi"; likewise in every order.
  HEARTH_WIRE(order_reload, version, by)
};
struct order_job {
  uint16_t version = inspect_version;
  std::string by = {};
  std::string job = {};
  uint64_t guild = 0;
  bool everywhere = false; ///< In every guild that has it; `guild` does not count then.
  HEARTH_WIRE(order_job, version, by, job, guild, everywhere)
};
/// Ends an actor in order; its supervisor starts it again.
struct order_restart {
  uint16_t version = inspect_version;
  std::string by = {};
  std::string actor = {}; ///< "gateway_shard", "guild" or a feature.
  uint64_t guild = 0;
  HEARTH_WIRE(order_restart, version, by, actor, guild)
};
struct order_feature {
  uint16_t version = inspect_version;
  std::string by = {};
  std::string feature = {};
  uint64_t guild = 0;
  bool on = false;
  HEARTH_WIRE(order_feature, version, by, feature, guild, on)
};
struct order_log_level {
  uint16_t version = inspect_version;
  std::string by = {};
  std::string level = {};
  HEARTH_WIRE(order_log_level, version, by, level)
};
/// A verified copy of the database, made while it is in use.
struct order_backup {
  uint16_t version = inspect_version;
  std::string by = {};
  std::string file = {}; ///< Absolute, as the daemon sees it; must not exist.
  HEARTH_WIRE(order_backup, version, by, file)
};
/// Takes no new commands and starts no jobs; answered when all that were under way have ended.
struct order_drain {
  uint16_t version = inspect_version;
  std::string by = {};
  bool on = true; ///< False: work again.
  int64_t wait_ms_max = 30'000;
  HEARTH_WIRE(order_drain, version, by, on, wait_ms_max)
};
struct order_stop {
  uint16_t version = inspect_version;
  std::string by = {};
  HEARTH_WIRE(order_stop, version, by)
};
/// Makes the certificates anew; both ports are opened again with them.
struct order_renew {
  uint16_t version = inspect_version;
  std::string by = {};
  bool authorities = false; ///< The CAs as well: copies of certificates elsewhere become void.
  HEARTH_WIRE(order_renew, version, by, authorities)
};

/// An order was carried out. Trouble is an errc.
struct order_done {
  std::string text = {}; ///< One line for the operator.
  std::vector<std::string> details = {};
  HEARTH_WIRE(order_done, text, details)
};

} // namespace hearth
