// What passes besides the session's own messages: UDP, and the DAVE session.
#include <utility> // Asio 1.74 needs it first in C++20

#include "actors/voice/voice_link_impl.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/voice/transport_key_context.hpp"
#include <spdlog/spdlog.h>

namespace hearth {

void voice_link::on_message(padded_text text, bool binary) {
  const auto message =
      binary
          ? voice::voice_decoder::binary({reinterpret_cast<const uint8_t*>(text.data), text.size})
          : decoder_.text(text.view());
  if (!message)
    return act(session_.garbage(now()));
  act(session_.received(now(), *message));
  if (!over_)
    pass(message->message);
}

/// What is DAVE's business or about users.
void voice_link::pass(const voice::voice_message& message) {
  using namespace voice;
  if (!dave_)
    return;
  const auto at = now().now_ms;
  if (const auto* users = std::get_if<heard::users_connected>(&message)) {
    act(dave_->users_connected(users->users));
  } else if (const auto* gone = std::get_if<heard::user_disconnected>(&message)) {
    act(dave_->user_disconnected(gone->user));
    std::erase_if(speakers_, [&](const auto& known) { return known.second == gone->user; });
  } else if (const auto* speaking = std::get_if<heard::speaking>(&message)) {
    if (engine_.options().ear && speakers_.size() < users_max)
      speakers_[speaking->ssrc] = speaking->user;
  } else if (const auto* prepare = std::get_if<heard::prepare_transition>(&message)) {
    act(dave_->prepare_transition(at, prepare->transition, prepare->version));
  } else if (const auto* execute = std::get_if<heard::execute_transition>(&message)) {
    act(dave_->execute_transition(at, execute->transition));
  } else if (const auto* epoch = std::get_if<heard::prepare_epoch>(&message)) {
    act(dave_->prepare_epoch(at, epoch->epoch, epoch->version));
    dave_version_ = std::min(epoch->version, dave::protocol_version_max);
  } else if (const auto* mls = std::get_if<heard::dave_message>(&message)) {
    if (mls->op == 25)
      act(dave_->external_sender_package(mls->payload));
    else if (mls->op == 27)
      act(dave_->proposals(mls->payload));
    else if (mls->op == 29)
      act(dave_->commit_announced(at, mls->payload));
    else
      act(dave_->welcomed(at, mls->payload));
  }
}

void voice_link::act(dave::session_actions actions) {
  using namespace dave;
  const auto send = [this](uint8_t op, byte_view payload) {
    const auto message = voice::binary_message(op, payload);
    socket_->send_binary({reinterpret_cast<const char*>(message.data()), message.size()});
  };
  for (auto& action : actions) {
    if (const auto* package = std::get_if<session_do::send_key_package>(&action)) {
      send(26, package->payload);
    } else if (const auto* commit = std::get_if<session_do::send_commit>(&action)) {
      send(28, commit->payload);
    } else if (const auto* ready = std::get_if<session_do::send_ready>(&action)) {
      socket_->send(voice::transition_ready_payload(ready->transition));
    } else if (const auto* invalid = std::get_if<session_do::send_invalid>(&action)) {
      socket_->send(voice::invalid_commit_payload(invalid->transition));
    } else if (auto* speak = std::get_if<session_do::speak>(&action)) {
      auto sealer = std::unique_ptr<frame_sealer>{};
      if (speak->how == sending::encrypted)
        sealer = std::make_unique<frame_sealer>(openssl_suite(), speak->base);
      order(voice::pacer_do::speak{speak->how, std::move(sealer)});
      report(link_news::may_send{speak->how != sending::nothing});
    } else if (std::holds_alternative<session_do::reconnect>(action)) {
      obey(voice::voice_do::lost{voice::voice_close::join_again,
                                 "the encrypted group could not be joined again"});
      return;
    } else if (const auto* note = std::get_if<session_do::note>(&action)) {
      spdlog::log(note->warning ? spdlog::level::warn : spdlog::level::debug,
                  "voice of guild {}: {}", order_.guild.value, note->text);
    }
  }
}

// -- UDP ------------------------------------------------------------------------------------------

void voice_link::obey(const voice::voice_do::discover& what) {
  ssrc_ = what.ready.ssrc;
  const auto mode = voice::choose_transport_mode(what.ready.modes, engine_.costs());
  if (!mode)
    return act(session_.discovery_failed(now(), "the voice server offers no cipher we know"));
  mode_ = *mode;
  const auto address = voice::parse_udp_address(what.ready.address, what.ready.port);
  lease_ = nullptr;
  if (address)
    lease_ = engine_.sockets().lease(
        *address, [this](dave::byte_view packet) { guard([&] { on_packet(packet); }); });
  if (!lease_)
    return act(session_.discovery_failed(now(), "the voice server's UDP address is of no use"));
  discover_again();
}

void voice_link::discover_again() {
  discover_ms_.reset();
  if (session_.phase() != voice::voice_phase::discovering || !lease_)
    return;
  lease_->send(voice::discovery_request(ssrc_));
  discover_ms_ = now().now_ms + voice::discovery_retry_ms;
}

void voice_link::on_packet(dave::byte_view packet) {
  if (session_.phase() == voice::voice_phase::discovering) {
    const auto address = voice::read_discovery_answer(packet, ssrc_);
    if (!address)
      return;
    discover_ms_.reset();
    socket_->send(voice::select_protocol_payload(*address, mode_));
    return act(session_.discovered(now()));
  }
  if (opener_)
    hear(packet);
}

/// Discord may name a key again; the counter of nonces must not begin anew under the same one.
void voice_link::obey(const voice::voice_do::established& what) {
  const auto mode = voice::parse_transport_mode(what.session.mode);
  if (!mode || !lease_)
    return act(session_.garbage(now()));
  ssrc_ = what.ssrc;
  if (talking_) // before the first packet; the session stands although note_phase comes later
    say_speaking(true);
  if (key_ != what.session.secret_key || mode_ != *mode) {
    mode_ = *mode;
    key_ = what.session.secret_key;
    const auto chance = dave::openssl_suite().random(6);
    auto first = voice::rtp_header{};
    first.sequence = static_cast<uint16_t>(chance[0] << 8 | chance[1]);
    for (auto at = size_t{2}; at < chance.size(); ++at)
      first.timestamp = first.timestamp << 8 | chance[at];
    first.ssrc = ssrc_;
    order(voice::pacer_do::connect{lease_->port(), lease_->peer(),
                                   std::make_unique<voice::packet_sealer>(
                                       voice::make_transport_key(mode_, key_), mode_, first)});
    if (engine_.options().ear)
      opener_ =
          std::make_unique<voice::packet_opener>(voice::make_transport_key(mode_, key_), mode_);
  }
  keepalive_ms_ = now().now_ms + voice::keepalive_ms;
  dave_version_ = std::min(what.session.dave_version, dave::protocol_version_max);
  spdlog::info("voice of guild {}: session stands, {}, DAVE {}", order_.guild.value,
               voice::to_string(mode_), dave_version_);
  act(dave_->begin(now().now_ms, what.session.dave_version));
}

void voice_link::drop_transport() {
  order(voice::pacer_do::disconnect{});
  lease_.reset();
  opener_.reset();
  speakers_.clear();
  key_.clear();
  discover_ms_.reset();
  keepalive_ms_.reset();
  dave_version_ = 0;
}

/// Sound of others, for whoever asked for it.
void voice_link::hear(dave::byte_view packet) {
  const auto opened = opener_->open(packet);
  if (!opened)
    return;
  const auto speaker = speakers_.find(opened->header.ssrc);
  if (speaker == speakers_.end() || !dave_)
    return;
  auto opus = std::vector<uint8_t>{};
  auto frame = dave_->open(now().now_ms, speaker->second, opened->payload, opus);
  using outcome = dave::receiver_set::outcome;
  if (frame.outcome == outcome::opened || frame.outcome == outcome::plain)
    engine_.options().ear(order_.guild, speaker->second, opus);
  act(std::move(frame.actions));
}

} // namespace hearth
