// What the socket brings: control payloads, dispatches, and the simulator's time.
#include "actors/gateway/gateway_shard_impl.hpp"
#include "infra/gateway/payloads.hpp"
#include <chrono>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr int64_t hold_ms_max = 5'000; // for the simulator's time after READY

int64_t steady_ms() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

} // namespace

void gateway_shard::on_message(padded_text text, bool binary) {
  const auto outcome = codec_->push(text, binary);
  if (outcome == transport_codec::outcome::broken)
    return act(session_.garbage(now()));
  if (outcome == transport_codec::outcome::incomplete)
    return;
  auto rest = codec_->text();
  // Several payloads in one message are legal in a zlib stream, and rare: "}{" betrays them.
  while (binary && options_.mode == compression::zlib && may_hold_several(rest.view())) {
    const auto size = first_document(rest.view());
    if (size == 0 || size == rest.size)
      break;
    on_payload({rest.data, size});
    rest = {rest.data + size, rest.size - size};
  }
  on_payload(rest);
}

void gateway_shard::on_payload(padded_text payload) {
  const auto head = scan_envelope(payload.view());
  if (!head.ok)
    return act(session_.garbage(now()));
  switch (head.op) {
  case 0:
    return on_dispatch(head, payload);
  case 1:
    return act(session_.heartbeat_asked(now()));
  case 7:
    return act(session_.reconnect_asked(now()));
  case 9: {
    auto data = invalid_session_data{};
    decoder_.read(payload, data);
    return act(session_.invalid_session(now(), data.resumable));
  }
  case 10: {
    auto data = hello_data{};
    decoder_.read(payload, data);
    return act(session_.hello(now(), data.heartbeat_interval_ms));
  }
  case 11:
    return act(session_.heartbeat_ack(now()));
  case 200:
    return follows_time_ ? on_sim_time(payload) : void();
  default:
    return; // unknown ones are ignored (discord-api 11)
  }
}

void gateway_shard::on_dispatch(const envelope& head, padded_text payload) {
  const auto replaying = session_.is_resuming();
  if (!session_.dispatch(replaying ? now().now_ms : 0, head.seq))
    return;
  if (replaying && saved_) // only a session that Discord still knows is replayed
    apply_saved();
  const auto kind = kind_of(head.type);
  ++counters_.events;
  const auto at_kind = static_cast<size_t>(kind);
  figures_.received[at_kind].add();
  if (kind == event_kind::ready)
    return on_ready(payload);
  if (kind == event_kind::resumed) {
    figures_.resumes.add();
    act(session_.resumed(now()));
    spdlog::info("gateway: resumed, {} guilds", router_.size());
    if (holding_ && !hold_until_ms_)
      hold_until_ms_ = now().now_ms + hold_ms_max;
    return pump();
  }
  const auto dropped = [&] {
    ++counters_.dropped;
    figures_.dropped[at_kind].add();
  };
  if (!router_.wants(kind))
    return dropped();
  auto at = routing_moment{0, 0, replaying};
  if (kind == event_kind::interaction)
    at = {steady_ms(), domain_ms(), replaying && !holding_}; // no age before the time is known
  switch (router_.dispatch(kind, payload, at)) {
  case routed::forwarded:
    ++counters_.forwarded;
    figures_.forwarded[at_kind].add();
    break;
  case routed::dropped:
    dropped();
    break;
  case routed::expired:
    figures_.expired.add();
    dropped();
    spdlog::debug("gateway: an interaction expired while we were away");
    break;
  case routed::broken:
    dropped();
    broken("", head);
    break;
  }
}

/// One undecodable dispatch is logged and no reason to reconnect (discord-api 11).
void gateway_shard::broken(std::string_view what, const envelope& head) {
  figures_.undecodable.add();
  if (figures_.undecodable.get() <= 100)
    spdlog::warn("gateway: cannot decode {} (s {}){}", head.type.substr(0, 64), head.seq, what);
}

void gateway_shard::on_ready(padded_text payload) {
  if (session_.phase() != session_phase::identifying)
    return;
  auto data = ready_data{};
  if (!decoder_.read(payload, data)) {
    spdlog::error("gateway: cannot decode READY");
    return act(session_.garbage(now()));
  }
  application_ = data.application;
  note_identify_read();
  act(session_.ready(now(), data.session_id, data.resume_url));
  router_.ready(data);
  spdlog::info("gateway: ready as {}, {} guilds", data.user_name, data.guilds.size());
  introduce_bot(data.guilds);
  if (holding_)
    hold_until_ms_ = now().now_ms + hold_ms_max;
  pump();
}

// -- the simulator's time -----------------------------------------------------------------------

/// Domain time moves: everything told so far happened before, the clock carries it out, and only
/// then the simulator hears that it is done.
void gateway_shard::on_sim_time(padded_text payload) {
  auto data = sim_time_data{};
  if (!decoder_.read(payload, data))
    return;
  if (!holding_)
    flush();
  hold_until_ms_.reset();
  const auto now_ms = data.now_ms;
  const auto connection = connections_;
  if (!handles_.clock)
    return sim_time_settled(connection, now_ms);
  request(handles_.clock, std::chrono::milliseconds{options_.clock_ms_max},
          time_moved{instant{now_ms}})
      .then([this, connection, now_ms](time_settled) { sim_time_settled(connection, now_ms); },
            [this, connection, now_ms](const caf::error& error) {
              spdlog::warn("gateway: the clock did not follow: {}", describe(error));
              sim_time_settled(connection, now_ms);
            });
}

void gateway_shard::sim_time_settled(uint64_t connection, int64_t now_ms) {
  let_go();
  // A new connection is told the time anew, and must not hear of the old one's.
  if (connection == connections_ && session_.phase() == session_phase::ready)
    send_urgent(sim_time_payload(now_ms));
}

/// The time is known: what was held back may be told.
void gateway_shard::let_go() {
  hold_until_ms_.reset();
  if (std::exchange(holding_, false)) {
    for (const auto& guilds : std::exchange(held_identity_, {}))
      introduce_bot(guilds);
    flush();
  }
  rearm();
}

int64_t gateway_shard::domain_ms() const {
  if (options_.now_ms)
    return options_.now_ms();
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

} // namespace hearth
