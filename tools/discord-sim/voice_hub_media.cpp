// The UDP side of the voice server: IP discovery, keepalives, packets in and out (dave 2).
#include "discord-sim/mls_codec.hpp"
#include "discord-sim/voice_hub.hpp"

namespace sim {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t discovery_bytes = 74;
constexpr std::size_t keepalive_bytes = 8;
/// Packets that came before the first op 5, which takes another way, wait for it so long.
constexpr std::size_t held_max = 100;
constexpr auto held_limit = 1s;

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady::now().time_since_epoch())
      .count();
}

std::string address_text(std::uint32_t address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8)
    text += (text.empty() ? "" : ".") + std::to_string(address >> shift & 0xff);
  return text;
}

} // namespace

void voice_hub::received(voice_udp::peer from, std::string_view datagram) {
  if (datagram.size() == keepalive_bytes) {
    udp_->send(from, datagram); // assumed: echoed
    return;
  }
  if (datagram.size() == discovery_bytes &&
      datagram.substr(0, 4) == std::string_view("\0\1\0\x46", 4)) {
    discovery(from, datagram);
    return;
  }
  const auto head = read_rtp_head(datagram);
  const auto it = head ? by_ssrc_.find(head->ssrc) : by_ssrc_.end();
  // Packets of a session that just ended are nobody's mistake.
  if (const auto session = it == by_ssrc_.end() ? nullptr : it->second.lock())
    media(*session, datagram);
}

void voice_hub::discovery(voice_udp::peer from, std::string_view datagram) {
  mls_reader request(datagram.substr(4));
  const auto ssrc = request.u32();
  if (by_ssrc_.count(ssrc) == 0)
    return;
  if (mischief_.discoveries > 0) {
    --mischief_.discoveries;
    return;
  }
  mls_writer w;
  w.u16(2);
  w.u16(discovery_bytes - 4);
  w.u32(ssrc);
  auto address = address_text(from.address);
  address.resize(64, '\0');
  w.raw(address);
  w.u16(from.port);
  udp_->send(from, w.take());
}

void voice_hub::media(voice_session& session, std::string_view datagram) {
  if (session.at != voice_session::stage::live) {
    violate(violation::voice_frame_early, session.user, "a packet before Session Description");
    return;
  }
  const auto packet = open_rtp(session.mode, session.key, datagram);
  if (!packet) {
    violate(violation::voice_frame_forged, session.user, "a packet that does not open");
    return;
  }
  if (session.spoke) {
    take_packet(session, *packet);
    return;
  }
  if (session.held.size() >= held_max)
    return;
  session.held.push_back(*packet);
  if (session.held.size() > 1)
    return;
  session.held_limit = loop_.timer(held_limit, [this, weak = std::weak_ptr(find(session.token))] {
    const auto kept = weak.lock();
    if (!kept || kept->spoke || kept->held.empty())
      return;
    kept->held.clear();
    violate(violation::voice_silent_speaker, kept->user, "packets without op 5");
    if (kept->link)
      kept->link->close(4020, "Bad request.");
  });
}

void voice_hub::speaking(voice_session& session, int bits) {
  if (auto* room = find_room(session.channel))
    room->speaking(session, bits);
  if (bits == 0)
    return;
  session.spoke = true;
  session.held_limit.reset();
  const auto held = std::move(session.held);
  session.held.clear();
  for (const auto& packet : held)
    take_packet(session, packet);
}

void voice_hub::take_packet(voice_session& session, const rtp_packet& packet) {
  auto* room = find_room(session.channel);
  if (!room)
    return;
  for (const auto& [counter, sentence] : session.media.look(packet, room->encrypts(), now_us()))
    violate(counter, session.user, sentence);
  if (may_speak(session.guild, session.user))
    room->relay(session.user, packet);
  else
    session.media.count_dropped();
}

const voice_state* voice_hub::state_of(snowflake guild_id, snowflake user) const {
  const auto guild = core_.world.guilds.find(guild_id);
  if (guild == core_.world.guilds.end())
    return nullptr;
  const auto state = guild->second.voice.find(user);
  return state == guild->second.voice.end() ? nullptr : &state->second;
}

bool voice_hub::may_speak(snowflake guild, snowflake user) const {
  const auto* state = state_of(guild, user);
  return state && !state->mute && !state->suppress && !state->self_mute;
}

bool voice_hub::hears(const voice_session& session) const {
  const auto* state = state_of(session.guild, session.user);
  return state && session.at == voice_session::stage::live && session.peer && !state->deaf &&
         !state->self_deaf;
}

void voice_hub::send_packet(voice_session& session, const rtp_packet& packet) {
  auto own = packet;
  own.nonce = ++session.nonce;
  auto bytes = seal_rtp(session.mode, session.key, own, extend_);
  const auto turn = ++packets_out_;
  const auto one_in = [turn](int n) { return n > 0 && turn % static_cast<std::uint64_t>(n) == 0; };
  if (one_in(mischief_.lose))
    return;
  if (one_in(mischief_.reorder) && session.swapped.empty()) {
    session.swapped = std::move(bytes);
    return;
  }
  if (one_in(mischief_.twice))
    emit(session, bytes);
  emit(session, std::move(bytes));
  if (!session.swapped.empty())
    emit(session, std::exchange(session.swapped, {}));
}

void voice_hub::emit(voice_session& session, std::string datagram) {
  udp_->send(*session.peer, datagram);
}

// -- people

void voice_hub::heard(snowflake user, snowflake from, const rtp_packet& packet,
                      std::string_view opus) {
  ears_.heard(user, from, packet.timestamp, opus, now_us());
}

void voice_hub::record(snowflake user, const std::string& file) {
  ears_.record(user, file, now_us());
}

} // namespace sim
