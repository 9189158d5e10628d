#include <utility> // Asio 1.74 needs it first in C++20

#include "actors/voice/voice_link_impl.hpp"
#include "infra/dave/openssl_context.hpp"
#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr size_t message_bytes_max = dave::payload_size_max + 16;

/// Monotonic and counting suspension, so that a laptop that slept is noticed.
int64_t boot_ms() {
  auto time = timespec{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return int64_t{time.tv_sec} * 1'000 + time.tv_nsec / 1'000'000;
}

/// Plain only where the endpoint says so, which websocket_client takes on loopback alone.
std::string url_of(const std::string& endpoint) {
  const auto* const scheme = endpoint.find("://") == std::string::npos ? "wss://" : "";
  return scheme + endpoint + "/?v=8";
}

} // namespace

voice_link_actor spawn_voice_link(caf::actor_system& system, voice_engine& engine,
                                  link_order order) {
  return system.spawn<voice_link>(std::ref(engine.io()), std::ref(engine), std::move(order));
}

voice_link::voice_link(caf::actor_config& config, asio_context& io, voice_engine& engine,
                       link_order order)
    : on_asio(config, io), engine_(engine), order_(std::move(order)),
      session_(engine.options().timing), random_(std::random_device{}()),
      identity_(dave::make_identity_key(dave::openssl_suite(), order_.self)) {}

voice_link::behavior_type voice_link::make_behavior() {
  start();
  return {
      [this](const voice_talk& wish) { guard([&] { talk(wish); }); },
      [this](hang_up) { guard([this] { act(session_.stop(now())); }); },
      [this](get_link_status) { return status(); },
      [this](get_parties asked) -> caf::result<parties_ptr> {
        auto parties = dave_ ? dave_->fingerprint_with(asked.member) : std::nullopt;
        if (!parties)
          return make_error(errc::not_found, "this member is not in the encrypted call");
        return std::make_shared<const std::pair<dave::fingerprint_party, dave::fingerprint_party>>(
            std::move(*parties));
      },
      [this](line_quiet) {
        if (!talking_)
          guard([this] { say_speaking(false); });
      },
  };
}

void voice_link::on_exit() {
  order(voice::pacer_do::remove{});
  if (live_)
    engine_.counters().sessions.fetch_sub(1);
  live_ = false;
  socket_.reset();
  timer_.reset();
  lease_.reset();
  order_.owner = nullptr;
  self_ = nullptr;
}

void voice_link::start() {
  self_ = caf::strong_actor_ptr{ctrl()};
  timer_ = std::make_unique<boost::asio::steady_timer>(ioc());
  auto options = websocket_options{};
  options.user_agent = engine_.options().user_agent;
  options.ca_file = engine_.options().ca_file;
  options.message_bytes_max = message_bytes_max;
  auto events = websocket_events{};
  events.opened = [this] { guard([this] { act(session_.connected(now())); }); };
  events.message = [this](padded_text text, bool binary) {
    work_began("@socket");
    guard([&] { on_message(text, binary); });
    work_ended("@socket");
  };
  events.drained = [] {};
  events.closed = [this](uint16_t code, const std::string& why) {
    guard([&] {
      spdlog::debug("voice of guild {}: connection ended: {} ({})", order_.guild.value, why, code);
      act(session_.disconnected(now(), code));
    });
  };
  socket_ = std::make_unique<websocket_client>(ioc(), std::move(options), std::move(events));
  engine_.counters().joins.fetch_add(1);
  act(session_.start(now()));
}

voice::voice_moment voice_link::now() {
  return {boot_ms(), std::uniform_real_distribution<double>{0, 1}(random_)};
}

void voice_link::act(const voice::voice_actions& actions) {
  for (const auto& action : actions)
    std::visit([this](const auto& what) { obey(what); }, action);
  note_phase();
  rearm();
}

// -- what the session wants -----------------------------------------------------------------------

void voice_link::obey(const voice::voice_do::connect&) {
  socket_->connect(url_of(order_.place.endpoint));
}

/// Everything of the session before is gone with it.
void voice_link::obey(const voice::voice_do::identify&) {
  drop_transport();
  dave_.emplace(dave::openssl_suite(), identity_, order_.place.channel);
  socket_->send(voice::identify_payload(login()));
}

void voice_link::obey(const voice::voice_do::resume& what) {
  socket_->send(voice::resume_payload(login(), what.seq_ack));
}

void voice_link::obey(const voice::voice_do::heartbeat& what) {
  socket_->send(voice::heartbeat_payload(what.nonce, what.seq_ack));
}

void voice_link::obey(const voice::voice_do::resumed&) {
  engine_.counters().resumes.fetch_add(1);
  if (talking_)
    say_speaking(true);
}

void voice_link::obey(const voice::voice_do::close& what) { socket_->close(what.code); }

void voice_link::obey(const voice::voice_do::lost& what) {
  if (over_)
    return;
  spdlog::info("voice of guild {}: session over: {}", order_.guild.value, what.why);
  engine_.counters().losses.fetch_add(1);
  drop_transport();
  report(link_news::lost{what.what, what.why});
  end_soon();
}

void voice_link::obey(const voice::voice_do::stopped&) {
  if (over_)
    return;
  drop_transport();
  report(link_news::ended{});
  end_soon();
}

void voice_link::obey(const voice::voice_do::log& what) {
  why_ = what.text;
  spdlog::log(what.warning ? spdlog::level::warn : spdlog::level::info, "voice of guild {}: {}",
              order_.guild.value, what.text);
}

/// Never inside a callback of the socket.
void voice_link::end_soon() {
  over_ = true;
  caf::anon_send_exit(self_, caf::exit_reason::user_shutdown);
}

void voice_link::report(decltype(voice_link_news::what) what) {
  if (order_.owner)
    caf::anon_send(order_.owner, voice_link_news{order_.number, std::move(what)});
}

/// Tells the owner when the session begins or ceases to stand.
void voice_link::note_phase() {
  const auto live = session_.phase() == voice::voice_phase::live;
  if (live == live_)
    return;
  live_ = live;
  engine_.counters().sessions.fetch_add(live ? 1 : -1);
  if (live)
    report(link_news::stands{});
  else if (!over_ && session_.phase() != voice::voice_phase::closing)
    report(link_news::interrupted{why_});
}

// -- time -----------------------------------------------------------------------------------------

/// One timer serves the session, IP discovery and keepalives.
void voice_link::rearm() {
  if (!timer_ || over_)
    return;
  auto wake = session_.next_wake();
  for (const auto& when : {discover_ms_, keepalive_ms_})
    if (when && (!wake || *when < *wake))
      wake = when;
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

void voice_link::on_timer() {
  armed_ms_.reset();
  const auto now_ms = boot_ms();
  if (discover_ms_ && *discover_ms_ <= now_ms)
    discover_again();
  if (keepalive_ms_ && *keepalive_ms_ <= now_ms) {
    keepalive_ms_ = now_ms + voice::keepalive_ms;
    if (lease_)
      lease_->send(voice::keepalive_packet(keepalives_++));
  }
  act(session_.tick(now()));
}

// -- talking --------------------------------------------------------------------------------------

void voice_link::talk(const voice_talk& wish) {
  talking_ = wish.on;
  if (wish.on)
    say_speaking(true); // before the first packet, or Discord closes the connection
  order(voice::pacer_do::talk{wish.on, wish.drain});
}

void voice_link::say_speaking(bool on) {
  if (session_.phase() != voice::voice_phase::live)
    return;
  socket_->send(voice::speaking_payload(
      on ? voice::speaking_flag::microphone : voice::speaking_flag::none, ssrc_));
}

void voice_link::order(voice::pacer_order what) {
  engine_.pacer().order(order_.line, std::move(what));
}

voice::voice_login voice_link::login() const {
  return {order_.guild, order_.self, order_.place.session_id, order_.place.token};
}

link_status voice_link::status() const {
  auto out = link_status{};
  out.dave_version = dave_version_;
  if (dave_ && dave_version_ > 0) {
    out.epoch = dave_->epoch();
    out.privacy_code = dave_->privacy_code();
    out.members = dave_->members();
  }
  if (lease_)
    out.mode = std::string{voice::to_string(mode_)};
  out.latency_ms = session_.latency_ms();
  out.resumes = session_.resumes();
  return out;
}

} // namespace hearth
