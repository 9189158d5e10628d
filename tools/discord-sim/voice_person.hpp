#pragma once
// The simulator's own voice client of a person in a channel: a member of the DAVE group that hears
// what bots say and, asked to, speaks.
#include "discord-sim/dave_frames.hpp"
#include "discord-sim/event_loop.hpp"
#include "discord-sim/mls_member.hpp"
#include "discord-sim/opus_voice.hpp"
#include "discord-sim/voice_crypto.hpp"

namespace sim {

class voice_hub;
class voice_room;

class voice_person {
public:
  voice_person(voice_hub& hub, voice_room& room, snowflake user);

  /// Joins: sends its key package when the room encrypts.
  void begin(int version);
  /// A message of the voice gateway.
  void told(int op, const json& d);
  void told_binary(std::uint8_t op, std::string_view payload);
  /// A packet of another user, opened by the server.
  void hear(snowflake from, const rtp_packet& packet);
  /// Says a tone of that pitch, frame by frame in real time; a second call begins anew.
  void speak(double hz, std::chrono::milliseconds length);
  /// 0 while it says nothing.
  std::uint32_t speaking_ssrc() const { return speech_ ? ssrc_ : 0; }
  json state() const;

private:
  void offer_key_package();
  void answer(std::uint16_t transition);
  void follow(std::uint16_t transition);
  void say();
  void wait_for_turn();
  /// What the room does with it, after what it does now.
  void later(std::function<void(voice_room&)> work);

  voice_hub& hub_;
  snowflake channel_;
  snowflake user_;
  mls_member member_;
  int version_ = 0;
  std::map<snowflake, dave_sender> senders_;
  /// What it speaks with: the ratchet in use, and those of transitions to come.
  std::optional<dave_ratchet> own_;
  std::map<std::uint16_t, std::string> next_own_;
  struct speech {
    opus_mouth mouth;
    double hz = 0;
    std::uint64_t said = 0;
    std::uint64_t frames = 0;
    std::chrono::steady_clock::time_point began;
    std::unique_ptr<timer_handle> turn;
  };
  std::optional<speech> speech_;
  std::uint32_t ssrc_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint64_t heard_ = 0;
  std::uint64_t plain_ = 0;
  std::uint64_t undecryptable_ = 0;
  std::uint64_t invalid_ = 0;
};

} // namespace sim
