#pragma once
// All voice sessions and rooms, the TLS port and the UDP socket.
#include "discord-sim/voice_connection.hpp"
#include "discord-sim/voice_ears.hpp"
#include "discord-sim/voice_room.hpp"

namespace sim {

class voice_hub : public voice_server {
public:
  /// Opens both ports and writes the authority's certificate. Throws std::runtime_error.
  voice_hub(core& c, event_loop& loop, voice_options options);
  ~voice_hub() override;

  // voice_server
  ticket admit(const voice_state& state) override;
  void seat(const voice_state& state) override;
  void depart(snowflake guild, snowflake user) override;
  void delete_channel(snowflake channel) override;
  void listen(snowflake user, std::shared_ptr<websocket> socket) override {
    ears_.listen(user, std::move(socket));
  }
  void record(snowflake user, const std::string& file) override;
  std::optional<json> stop_recording(snowflake user) override { return ears_.stop_recording(user); }
  bool speak(snowflake user, double hz, std::chrono::milliseconds length) override;
  voice_options& options() override { return options_; }
  std::string endpoint() const override;
  const std::string& authority() const override { return certificate_.authority; }
  json state() const override;
  void close(snowflake user, std::uint16_t code) override;
  void refuse_resumes(int count) override { refuse_resumes_ = count; }
  void drop_acks(bool on) override { drop_acks_ = on; }
  void mischief(udp_mischief what) override { mischief_ = what; }
  void delay(int op, std::chrono::milliseconds by) override { delays_[op] = by; }
  void spoil_commits(int count) override { spoil_commits_ = count; }
  void spoil_welcomes(int count) override { spoil_welcomes_ = count; }
  void first_sequence(int value) override { first_seq_ = value; }
  void offer(std::vector<std::string> modes) override;
  void extend_packets(bool on) override { extend_ = on; }
  void move_server(snowflake guild, bool gone) override;
  void set_dave(snowflake channel, int version) override;
  void clear_faults() override;

  // For connections and rooms.
  voice_room* find_room(snowflake channel);
  core& world_core() { return core_; }
  event_loop& loop() { return loop_; }
  const external_sender& sender() const { return sender_; }
  std::uint16_t udp_port() const { return udp_->port(); }
  json modes() const;
  bool offers(voice_mode mode) const;
  void violate(std::string_view counter, snowflake user, const std::string& sentence);
  /// What a binary message is, as JSON for the journal.
  std::string describe(std::string_view bytes, bool from_server) const;
  std::shared_ptr<voice_session> find(std::string_view token) const;
  bool was_token(const std::string& token) const { return ended_.count(token) != 0; }
  bool needs_dave(const voice_session& session) const;
  int dave_version(const voice_session& session);
  void identified(voice_session& session);
  void join_room(voice_session& session);
  void leave_room(const voice_session& session);
  void became_live(voice_session& session);
  void detached(voice_session& session);
  void forget(voice_connection& connection);
  void speaking(voice_session& session, int bits);
  void key_package(voice_session& session, std::string_view bytes);
  void commit(voice_session& session, std::string_view bytes);
  void transition_ready(voice_session& session, std::uint16_t id);
  void invalid_commit(voice_session& session, std::uint16_t id);
  bool acks_dropped() const { return drop_acks_; }
  bool take_refused_resume() { return refuse_resumes_ > 0 && refuse_resumes_-- > 0; }
  bool take_spoiled_commit() { return spoil_commits_ > 0 && spoil_commits_-- > 0; }
  bool take_spoiled_welcome() { return spoil_welcomes_ > 0 && spoil_welcomes_-- > 0; }
  /// Numbers a message and sends it, now or, delayed by a fault, later.
  void send(const std::shared_ptr<voice_session>& session, int op, const json& d);
  void send_binary(const std::shared_ptr<voice_session>& session, std::uint8_t op,
                   std::string payload);
  /// What a person heard: to their recorder and their pages.
  void heard(snowflake user, snowflake from, const rtp_packet& packet, std::string_view opus);
  void journal_note(const std::string& sentence);
  /// False for whom a moderator muted, and on a stage for whom nobody asked up (discord-api 6).
  bool may_speak(snowflake guild, snowflake user) const;
  std::uint32_t new_ssrc() { return ++next_ssrc_ * 7 + 1000; } // no order that one could count on
  /// Whether a session gets what others say.
  bool hears(const voice_session& session) const;
  void send_packet(voice_session& session, const rtp_packet& packet);

private:
  voice_room& room_of(snowflake guild, snowflake channel);
  const voice_state* state_of(snowflake guild, snowflake user) const;
  std::shared_ptr<voice_session> session_in(snowflake guild, snowflake user) const;
  void end(const std::shared_ptr<voice_session>& session, std::uint16_t code);
  void received(voice_udp::peer from, std::string_view datagram);
  void discovery(voice_udp::peer from, std::string_view datagram);
  void media(voice_session& session, std::string_view datagram);
  void take_packet(voice_session& session, const rtp_packet& packet);
  void emit(voice_session& session, std::string datagram);
  template <class F> void later(int op, const std::shared_ptr<voice_session>& session, F send);

  core& core_;
  event_loop& loop_;
  voice_options options_;
  voice_certificate certificate_ = make_voice_certificate();
  external_sender sender_;
  voice_ears ears_;
  std::unique_ptr<voice_udp> udp_;
  std::unique_ptr<voice_listener> listener_;
  std::vector<std::shared_ptr<voice_connection>> connections_;
  std::map<std::string, std::shared_ptr<voice_session>, std::less<>> sessions_; ///< by token
  std::map<std::uint32_t, std::weak_ptr<voice_session>> by_ssrc_;
  std::map<snowflake, std::unique_ptr<voice_room>> rooms_; ///< by channel
  std::set<std::string> ended_;
  std::set<snowflake> gone_; ///< guilds whose server went away
  bool other_host_ = false;
  std::uint32_t next_ssrc_ = 0;
  std::vector<voice_mode> modes_;
  std::map<int, std::chrono::milliseconds> delays_;
  udp_mischief mischief_;
  std::uint64_t packets_out_ = 0;
  int refuse_resumes_ = 0;
  int spoil_commits_ = 0;
  int spoil_welcomes_ = 0;
  int first_seq_ = 0;
  bool drop_acks_ = false;
  bool extend_ = false;
};

} // namespace sim
