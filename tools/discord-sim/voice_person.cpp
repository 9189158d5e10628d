#include "discord-sim/voice_person.hpp"
#include "discord-sim/voice_hub.hpp"
#include <algorithm>
#include <cmath>

namespace sim {

namespace {

enum op : int {
  op_prepare_transition = 21,
  op_execute_transition = 22,
  op_prepare_epoch = 24,
  op_external_sender = 25,
  op_proposals = 27,
  op_announce_commit = 29,
  op_welcome = 30
};

constexpr std::chrono::milliseconds word_ahead{100};

} // namespace

voice_person::voice_person(voice_hub& hub, voice_room& room, snowflake user)
    : hub_(hub), channel_(room.channel()), user_(user), member_(user, room.channel()) {}

void voice_person::later(std::function<void(voice_room&)> work) {
  // The room may be gone by then, and so may we.
  hub_.loop().post([hub = &hub_, channel = channel_, work = std::move(work)] {
    if (auto* room = hub->find_room(channel))
      work(*room);
  });
}

void voice_person::begin(int version) {
  version_ = version;
  if (version > 0)
    offer_key_package();
}

void voice_person::offer_key_package() {
  later([user = user_, bytes = member_.begin()](voice_room& room) {
    if (room.person(user))
      room.key_package(user, bytes);
  });
}

void voice_person::answer(std::uint16_t transition) {
  if (transition != 0)
    later([user = user_, transition](voice_room& room) { room.ready(user, transition); });
}

void voice_person::told(int op, const json& d) {
  if (op == op_prepare_epoch && d.value("epoch", 0) == 1) {
    version_ = d.value("protocol_version", 0);
    own_.reset();
    begin(version_);
  } else if (op == op_execute_transition) {
    const auto it = next_own_.find(d.value("transition_id", std::uint16_t{0}));
    if (it == next_own_.end())
      return;
    own_.emplace(it->second);
    next_own_.erase(it);
  } else if (op == op_prepare_transition) {
    if (d.value("protocol_version", 0) == 0)
      version_ = 0;
    answer(d.value("transition_id", std::uint16_t{0}));
  }
}

void voice_person::told_binary(std::uint8_t op, std::string_view payload) {
  std::uint16_t transition = 0;
  try {
    if (op == op_external_sender) {
      member_.external_sender(payload);
      return;
    }
    if (op == op_proposals) {
      member_.proposals(payload);
      return;
    }
    mls_reader from(payload);
    transition = from.u16();
    const auto message = from.take(from.left());
    if (op == op_welcome)
      member_.welcome(message);
    else if (op != op_announce_commit || !member_.commit(message))
      return;
    follow(transition);
    answer(transition);
  } catch (const mls_error& wrong) {
    ++invalid_;
    // As a client does: tell, begin anew (dave 3.4).
    later([user = user_, transition, bytes = member_.begin()](voice_room& room) {
      if (!room.person(user))
        return;
      room.invalid_commit(user, transition);
      room.key_package(user, bytes);
    });
    hub_.journal_note("person " + id_text(user_) + ": " + wrong.what());
  }
}

// Receivers take a new epoch's keys at once and keep the older ones (dave 3).
void voice_person::follow(std::uint16_t transition) {
  for (const auto other : member_.members())
    if (other != user_)
      senders_[other].epoch(member_.media_secret(other));
  if (!member_.established())
    return;
  if (transition == 0)
    own_.emplace(member_.media_secret(user_));
  else
    next_own_[transition] = member_.media_secret(user_);
}

void voice_person::hear(snowflake from, const rtp_packet& packet) {
  std::optional<std::string> opus;
  if (packet.payload == silence_frame) {
    opus = packet.payload;
  } else if (is_dave_frame(packet.payload)) {
    if (const auto it = senders_.find(from); it != senders_.end())
      opus = it->second.open(packet.payload);
    if (!opus) {
      ++undecryptable_;
      return;
    }
  } else {
    ++plain_;
    if (version_ > 0)
      return;
    opus = packet.payload;
  }
  ++heard_;
  hub_.heard(user_, from, packet, *opus);
}

void voice_person::speak(double hz, std::chrono::milliseconds length) {
  if (ssrc_ == 0)
    ssrc_ = hub_.new_ssrc();
  speech_.emplace();
  speech_->hz = hz;
  speech_->frames = static_cast<std::uint64_t>(length.count()) / 20;
  // Op 5 goes another way than packets: those of a stranger are dropped.
  speech_->began = std::chrono::steady_clock::now() + word_ahead;
  later([user = user_, ssrc = ssrc_](voice_room& room) {
    room.person_speaking(user, ssrc, 1);
    if (auto* person = room.person(user))
      person->wait_for_turn();
  });
}

void voice_person::wait_for_turn() {
  const auto due = speech_->began + speech_->said * std::chrono::milliseconds{20};
  const auto wait =
      std::chrono::duration_cast<std::chrono::milliseconds>(due - std::chrono::steady_clock::now());
  speech_->turn = hub_.loop().timer(std::max(wait, std::chrono::milliseconds{0}),
                                    [hub = &hub_, channel = channel_, user = user_] {
                                      auto* room = hub->find_room(channel);
                                      if (auto* person = room ? room->person(user) : nullptr)
                                        person->say();
                                    });
}

void voice_person::say() {
  constexpr std::uint64_t silent_frames = 5;
  constexpr double loud = 8000;
  constexpr double turn = 6.283185307179586;
  if (!speech_)
    return;
  auto* room = hub_.find_room(channel_);
  auto& s = *speech_;
  if (s.said == s.frames + silent_frames) {
    speech_.reset();
    room->person_speaking(user_, ssrc_, 0);
    return;
  }
  rtp_packet packet;
  packet.ssrc = ssrc_;
  packet.sequence = ++sequence_;
  packet.timestamp = timestamp_ += voice_frame;
  packet.payload = silence_frame;
  if (s.said < s.frames) {
    voice_pcm pcm(2 * static_cast<std::size_t>(voice_frame));
    for (std::size_t i = 0; i < pcm.size(); ++i) {
      const auto at = static_cast<double>(s.said * voice_frame + i / 2) / voice_rate;
      pcm[i] = static_cast<std::int16_t>(loud * std::sin(turn * s.hz * at));
    }
    packet.payload = s.mouth.encode(pcm);
    if (version_ > 0)
      packet.payload = own_ ? own_->seal(packet.payload) : std::string(silence_frame);
  }
  ++s.said;
  if (hub_.may_speak(room->guild(), user_))
    room->relay(user_, packet);
  wait_for_turn();
}

json voice_person::state() const {
  return {{"user_id", id_text(user_)}, {"in_group", member_.established()},
          {"epoch", member_.epoch()},  {"heard", heard_},
          {"plain", plain_},           {"undecryptable", undecryptable_},
          {"invalid", invalid_}};
}

} // namespace sim
