#pragma once
// One websocket of the gateway: what the client may send and when (discord-api 1.1-1.8).
#include "discord-sim/frame_encoder.hpp"
#include "discord-sim/gateway_session.hpp"
#include "discord-sim/http.hpp"

namespace sim {

class gateway_hub;

/// Presence as a bot sends it in IDENTIFY or op 3 (1.5): of an activity only name, type, url and
/// state are kept. Nothing when it is malformed.
std::optional<presence> bot_presence(const json& d, unix_ms now);

class gateway_connection : public std::enable_shared_from_this<gateway_connection> {
public:
  gateway_connection(gateway_hub& hub, std::shared_ptr<websocket> socket,
                     const http_request& request);

  /// Says Hello and starts to listen. Not in the constructor: callbacks need shared_from_this().
  void open();

  /// Sends a payload in this connection's compression.
  void send_text(std::string text);
  /// A payload without t and s.
  void send_op(int op, const json& d);
  /// Close frame with a code of 1.8.
  void close(std::uint16_t code, std::string_view reason);
  /// Ends TCP without a close frame.
  void drop();
  /// Fault: the next messages come in two pieces (zlib-stream only).
  void split_next(int count) { split_ = count; }
  /// Fault: bytes that cannot be decoded.
  void send_garbage();
  /// The session was taken over or ended: this connection forgets it.
  void unlink() { session_ = nullptr; }

  bool sim_time() const { return sim_time_; }
  /// Tells the domain time to a client that asked for it (simulator's own extension): before the
  /// first GUILD_CREATE, and whenever a test moves it.
  void send_sim_time();
  /// It was told a time that it did not acknowledge yet.
  bool time_pending() const { return sim_time_ && session_ && told_time_ != acknowledged_time_; }
  const std::string& compression() const { return compression_; }
  std::size_t queued() const { return socket_->queued(); }
  std::shared_ptr<gateway_session> session() const { return session_; }

private:
  void on_text(std::string_view text, bool binary);
  void on_op(int op, const json& d);
  void on_closed(std::uint16_t code);
  void identify(const json& d);
  bool accept_shard(const json& d, const application& app, gateway_session& s);
  bool accept_guilds(const application& app, const gateway_session& s);
  bool accept_intents(const json& d, const application& app, gateway_session& s);
  void ready(const application& app);
  void next_guild();
  void resume(const json& d);
  void replay(std::int64_t seq);
  void update_presence(const json& d);
  void update_voice(const json& d);
  void request_sounds(const json& d);
  void request_channel_info(const json& d);
  bool count_send();
  void watch_heartbeat();
  void violate(std::string_view counter, std::uint16_t code, std::string_view reason);

  gateway_hub& hub_;
  std::shared_ptr<websocket> socket_;
  std::string compression_;
  std::unique_ptr<frame_encoder> encoder_;
  bool payload_compression_ = false; ///< IDENTIFY's compress:true
  bool version_ok_ = true;
  bool sim_time_ = false;
  unix_ms told_time_ = 0;
  unix_ms acknowledged_time_ = 0;
  bool closing_ = false;
  int split_ = 0;
  std::shared_ptr<gateway_session> session_;
  steady::time_point last_beat_;
  std::unique_ptr<timer_handle> beat_timer_;
  std::deque<steady::time_point> sends_;
};

} // namespace sim
