#pragma once
// One websocket of the voice gateway: what a client may send and when (dave 1).
#include "discord-sim/http.hpp"
#include "discord-sim/voice_session.hpp"

namespace sim {

class voice_hub;

class voice_connection : public std::enable_shared_from_this<voice_connection> {
public:
  voice_connection(voice_hub& hub, std::shared_ptr<websocket> socket, const http_request& request);

  /// Says Hello and starts to listen.
  void open();
  /// A message as it goes out.
  void send(const voice_session::sent& what);
  /// An op without a number: Ready, Session Description, acknowledgements.
  void send_op(int op, const json& d);
  void close(std::uint16_t code, std::string_view reason);
  /// Ends TCP without a close frame.
  void drop();
  /// The session ended or was taken over.
  void unlink() { session_ = nullptr; }

private:
  void on_message(std::string_view text, bool binary);
  void on_op(int op, const json& d);
  void on_binary(std::string_view bytes);
  void on_closed(std::uint16_t code);
  void identify(const json& d);
  void select(const json& d);
  void heartbeat(const json& d);
  void resume(const json& d);
  void speaking(const json& d);
  void transition(const json& d, bool ready);
  void watch_heartbeat();
  bool live();
  void violate(std::string_view counter, std::uint16_t code, std::string_view reason);
  void journal(bool in, std::string_view text) const;

  voice_hub& hub_;
  std::shared_ptr<websocket> socket_;
  std::string version_;
  std::shared_ptr<voice_session> session_;
  bool closing_ = false;
  bool beaten_ = false;
  std::unique_ptr<timer_handle> beat_timer_;
};

} // namespace sim
