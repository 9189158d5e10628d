#pragma once
// One voice channel with somebody connected: who is told of whom, and the voice gateway's side of
// DAVE: external sender, proposals, commits, transitions (dave 1.2, 1.3, 3).
#include "discord-sim/mls_delivery.hpp"
#include "discord-sim/voice_session.hpp"

namespace sim {

class voice_hub;
class voice_person;

class voice_room {
public:
  /// `plain`: a stage; never encrypted end to end.
  voice_room(voice_hub& hub, snowflake guild, snowflake channel, bool plain);
  ~voice_room();

  snowflake guild() const { return guild_; }
  snowflake channel() const { return channel_; }
  /// Version of DAVE that new clients are told; 0 on stages.
  int version() const { return version_; }
  /// True while frames have to be encrypted end to end.
  bool encrypts() const;
  bool empty() const { return sessions_.empty(); }
  /// The client of a person in it; nullptr when there is none.
  voice_person* person(snowflake user) const;

  void join(const std::shared_ptr<voice_session>& session);
  /// Its Session Description was sent.
  void live(voice_session& session);
  void leave(snowflake user);
  /// A person in the channel; gets a client of the simulator's own.
  void seat(snowflake user);

  void key_package(snowflake user, std::string_view bytes);
  void commit(snowflake user, std::string_view bytes);
  void ready(snowflake user, std::uint16_t transition);
  void invalid_commit(snowflake user, std::uint16_t transition);
  void speaking(voice_session& session, int bits);
  /// What a sender said, opened: goes to all others.
  void relay(snowflake from, const rtp_packet& packet);
  /// Op 5 of a person.
  void person_speaking(snowflake user, std::uint32_t ssrc, int bits);
  /// Op 25 has gone out to a session: it can be told of proposals.
  void sender_told(voice_session& session);

  /// Everybody is ready, or the time is up: op 22.
  void execute(std::uint16_t id);

  /// Fault: ends or begins end-to-end encryption.
  void set_version(int version);
  json state() const;

private:
  struct transition {
    int version = 1;
    std::set<snowflake> all;
    std::set<snowflake> waiting;
    std::unique_ptr<timer_handle> limit;
  };

  void broadcast(int op, const json& d, snowflake except = 0);
  void send(snowflake user, int op, const json& d);
  void send_binary(snowflake user, std::uint8_t op, std::string_view payload);
  /// Tells proposals to those who have not heard them.
  void sync();
  void announce(snowflake committer, const mls_delivery::verdict& v);
  std::uint16_t new_transition(int version, std::set<snowflake> whom);
  void recreate(bool alone);
  std::set<snowflake> participants() const;

  voice_hub& hub_;
  snowflake guild_;
  snowflake channel_;
  int version_;
  bool upgrading_ = false;
  mls_delivery delivery_;
  std::map<snowflake, std::shared_ptr<voice_session>> sessions_;
  std::map<snowflake, std::unique_ptr<voice_person>> people_;
  std::map<snowflake, std::string> early_; ///< key packages that came before op 25 went out
  std::map<std::uint16_t, transition> transitions_;
  std::uint16_t next_transition_ = 1;
  std::set<std::uint16_t> spoiled_; ///< transitions that carried a spoiled message
  steady::time_point plain_until_{};
  std::uint64_t commits_ = 0;
  std::uint64_t flagged_ = 0;
  std::uint64_t resets_ = 0;
};

} // namespace sim
