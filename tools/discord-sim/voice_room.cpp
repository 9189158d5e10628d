#include "discord-sim/voice_room.hpp"
#include "discord-sim/voice_hub.hpp"
#include "discord-sim/voice_person.hpp"

namespace sim {

namespace {

using namespace std::chrono_literals;

enum op : int {
  op_speaking = 5,
  op_clients_connect = 11,
  op_client_disconnect = 13,
  op_flags = 18,
  op_platform = 20,
  op_prepare_transition = 21,
  op_execute_transition = 22,
  op_prepare_epoch = 24,
  op_external_sender = 25,
  op_announce_commit = 29,
  op_welcome = 30
};

/// Frames that were on their way when encryption began.
constexpr auto in_flight = 1s;

std::string with_transition(std::uint16_t id, std::string_view message, bool spoil) {
  mls_writer w;
  w.u16(id);
  w.raw(message);
  auto bytes = w.take();
  if (spoil)
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
  return bytes;
}

} // namespace

voice_room::voice_room(voice_hub& hub, snowflake guild, snowflake channel, bool plain)
    : hub_(hub), guild_(guild), channel_(channel), version_(plain ? 0 : 1),
      delivery_(channel, hub.sender()) {}

voice_room::~voice_room() = default;

bool voice_room::encrypts() const { return version_ > 0 && steady::now() > plain_until_; }

// -- who is here

void voice_room::send(snowflake user, int op, const json& d) {
  if (const auto it = sessions_.find(user); it != sessions_.end())
    hub_.send(it->second, op, d);
  else if (const auto person = people_.find(user); person != people_.end())
    person->second->told(op, d);
}

void voice_room::send_binary(snowflake user, std::uint8_t op, std::string_view payload) {
  if (const auto it = sessions_.find(user); it != sessions_.end())
    hub_.send_binary(it->second, op, std::string(payload));
  else if (const auto person = people_.find(user); person != people_.end())
    person->second->told_binary(op, payload);
}

void voice_room::broadcast(int op, const json& d, snowflake except) {
  for (const auto& [user, session] : sessions_)
    if (user != except && session->at != voice_session::stage::expected)
      hub_.send(session, op, d);
}

void voice_room::join(const std::shared_ptr<voice_session>& session) {
  auto others = json::array();
  for (const auto& [user, other] : sessions_)
    others.push_back(id_text(user));
  for (const auto& [user, person] : people_)
    others.push_back(id_text(user));
  const auto me = id_text(session->user);
  broadcast(op_clients_connect, {{"user_ids", {me}}});
  // Ops that no documentation has; Discord sends them all the same (1.1).
  broadcast(op_flags, {{"user_id", me}, {"flags", 0}});
  broadcast(op_platform, {{"user_id", me}, {"platform", 0}});
  sessions_[session->user] = session;
  if (!others.empty())
    hub_.send(session, op_clients_connect, {{"user_ids", others}});
}

void voice_room::live(voice_session& session) {
  const auto kept = sessions_.at(session.user);
  if (version_ > 0)
    hub_.send_binary(kept, op_external_sender, hub_.sender().package());
  for (const auto& [user, person] : people_)
    if (const auto ssrc = person->speaking_ssrc(); ssrc != 0)
      hub_.send(kept, op_speaking, {{"user_id", id_text(user)}, {"ssrc", ssrc}, {"speaking", 1}});
  for (const auto& [user, other] : sessions_)
    if (user != session.user && other->speaking != 0)
      hub_.send(kept, op_speaking,
                {{"user_id", id_text(user)}, {"ssrc", other->ssrc}, {"speaking", other->speaking}});
}

void voice_room::sender_told(voice_session& session) {
  session.told_sender = true;
  if (const auto early = early_.extract(session.user))
    key_package(session.user, early.mapped());
  sync();
}

void voice_room::seat(snowflake user) {
  if (people_.count(user) != 0)
    return;
  broadcast(op_clients_connect, {{"user_ids", {id_text(user)}}});
  auto& person = people_[user];
  person = std::make_unique<voice_person>(hub_, *this, user);
  if (version_ > 0)
    person->told_binary(op_external_sender, hub_.sender().package());
  person->begin(version_);
}

void voice_room::leave(snowflake user) {
  if (sessions_.erase(user) + people_.erase(user) == 0)
    return;
  broadcast(op_client_disconnect, {{"user_id", id_text(user)}});
  early_.erase(user);
  delivery_.leave(user);
  // Nobody waits for one who is gone.
  std::vector<std::uint16_t> done;
  for (auto& [id, t] : transitions_) {
    t.all.erase(user);
    if (t.waiting.erase(user) != 0 && t.waiting.empty())
      done.push_back(id);
  }
  for (const auto id : done)
    execute(id);
  if (version_ == 0)
    return;
  if (delivery_.established() && participants().size() == 1)
    recreate(true);
  else
    sync();
}

std::set<snowflake> voice_room::participants() const {
  std::set<snowflake> all;
  for (const auto& [user, session] : sessions_)
    if (session->told_sender && session->dave)
      all.insert(user);
  for (const auto& [user, person] : people_)
    all.insert(user);
  return all;
}

void voice_room::speaking(voice_session& session, int bits) {
  session.speaking = bits;
  if (bits == 0)
    session.media.stopped();
  broadcast(op_speaking,
            {{"user_id", id_text(session.user)}, {"ssrc", session.ssrc}, {"speaking", bits}},
            session.user);
}

voice_person* voice_room::person(snowflake user) const {
  const auto it = people_.find(user);
  return it == people_.end() ? nullptr : it->second.get();
}

void voice_room::person_speaking(snowflake user, std::uint32_t ssrc, int bits) {
  broadcast(op_speaking, {{"user_id", id_text(user)}, {"ssrc", ssrc}, {"speaking", bits}});
}

void voice_room::relay(snowflake from, const rtp_packet& packet) {
  for (const auto& [user, session] : sessions_)
    if (user != from && hub_.hears(*session))
      hub_.send_packet(*session, packet);
  for (const auto& [user, person] : people_)
    if (user != from)
      person->hear(from, packet);
}

// -- DAVE

void voice_room::sync() {
  if (version_ == 0)
    return;
  for (const auto& message : delivery_.news(participants()))
    send_binary(message.to, message.op, message.payload);
}

void voice_room::key_package(snowflake user, std::string_view bytes) {
  if (version_ == 0)
    return;
  // Nobody is added who does not know the external sender (DAVE whitepaper "External Sender").
  if (const auto it = sessions_.find(user); it != sessions_.end() && !it->second->told_sender) {
    early_[user] = bytes;
    return;
  }
  try {
    delivery_.key_package(user, bytes);
  } catch (const mls_error& wrong) {
    hub_.violate(violation::voice_dave_message, user, wrong.what());
  }
  sync();
}

void voice_room::commit(snowflake user, std::string_view bytes) {
  const auto verdict = delivery_.commit(user, bytes);
  if (!verdict.wrong.empty())
    hub_.violate(violation::voice_dave_message, user, verdict.wrong);
  if (verdict.accepted)
    announce(user, verdict);
}

void voice_room::announce(snowflake committer, const mls_delivery::verdict& v) {
  ++commits_;
  std::set<snowflake> whom(v.announce.begin(), v.announce.end());
  for (const auto& [user, bytes] : v.welcome)
    whom.insert(user);
  // 0 begins a group at once; one that ends a time without encryption is a transition like others.
  const auto id = v.first && !upgrading_ ? std::uint16_t{0} : new_transition(version_, whom);
  const bool spoil_commit = hub_.take_spoiled_commit();
  const bool spoil_welcome = !v.welcome.empty() && hub_.take_spoiled_welcome();
  if (spoil_commit || spoil_welcome)
    spoiled_.insert(id);
  for (const auto user : v.announce)
    send_binary(user, op_announce_commit,
                with_transition(id, v.commit, spoil_commit && user != committer));
  for (const auto& [user, bytes] : v.welcome)
    send_binary(user, op_welcome, with_transition(id, bytes, spoil_welcome));
  sync();
}

std::uint16_t voice_room::new_transition(int version, std::set<snowflake> whom) {
  const auto id = next_transition_;
  next_transition_ = next_transition_ == 0xffff ? 1 : next_transition_ + 1;
  auto& t = transitions_[id];
  t.version = version;
  t.all = t.waiting = std::move(whom);
  // By number: the room may be gone by then.
  t.limit = hub_.loop().timer(hub_.options().transition_max, [hub = &hub_, at = channel_, id] {
    if (auto* room = hub->find_room(at))
      room->execute(id);
  });
  return id;
}

void voice_room::ready(snowflake user, std::uint16_t id) {
  const auto it = transitions_.find(id);
  if (it != transitions_.end() && it->second.waiting.erase(user) != 0 && it->second.waiting.empty())
    execute(id);
}

void voice_room::execute(std::uint16_t id) {
  const auto it = transitions_.find(id);
  if (it == transitions_.end())
    return;
  const auto t = std::move(it->second);
  transitions_.erase(it);
  if (t.version == 0) {
    version_ = 0;
    delivery_.reset();
  } else if (upgrading_) {
    upgrading_ = false;
    plain_until_ = steady::now() + in_flight;
  }
  for (const auto user : t.all)
    send(user, op_execute_transition, {{"transition_id", id}});
}

void voice_room::invalid_commit(snowflake user, std::uint16_t id) {
  ++flagged_;
  if (spoiled_.count(id) == 0)
    hub_.violate(violation::voice_flagged_valid, user, "transition " + std::to_string(id));
  delivery_.flagged(user);
  ready(user, id);
  sync();
}

// A group is to begin again: everybody sends a new key package. `alone`: the only one who is left
// executes at once (DAVE whitepaper "Sole member reset").
void voice_room::recreate(bool alone) {
  ++resets_;
  delivery_.reset();
  for (const auto user : participants()) {
    send(user, op_prepare_epoch, {{"epoch", 1}, {"protocol_version", version_}});
    if (alone)
      send(user, op_prepare_transition, {{"transition_id", 0}, {"protocol_version", version_}});
  }
}

void voice_room::set_version(int version) {
  if (version == version_)
    return;
  if (version == 0) {
    plain_until_ = steady::time_point::max(); // until the transition is through, both forms come
    const auto all = participants();
    const auto id = new_transition(0, all);
    for (const auto user : all)
      send(user, op_prepare_transition, {{"transition_id", id}, {"protocol_version", 0}});
    return;
  }
  version_ = version;
  upgrading_ = true;
  plain_until_ = steady::time_point::max();
  for (const auto& [user, session] : sessions_)
    if (session->at == voice_session::stage::live && session->dave && !session->told_sender)
      hub_.send_binary(session, op_external_sender, hub_.sender().package());
  recreate(false);
}

json voice_room::state() const {
  auto people = json::array();
  for (const auto& [user, person] : people_)
    people.push_back(person->state());
  return {{"channel_id", id_text(channel_)},
          {"guild_id", id_text(guild_)},
          {"dave_version", version_},
          {"established", delivery_.established()},
          {"epoch", delivery_.epoch()},
          {"group", delivery_.members().size()},
          {"commits", commits_},
          {"flagged", flagged_},
          {"resets", resets_},
          {"transitions", transitions_.size()},
          {"people", std::move(people)}};
}

} // namespace sim
