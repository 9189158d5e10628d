#pragma once
// The actor behind spawn_voice_link; for the .cpp files of this folder only.
#include "actors/voice/voice_link.hpp"
#include "infra/gateway/websocket_client.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/voice/transport_packet.hpp"
#include "infra/voice/voice_decode.hpp"
#include "infra/voice/voice_payloads.hpp"
#include "infra/voice/voice_session_rules.hpp"
#include <boost/asio/steady_timer.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <spdlog/spdlog.h>

namespace hearth {

class voice_link final : public on_asio<instrumented<voice_link_actor::base>> {
public:
  voice_link(caf::actor_config& config, asio_context& io, voice_engine& engine, link_order order);
  const char* name() const override { return "voice_link"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  guild_id home_guild() const override { return order_.guild; }

  // voice_link.cpp: the session
  void start();
  voice::voice_moment now();
  template <class Do> void guard(Do&& act);
  void act(const voice::voice_actions& actions);
  void obey(const voice::voice_do::connect&);
  void obey(const voice::voice_do::identify&);
  void obey(const voice::voice_do::resume& what);
  void obey(const voice::voice_do::heartbeat& what);
  void obey(const voice::voice_do::discover& what);
  void obey(const voice::voice_do::established& what);
  void obey(const voice::voice_do::resumed&);
  void obey(const voice::voice_do::close& what);
  void obey(const voice::voice_do::lost& what);
  void obey(const voice::voice_do::stopped&);
  void obey(const voice::voice_do::log& what);
  void note_phase();
  void rearm();
  void on_timer();
  void report(decltype(voice_link_news::what) what);
  void end_soon();
  void talk(const voice_talk& wish);
  void say_speaking(bool on);
  voice::voice_login login() const;
  link_status status() const;
  void order(voice::pacer_order what);

  // voice_link_media.cpp: UDP, DAVE
  void on_message(padded_text text, bool binary);
  void pass(const voice::voice_message& message);
  void discover_again();
  void on_packet(dave::byte_view packet);
  void hear(dave::byte_view packet);
  void act(dave::session_actions actions);
  void drop_transport();

  voice_engine& engine_;
  link_order order_;
  caf::strong_actor_ptr self_; ///< Held while callbacks may come; let go in on_exit.
  voice::voice_session session_;
  voice::voice_decoder decoder_;
  std::unique_ptr<websocket_client> socket_;
  std::unique_ptr<boost::asio::steady_timer> timer_;
  std::optional<int64_t> armed_ms_;
  std::minstd_rand random_;
  bool defunct_ = false; ///< A callback failed: the actor is about to end.
  bool over_ = false;    ///< It told its end.
  bool live_ = false;    ///< As the owner was told.
  bool talking_ = false;
  std::string why_; ///< What the session last logged.

  // Of one session over its resumes; new after an Identify.
  uint32_t ssrc_ = 0;
  voice::transport_mode mode_ = voice::transport_mode::xchacha20;
  std::unique_ptr<voice::udp_lease> lease_;
  std::optional<int64_t> discover_ms_;  ///< When to ask again.
  std::optional<int64_t> keepalive_ms_; ///< When the next one is due.
  uint64_t keepalives_ = 0;
  dave::bytes key_;                              ///< Of the transport.
  std::unique_ptr<voice::packet_opener> opener_; ///< Only with an ear.
  std::map<uint32_t, user_id> speakers_;         ///< By ssrc; only with an ear.
  dave::identity_key identity_;
  std::optional<dave::dave_session> dave_;
  uint16_t dave_version_ = 0;
};

/// Runs what an Asio callback does. A defect ends the actor, not the thread.
template <class Do> void voice_link::guard(Do&& act) {
  if (!socket_ || defunct_ || over_)
    return;
  try {
    act();
  } catch (const std::exception& defect) {
    defunct_ = true; // the socket itself is dropped in on_exit, not inside its own callback
    spdlog::critical("voice of guild {}: {}", order_.guild.value, defect.what());
    caf::anon_send_exit(self_, caf::exit_reason::unhandled_exception);
  }
}

} // namespace hearth
