#include "actors/gateway/gateway_shard_impl.hpp"
#include "infra/gateway/payloads.hpp"
#include "infra/gateway/websocket_url.hpp"
#include "messages/inspect.hpp"
#include <algorithm>
#include <ctime>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr size_t outgoing_max = 256;

/// Monotonic and counting suspension, so that a laptop that slept is noticed.
int64_t boot_ms() {
  auto time = timespec{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return int64_t{time.tv_sec} * 1'000 + time.tv_nsec / 1'000'000;
}

} // namespace

shard_actor spawn_gateway_shard(caf::actor_system& system, asio_context& io,
                                gateway_shard_options options, gateway_shard_handles handles) {
  return system.spawn<gateway_shard>(std::ref(io), std::move(options), std::move(handles));
}

gateway_shard::gateway_shard(caf::actor_config& config, asio_context& io,
                             gateway_shard_options options, gateway_shard_handles handles)
    : on_asio(config, io), options_(std::move(options)), handles_(std::move(handles)),
      intents_(intents_for(options_.routing.wants)),
      follows_time_(options_.follow_sim_time && is_loopback_url(options_.api)),
      session_(options_.timing, privileged_switches(intents_)), router_(options_.routing),
      random_(std::random_device{}()), presence_(options_.presence), figures_(counts().gateway) {}

gateway_shard::behavior_type gateway_shard::make_behavior() {
  start();
  return {
      [this](const update_voice_state& wanted) {
        queue({voice_state_payload(wanted), false, wanted.guild});
      },
      [this](const update_presence& wanted) {
        presence_ = wanted.text;
        queue({presence_payload(wanted.text), true, {}});
      },
      [this](const interaction_ptr& asked) {
        on_http_interaction(asked);
        rearm();
      },
      [this](const guild_lost& lost) {
        on_guild_lost(lost.guild);
        rearm();
      },
      [this](const guild_wants& said) { router_.set_wants(said); },
      [this](get_shard_status) { return status(); },
      [this](get_event_counts) { return event_counts(); },
      [this](const stop_shard& how) { return on_stop(how); },
  };
}

void gateway_shard::on_exit() {
  if (stop_promise_) // CAF tells a waiting caller nothing by itself
    stop_promise_->deliver(make_error(errc::stopping));
  stop_promise_.reset();
  figures_.phase.store("stopped", std::memory_order_relaxed);
  if (figures_.away_since_ms == 0)
    figures_.away_since_ms = steady_ns() / 1'000'000;
  socket_.reset();
  timer_.reset();
  links_.clear();
  unclaimed_.clear();
  handles_ = {};
  self_ = nullptr;
}

/// Runs what an Asio callback does. A defect ends the actor, not the thread: root starts another.
template <class Do> void gateway_shard::guard(Do&& act) {
  if (!socket_ || defunct_)
    return;
  try {
    act();
  } catch (const std::exception& defect) {
    defunct_ = true; // the socket itself is dropped in on_exit, not inside its own callback
    spdlog::critical("gateway: {}", defect.what());
    caf::anon_send_exit(self_, caf::exit_reason::unhandled_exception);
  }
}

void gateway_shard::start() {
  self_ = caf::strong_actor_ptr{ctrl()};
  set_down_handler([this](const caf::down_msg& down) {
    on_down(down);
    rearm();
  });
  timer_ = std::make_unique<boost::asio::steady_timer>(ioc());
  auto events = websocket_events{};
  events.opened = [this] { guard([this] { act(session_.connected(now())); }); };
  events.message = [this](padded_text text, bool binary) {
    if (!std::exchange(reading_, true))
      work_began("@socket");
    guard([&] { on_message(text, binary); });
  };
  events.drained = [this] {
    guard([this] {
      drained();
      rearm();
    });
    if (std::exchange(reading_, false))
      work_ended("@socket");
  };
  events.closed = [this](uint16_t code, const std::string& why) {
    guard([&] {
      spdlog::debug("gateway: connection ended: {} ({})", why, code);
      act(session_.disconnected(now(), code));
    });
  };
  socket_ = std::make_unique<websocket_client>(ioc(), options_.socket, std::move(events));
  holding_ = follows_time_;
  auto point = load_session();
  act(session_.start(now(), std::move(point), load_identifies()));
}

moment gateway_shard::now() {
  return {boot_ms(), std::uniform_real_distribution<double>{0, 1}(random_)};
}

void gateway_shard::act(const session_actions& actions) {
  for (const auto& action : actions)
    std::visit([this](const auto& what) { obey(what); }, action);
  rearm();
}

// -- what the session wants ---------------------------------------------------------------------

void gateway_shard::obey(const session_do::fetch_info&) {
  auto asked = rest_request{};
  asked.path = "/gateway/bot";
  asked.priority = rest_priority::member; // everybody waits for it
  asked.deadline_ms = options_.rest_ms_max;
  const auto number = ++fetches_;
  request(handles_.rest, std::chrono::milliseconds{options_.rest_ms_max + 1'000}, std::move(asked))
      .then(
          [this, number](const rest_response& answer) {
            if (number == fetches_)
              on_info(answer);
          },
          [this, number](const caf::error& error) {
            if (number != fetches_)
              return;
            spdlog::warn("gateway: cannot ask Discord where to connect: {}", describe(error));
            act(session_.info_failed(now(), error == make_error(errc::unauthorized)));
          });
}

void gateway_shard::on_info(const rest_response& answer) {
  auto info = gateway_info{};
  auto body = padded_buffer{};
  body.append(answer.body);
  if (answer.status == 401)
    return act(session_.info_failed(now(), true));
  if (!answer.ok() || !decoder_.read_info(body.text(), info)) {
    spdlog::warn("gateway: Discord does not say where to connect (HTTP {})", answer.status);
    return act(session_.info_failed(now(), false));
  }
  if (info.shards > options_.shards)
    spdlog::warn("gateway: Discord recommends {} shards, {} in use", info.shards, options_.shards);
  act(session_.info(now(), std::move(info)));
}

void gateway_shard::obey(const session_do::connect& what) {
  ++connections_;
  figures_.connections.add();
  codec_ = std::make_unique<transport_codec>(options_.mode, options_.socket.message_bytes_max);
  window_ = send_window{};
  // Plain connections never leave the machine, and only a local Discord may ask for one.
  const auto plain = what.url.rfind("ws://", 0) == 0;
  const auto allowed = !plain || is_loopback_url(options_.api);
  if (!allowed || !parse_websocket_url(what.url))
    spdlog::error("gateway: the address {} is not allowed", what.url);
  socket_->connect(allowed ? gateway_url(what.url, options_.mode, follows_time_) : "");
}

void gateway_shard::obey(const session_do::heartbeat& what) {
  send_urgent(heartbeat_payload(what.seq));
}

void gateway_shard::obey(const session_do::identify&) {
  saved_.reset(); // Discord does not know that session any more
  note_identify();
  figures_.identifies.add();
  spdlog::info("gateway: starting a new session");
  send_urgent(
      identify_payload(options_.token, {intents_, options_.shard, options_.shards, presence_}));
}

void gateway_shard::obey(const session_do::resume&) {
  spdlog::info("gateway: resuming the session");
  send_urgent(resume_payload(options_.token, session_.point()));
}

void gateway_shard::obey(const session_do::close& what) { socket_->close(what.code); }

void gateway_shard::obey(const session_do::give_up& what) {
  send(handles_.supervisor, fatal{78, what.text});
}

void gateway_shard::obey(const session_do::stopped&) {
  session_over_ = true;
  finish_stop(true);
}

void gateway_shard::obey(const session_do::log& what) {
  if (what.warning)
    spdlog::warn("{}", what.text);
  else
    spdlog::info("{}", what.text);
}

// -- sending ------------------------------------------------------------------------------------

/// Heartbeats, IDENTIFY and RESUME never wait, but they count.
void gateway_shard::send_urgent(const std::string& text) {
  if (text.size() > gateway_payload_bytes_max) { // Discord would close with 4002
    spdlog::error("gateway: a payload of {} bytes was not sent", text.size());
    return;
  }
  window_.sent_urgent(boot_ms());
  socket_->send(text);
}

/// Keeps an ordinary payload until its turn; a newer one of the same kind replaces it. The presence
/// has a limit of its own and stands last: nobody waits 20 s for a voice channel because of it.
void gateway_shard::queue(outgoing payload) {
  if (payload.text.size() > gateway_payload_bytes_max) {
    spdlog::error("gateway: a payload of {} bytes was not sent", payload.text.size());
    return;
  }
  const auto same = std::find_if(outgoing_.begin(), outgoing_.end(), [&](const outgoing& other) {
    return payload.presence ? other.presence : !other.presence && other.voice == payload.voice;
  });
  if (same != outgoing_.end()) {
    *same = std::move(payload);
  } else if (outgoing_.size() < outgoing_max) {
    const auto last = outgoing_.empty() || payload.presence || !outgoing_.back().presence;
    outgoing_.insert(outgoing_.end() - (last ? 0 : 1), std::move(payload));
  } else {
    figures_.outgoing_dropped.add();
    if (counters_.outgoing_dropped++ % 100 == 0)
      spdlog::warn("gateway: {} payloads wait already, one was dropped", outgoing_max);
    return;
  }
  pump();
  rearm();
}

void gateway_shard::pump() {
  pump_ms_.reset();
  while (!outgoing_.empty() && session_.phase() == session_phase::ready) {
    const auto now_ms = boot_ms();
    if (const auto wait = window_.take(now_ms, outgoing_.front().presence)) {
      pump_ms_ = now_ms + *wait;
      return;
    }
    socket_->send(outgoing_.front().text);
    outgoing_.pop_front();
  }
}

// -- time ---------------------------------------------------------------------------------------

/// One timer serves the session, the send window, guilds to be asked for again, and two deadlines.
void gateway_shard::rearm() {
  if (!timer_)
    return;
  publish();
  auto wake = session_.next_wake();
  const auto add = [&](std::optional<int64_t> when) {
    if (when && (!wake || *when < *wake))
      wake = when;
  };
  add(pump_ms_);
  add(hold_until_ms_);
  add(stop_by_ms_);
  add(ask_again_ms_);
  add(catch_up_ms_);
  add(look_ms_);
  add(flush_ms_);
  if (wake == armed_ms_)
    return;
  armed_ms_ = wake;
  if (!wake) {
    timer_->cancel();
    return;
  }
  timer_->expires_after(std::chrono::milliseconds{std::max<int64_t>(*wake - boot_ms(), 0)});
  timer_->async_wait([this, held = self_](boost::system::error_code error) {
    if (error)
      return;
    work_began("@timer");
    guard([this] { on_timer(); });
    work_ended("@timer");
  });
}

/// What others may read of the session without asking.
void gateway_shard::publish() {
  const auto phase = session_.phase();
  figures_.phase.store(to_string(phase).data(), std::memory_order_relaxed);
  figures_.latency_ms.store(session_.latency_ms(), std::memory_order_relaxed);
  figures_.guilds.set(router_.size());
  figures_.under_way.set(total_->under_way.load(std::memory_order_relaxed));
  auto& away = figures_.away_since_ms;
  if (phase == session_phase::ready)
    away.store(0, std::memory_order_relaxed);
  else if (away.load(std::memory_order_relaxed) == 0)
    away.store(steady_ns() / 1'000'000, std::memory_order_relaxed);
}

void gateway_shard::on_timer() {
  armed_ms_.reset();
  const auto now_ms = boot_ms();
  act(session_.tick(now()));
  if (pump_ms_ && *pump_ms_ <= now_ms)
    pump();
  if (hold_until_ms_ && *hold_until_ms_ <= now_ms) {
    spdlog::warn("gateway: the simulator does not tell the time; going on without");
    let_go();
  }
  if (ask_again_ms_ && *ask_again_ms_ <= now_ms)
    ask_again();
  if (catch_up_ms_ && *catch_up_ms_ <= now_ms)
    catch_up_all();
  if (look_ms_ && *look_ms_ <= now_ms)
    answer_overdue();
  if (flush_ms_ && *flush_ms_ <= now_ms)
    flush();
  if (stop_by_ms_ && *stop_by_ms_ <= now_ms)
    finish_stop(false);
  rearm();
}

shard_status gateway_shard::status() const {
  auto status = counters_;
  status.state = std::string{to_string(session_.phase())};
  status.latency_ms = session_.latency_ms();
  status.under_way = total_->under_way.load(std::memory_order_relaxed);
  status.waiting = waiting_events();
  status.outgoing = static_cast<uint32_t>(outgoing_.size());
  status.guilds = static_cast<uint32_t>(router_.size());
  status.identifies = session_.identifies();
  status.resumes = session_.resumes();
  return status;
}

event_list_ptr gateway_shard::event_counts() const {
  auto all = std::make_shared<event_list>();
  for (auto i = size_t{0}; i < event_kind_count; ++i) {
    const auto received = figures_.received[i].get(), dropped = figures_.dropped[i].get();
    if (received > 0)
      all->events.push_back({std::string{name_of(static_cast<event_kind>(i))}, received,
                             received - dropped, dropped});
  }
  return all;
}

} // namespace hearth
