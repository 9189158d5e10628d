#include "actors/inspect/inspector.hpp"
#include "infra/inspect/certificates_context.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include <algorithm>
#include <filesystem>

namespace hearth {
namespace {

constexpr size_t log_lines_max = 1'000;

const char* health_name(store_health health) {
  constexpr const char* names[] = {"fine", "disk full", "read-only", "damaged", "busy", "failing"};
  return names[static_cast<size_t>(health)];
}

actor_line line_of(const actor_figures& from, int64_t now_ns) {
  auto line = actor_line{};
  line.id = from.id;
  line.name = from.name;
  line.guild = from.guild.value;
  line.waiting = from.depth;
  line.waiting_most = from.depth_max;
  line.handled = from.handled;
  line.busy_us = from.busy_ns / 1'000;
  line.longest_us = from.longest_ns / 1'000;
  line.longest = from.longest_message;
  line.restarts = from.restarts;
  if (from.stuck_since_ns != 0)
    line.stuck_ms =
        static_cast<uint64_t>(std::max<int64_t>(now_ns - from.stuck_since_ns, 0)) / 1'000'000;
  line.handling = from.handling;
  return line;
}

voice_view view_of(const voice_status& status) {
  auto seen = voice_view{};
  seen.phase = status.phase;
  seen.channel = status.channel.value;
  for (const auto& layer : status.layers)
    seen.layers.push_back(layer.sound + " " + std::to_string(layer.volume) + " %");
  seen.volume = status.volume;
  seen.paused = status.paused;
  seen.quality = status.quality;
  seen.dave_version = status.dave_version;
  seen.epoch = status.epoch;
  seen.members = status.members.size();
  seen.privacy_code = status.privacy_code;
  seen.endpoint = status.endpoint;
  seen.mode = status.mode;
  seen.latency_ms = status.latency_ms;
  seen.resumes = status.resumes;
  seen.frames_sent = status.frames_sent;
  seen.underruns = status.underruns;
  seen.drops = status.drops;
  return seen;
}

int64_t size_of(const std::string& path) {
  auto error = std::error_code{};
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

} // namespace

/// A status while its parts come in; the last one to hold it answers.
struct inspector::pending_status {
  daemon_status status;
  caf::typed_response_promise<daemon_status> promise;
  uint64_t shard_waiting = 0;
  ~pending_status() { promise.deliver(std::move(status)); }
};

inspector::inspector(caf::actor_config& config, inspector_parts parts)
    : at_home(config), parts_(std::move(parts)) {}

inspect_actor::behavior_type inspector::make_behavior() {
  return {
      [this](const ask_status&) { return on_status(); },
      [this](const ask_actors&) { return on_actors(); },
      [this](const ask_gates&) { return hand_on<gate_list>(parts_.rest, get_gates{}); },
      [this](const ask_jobs&) { return hand_on<job_list>(parts_.clock, get_jobs{}); },
      [this](const ask_guild& asked) { return on_guild(guild_id{asked.guild}); },
      [this](const ask_events&) { return on_events(); },
      [this](const ask_log& asked) -> caf::result<log_page> {
        return parts_.log->lines(asked.after, std::min<size_t>(asked.lines_max, log_lines_max));
      },
      [this](const ask_trace& asked) { return on_trace(asked); },
  };
}

void inspector::on_exit() { parts_ = {}; }

template <class Answer, class Handle, class Question>
caf::result<Answer> inspector::hand_on(const Handle& whom, Question question) {
  auto promise = make_response_promise<Answer>();
  request(whom, parts_.answer_max, std::move(question))
      .then([promise](
                const std::shared_ptr<const Answer>& answer) mutable { promise.deliver(*answer); },
            [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

// -- status ---------------------------------------------------------------------------------------

void inspector::fill_own(daemon_status& status) const {
  status.program = parts_.program;
  status.profile = parts_.profile;
  status.data_folder = parts_.data_folder;
  status.pid = ::getpid();
  status.now_ms = parts_.time->now().ms;
  status.uptime_ms = parts_.uptime_ms();
  status.online = parts_.online();
  status.log_level = parts_.log_level();
  const auto usage = read_process_usage();
  status.memory_bytes = usage.memory_bytes;
  status.memory_most_bytes = usage.memory_most_bytes;
  status.cpu_ms = usage.cpu_ms;
  status.threads = usage.threads;
  status.files = usage.files;
  status.files_max = usage.files_max;
  if (parts_.store) {
    status.store_commits = parts_.store->commits;
    status.store_writes = parts_.store->writes;
    status.store_failures = parts_.store->failures;
    status.store_longest_commit_us = static_cast<int64_t>(parts_.store->longest_commit_us.load());
    status.store_health = health_name(parts_.store->health.load());
  }
  if (const auto* figures = telemetry_of(home_system())) {
    auto mailboxes = queue_line{"actor mailboxes"};
    for (const auto& one : figures->actors()) {
      mailboxes.waiting += one.depth;
      mailboxes.most = std::max(mailboxes.most, one.depth_max); // of one actor
      ++status.actors;
    }
    status.queues.push_back(std::move(mailboxes));
  }
  status.database_bytes = size_of(parts_.database);
  status.host = read_host_health(parts_.data_folder);
  status.last_errors = parts_.log->errors();
  for (const auto& one : list_certificates(parts_.certificates))
    status.certificates.push_back({one.name, one.expires_ms});
}

caf::result<daemon_status> inspector::on_status() {
  auto promise = make_response_promise<daemon_status>();
  auto pending = std::make_shared<pending_status>();
  pending->promise = promise;
  auto& status = pending->status;
  fill_own(status);
  request(parts_.rest, parts_.answer_max, get_rest_status{})
      .then(
          [pending](const rest_status& rest) {
            auto& into = pending->status;
            into.rest_sent = rest.sent;
            into.rest_retried = rest.retried;
            into.rest_limited_429 = rest.limited_429;
            into.rest_refused = rest.refused;
            into.queues.push_back({"REST requests", rest.waiting});
          },
          [pending](const caf::error&) {});
  request(parts_.root, parts_.answer_max, get_children{})
      .then(
          [this, pending](const children& all) {
            auto& into = pending->status;
            into.draining = all.draining;
            for (const auto& [guild, actor] : all.guilds)
              into.guilds += guild ? 1 : 0;
            if (!all.shard) {
              into.shards.push_back({0, "being restarted"});
              return;
            }
            request(all.shard, parts_.answer_max, get_shard_status{})
                .then(
                    [pending](const shard_status& shard) {
                      pending->status.shards.push_back(
                          {0, shard.state, shard.latency_ms, shard.events, shard.dropped,
                           shard.forwarded, shard.guilds, shard.identifies, shard.resumes});
                    },
                    [pending](const caf::error&) {
                      pending->status.shards.push_back({0, "does not answer"});
                    });
          },
          [pending](const caf::error&) {});
  return promise;
}

// -- the others -----------------------------------------------------------------------------------

caf::result<actor_list> inspector::on_actors() const {
  const auto* figures = telemetry_of(home_system());
  if (!figures)
    return make_error(errc::not_found, "nobody counts actors in this system");
  auto list = actor_list{};
  const auto now_ns = steady_ns();
  const auto usage = read_process_usage();
  list.at_us = now_ns / 1'000;
  list.cpu_ms = usage.cpu_ms;
  list.memory_bytes = usage.memory_bytes;
  for (const auto& one : figures->actors())
    list.actors.push_back(line_of(one, now_ns));
  return list;
}

caf::result<trace_page> inspector::on_trace(const ask_trace& asked) const {
  auto* figures = telemetry_of(home_system());
  auto trace = figures ? figures->trace(asked.actor, asked.after) : std::nullopt;
  if (!trace)
    return make_error(errc::not_found, "actor " + std::to_string(asked.actor));
  auto page = trace_page{};
  page.actor = asked.actor;
  page.lost = trace->lost;
  page.next = trace->next;
  for (const auto& one : trace->messages)
    page.lines.push_back({one.number, one.at_ns / 1'000, one.message,
                          static_cast<uint64_t>(one.took_ns / 1'000), one.depth});
  return page;
}

caf::result<guild_view> inspector::on_guild(guild_id guild) {
  auto promise = make_response_promise<guild_view>();
  request(parts_.root, parts_.answer_max, get_children{})
      .then(
          [this, promise, guild](const children& all) mutable {
            const auto found = std::find_if(all.guilds.begin(), all.guilds.end(),
                                            [&](const auto& each) { return each.first == guild; });
            if (found == all.guilds.end()) {
              promise.deliver(make_error(errc::not_found, "guild " + to_string(guild)));
              return;
            }
            request(found->second, parts_.answer_max, get_guild_view{})
                .then([this, promise](const guild_view_ptr& view) { add_voice(*view, promise); },
                      [promise](const caf::error& why) mutable { promise.deliver(why); });
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

/// Answers with the view and the guild's voice; without, when there is none or it is silent.
void inspector::add_voice(guild_view view, caf::typed_response_promise<guild_view> promise) {
  if (!parts_.voice) {
    promise.deliver(std::move(view));
    return;
  }
  const auto guild = guild_id{view.guild};
  const auto whole = std::make_shared<guild_view>(std::move(view));
  const auto without = [promise, whole](const caf::error&) mutable { promise.deliver(*whole); };
  request(parts_.voice, parts_.answer_max, find_voice{guild})
      .then(
          [this, promise, whole, without](const voice_channel_actor& voice) {
            request(voice, parts_.answer_max, get_voice_status{})
                .then(
                    [promise, whole](const voice_status& status) mutable {
                      whole->voice.push_back(view_of(status));
                      promise.deliver(*whole);
                    },
                    without);
          },
          without);
}

caf::result<event_list> inspector::on_events() {
  auto promise = make_response_promise<event_list>();
  request(parts_.root, parts_.answer_max, get_children{})
      .then(
          [this, promise](const children& all) mutable {
            if (!all.shard) {
              promise.deliver(make_error(errc::not_found, "the gateway is being restarted"));
              return;
            }
            request(all.shard, parts_.answer_max, get_event_counts{})
                .then([promise](const event_list_ptr& events) mutable { promise.deliver(*events); },
                      [promise](const caf::error& why) mutable { promise.deliver(why); });
          },
          [promise](const caf::error& why) mutable { promise.deliver(why); });
  return promise;
}

} // namespace hearth
