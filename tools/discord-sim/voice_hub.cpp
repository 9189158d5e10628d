#include "discord-sim/voice_hub.hpp"
#include "discord-sim/voice.hpp"
#include "discord-sim/voice_person.hpp"
#include <algorithm>
#include <fstream>

namespace sim {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t ended_max = 10000;

} // namespace

voice_hub::voice_hub(core& c, event_loop& loop, voice_options options)
    : core_(c), loop_(loop), options_(std::move(options)) {
  offer({});
  udp_ = std::make_unique<voice_udp>(
      loop, [this](voice_udp::peer from, std::string_view datagram) { received(from, datagram); });
  listener_ = std::make_unique<voice_listener>(
      loop, options_.port, certificate_,
      [this](std::shared_ptr<websocket> socket, const http_request& request) {
        auto connection = std::make_shared<voice_connection>(*this, std::move(socket), request);
        connections_.push_back(connection);
        connection->open();
      });
  if (options_.ca_file.empty())
    return;
  std::ofstream file(options_.ca_file, std::ios::trunc);
  if (!(file << certificate_.authority).flush())
    throw std::runtime_error("cannot write " + options_.ca_file);
}

voice_hub::~voice_hub() = default;

std::string voice_hub::endpoint() const {
  // The certificate has both names: another host is another server to a client.
  return (other_host_ ? "localhost:" : "127.0.0.1:") + std::to_string(listener_->port());
}

void voice_hub::violate(std::string_view counter, snowflake user, const std::string& sentence) {
  core_.violations.count(counter, (user != 0 ? "user " + id_text(user) + ": " : "") + sentence);
}

std::string voice_hub::describe(std::string_view bytes, bool from_server) const {
  json line{{"bytes", bytes.size()}};
  mls_reader from(bytes);
  if (from_server && from.left() >= 2)
    line["seq"] = from.u16();
  line["op"] = from.left() > 0 ? from.u8() : 0;
  if (from_server && (line["op"] == 29 || line["op"] == 30) && from.left() >= 2)
    line["transition_id"] = from.u16();
  return line.dump();
}

void voice_hub::journal_note(const std::string& sentence) {
  if (auto& hook = core_.hooks.on_voice)
    hook(0, true, json{{"note", sentence}}.dump());
}

// -- sessions

std::shared_ptr<voice_session> voice_hub::find(std::string_view token) const {
  const auto it = sessions_.find(token);
  return it == sessions_.end() ? nullptr : it->second;
}

std::shared_ptr<voice_session> voice_hub::session_in(snowflake guild, snowflake user) const {
  for (const auto& [token, session] : sessions_)
    if (session->guild == guild && session->user == user)
      return session;
  return nullptr;
}

voice_server::ticket voice_hub::admit(const voice_state& state) {
  if (const auto old = session_in(state.guild, state.user))
    end(old, 4014);
  if (gone_.count(state.guild) != 0)
    return {core_.random_hex(8), ""};
  auto session = std::make_shared<voice_session>();
  session->user = state.user;
  session->guild = state.guild;
  session->channel = state.channel;
  session->session_id = state.session_id;
  session->token = core_.random_hex(8);
  session->key = random_bytes(key_bytes);
  sessions_[session->token] = session;
  return {session->token, endpoint()};
}

void voice_hub::seat(const voice_state& state) {
  for (const auto& [channel, room] : rooms_)
    if (room->guild() == state.guild && channel != state.channel)
      room->leave(state.user);
  // A room without a bot has nobody who could be heard.
  if (auto* room = find_room(state.channel))
    room->seat(state.user);
}

void voice_hub::depart(snowflake guild, snowflake user) {
  if (const auto session = session_in(guild, user))
    end(session, 4014);
  for (const auto& [channel, room] : rooms_)
    if (room->guild() == guild)
      room->leave(user);
}

void voice_hub::delete_channel(snowflake channel) {
  const auto all = sessions_;
  for (const auto& [token, session] : all)
    if (session->channel == channel)
      end(session, 4022);
}

void voice_hub::end(const std::shared_ptr<voice_session>& session, std::uint16_t code) {
  if (auto* link = std::exchange(session->link, nullptr)) {
    link->unlink();
    link->close(code, code == 4022 ? "Call terminated." : "Disconnected.");
  }
  leave_room(*session);
  sessions_.erase(session->token);
  by_ssrc_.erase(session->ssrc);
  if (ended_.size() >= ended_max)
    ended_.clear();
  ended_.insert(session->token);
}

bool voice_hub::needs_dave(const voice_session& session) const {
  if (options_.legacy)
    return false;
  // Since March 2026 everywhere but on stages (discord-api 6).
  const auto it = core_.world.channels.find(session.channel);
  return it == core_.world.channels.end() || it->second.type != channel_type::stage;
}

int voice_hub::dave_version(const voice_session& session) {
  const auto* room = find_room(session.channel);
  return room ? room->version() : 0;
}

void voice_hub::identified(voice_session& session) {
  by_ssrc_.erase(session.ssrc);
  session.ssrc = new_ssrc();
  by_ssrc_[session.ssrc] = find(session.token);
  session.first_seq(first_seq_);
  session.at = voice_session::stage::identified;
}

voice_room* voice_hub::find_room(snowflake channel) {
  const auto it = rooms_.find(channel);
  return it == rooms_.end() ? nullptr : it->second.get();
}

voice_room& voice_hub::room_of(snowflake guild, snowflake channel) {
  auto& room = rooms_[channel];
  if (!room) {
    const auto* where = core_.world.find_channel(channel);
    room = std::make_unique<voice_room>(
        *this, guild, channel, options_.legacy || (where && where->type == channel_type::stage));
  }
  return *room;
}

void voice_hub::join_room(voice_session& session) {
  auto& room = room_of(session.guild, session.channel);
  room.join(find(session.token));
  // The people who sat here before a bot came.
  if (const auto* g = core_.world.find_guild(session.guild))
    for (const auto& [user, state] : g->voice)
      if (state.channel == session.channel && !core_.world.application_of_bot(user))
        room.seat(user);
}

void voice_hub::leave_room(const voice_session& session) {
  auto* room = find_room(session.channel);
  if (!room)
    return;
  room->leave(session.user);
  if (room->empty())
    rooms_.erase(session.channel);
}

void voice_hub::became_live(voice_session& session) {
  if (auto* room = find_room(session.channel))
    room->live(session);
}

void voice_hub::detached(voice_session& session) {
  if (session.at != voice_session::stage::live) {
    // Nothing stands that could be resumed; it may identify again.
    leave_room(session);
    session.begin_again();
    return;
  }
  session.expiry =
      loop_.timer(options_.resume_window, [this, weak = std::weak_ptr(find(session.token))] {
        const auto lost = weak.lock();
        if (!lost || lost->link || !find(lost->token))
          return;
        leave_room(*lost);
        lost->begin_again();
      });
}

void voice_hub::forget(voice_connection& connection) {
  const auto it = std::find_if(connections_.begin(), connections_.end(),
                               [&connection](const auto& c) { return c.get() == &connection; });
  if (it != connections_.end())
    connections_.erase(it);
}

bool voice_hub::speak(snowflake user, double hz, std::chrono::milliseconds length) {
  for (const auto& [channel, room] : rooms_)
    if (auto* person = room->person(user)) {
      person->speak(hz, length);
      return true;
    }
  return false;
}

// -- messages

template <class F>
void voice_hub::later(int op, const std::shared_ptr<voice_session>& session, F send) {
  const auto delay = delays_.find(op);
  if (delay == delays_.end() || delay->second.count() == 0)
    send(*session);
  else
    loop_.after(delay->second, [weak = std::weak_ptr(session), send = std::move(send)] {
      if (const auto s = weak.lock(); s && s->at != voice_session::stage::expected)
        send(*s);
    });
}

void voice_hub::send(const std::shared_ptr<voice_session>& session, int op, const json& d) {
  later(op, session, [op, text = d.dump()](voice_session& s) {
    const auto& message = s.number(op, text);
    if (s.link)
      s.link->send(message);
  });
}

void voice_hub::send_binary(const std::shared_ptr<voice_session>& session, std::uint8_t op,
                            std::string payload) {
  constexpr int op_external_sender = 25;
  later(op, session, [this, op, payload = std::move(payload)](voice_session& s) {
    const auto& message = s.number_binary(op, payload);
    if (s.link)
      s.link->send(message);
    if (auto* room = find_room(s.channel); room && op == op_external_sender)
      room->sender_told(s);
  });
}

void voice_hub::key_package(voice_session& session, std::string_view bytes) {
  if (auto* room = find_room(session.channel))
    room->key_package(session.user, bytes);
}

void voice_hub::commit(voice_session& session, std::string_view bytes) {
  if (auto* room = find_room(session.channel))
    room->commit(session.user, bytes);
}

void voice_hub::transition_ready(voice_session& session, std::uint16_t id) {
  if (auto* room = find_room(session.channel))
    room->ready(session.user, id);
}

void voice_hub::invalid_commit(voice_session& session, std::uint16_t id) {
  if (auto* room = find_room(session.channel))
    room->invalid_commit(session.user, id);
}

} // namespace sim
