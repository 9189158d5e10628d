#include "discord-sim/voice_connection.hpp"
#include "discord-sim/bounded_json.hpp"
#include "discord-sim/voice_hub.hpp"

namespace sim {

namespace {

enum op : int {
  op_identify = 0,
  op_select = 1,
  op_ready = 2,
  op_heartbeat = 3,
  op_description = 4,
  op_speaking = 5,
  op_heartbeat_ack = 6,
  op_resume = 7,
  op_hello = 8,
  op_resumed = 9,
  op_transition_ready = 23,
  op_key_package = 26,
  op_commit = 28,
  op_invalid_commit = 31
};

constexpr int seq_none = -1;

// A member of `d` of a kind, or a default that no valid message has.
std::string text_in(const json& d, const char* key) {
  const auto it = d.find(key);
  return it != d.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

std::optional<std::int64_t> number_in(const json& d, const char* key) {
  const auto it = d.find(key);
  if (it == d.end() || !it->is_number_integer())
    return std::nullopt;
  return it->get<std::int64_t>();
}

// "127.0.0.1" as a number; nothing when it is no address.
std::optional<std::uint32_t> address_of(const std::string& text) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &rest) != 4 || a > 255 ||
      b > 255 || c > 255 || d > 255)
    return std::nullopt;
  return a << 24 | b << 16 | c << 8 | d;
}

} // namespace

voice_connection::voice_connection(voice_hub& hub, std::shared_ptr<websocket> socket,
                                   const http_request& request)
    : hub_(hub), socket_(std::move(socket)), version_(request.query_value("v").value_or("")) {}

void voice_connection::open() {
  // Weak: the hub owns the connection, the connection its socket.
  socket_->on_message = [weak = weak_from_this()](std::string_view text, bool binary) {
    if (const auto self = weak.lock())
      self->on_message(text, binary);
  };
  socket_->on_close = [weak = weak_from_this()](std::uint16_t code) {
    if (const auto self = weak.lock())
      self->on_closed(code);
  };
  if (version_ != "8" && !(version_ == "4" && hub_.options().legacy)) {
    violate(violation::voice_bad_version, 4012, "Unknown protocol version.");
    return;
  }
  send_op(op_hello, {{"v", 8}, {"heartbeat_interval", hub_.options().heartbeat.count()}});
  watch_heartbeat();
}

void voice_connection::journal(bool in, std::string_view text) const {
  if (auto& hook = hub_.world_core().hooks.on_voice)
    hook(session_ ? session_->user : 0, in, text);
}

void voice_connection::send(const voice_session::sent& what) {
  if (closing_)
    return;
  journal(false, what.binary ? hub_.describe(what.bytes, true) : what.bytes);
  socket_->send(std::make_shared<const std::string>(what.bytes), what.binary);
}

void voice_connection::send_op(int op, const json& d) {
  if (closing_)
    return;
  const json message{{"op", op}, {"d", d}};
  // The key of the transport is nobody's business.
  journal(false, op == op_description ? R"({"op":4,"d":{}})" : message.dump());
  socket_->send(std::make_shared<const std::string>(message.dump()), false);
}

void voice_connection::close(std::uint16_t code, std::string_view reason) {
  if (closing_)
    return;
  closing_ = true;
  beat_timer_.reset();
  journal(false, json{{"closed", code}, {"reason", reason}}.dump());
  socket_->close(code, reason);
}

void voice_connection::drop() {
  closing_ = true;
  beat_timer_.reset();
  socket_->drop();
}

void voice_connection::violate(std::string_view counter, std::uint16_t code,
                               std::string_view reason) {
  hub_.violate(counter, session_ ? session_->user : 0, std::string(reason));
  close(code, reason);
}

// Heartbeats must come; one that is late by another interval ends the session's socket (1.5).
void voice_connection::watch_heartbeat() {
  beaten_ = false;
  beat_timer_ = hub_.loop().timer(2 * hub_.options().heartbeat, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self)
      return;
    if (self->beaten_)
      self->watch_heartbeat();
    else
      self->violate(violation::voice_missed_beat, 4009, "Session timed out.");
  });
}

void voice_connection::on_message(std::string_view text, bool binary) {
  if (closing_)
    return;
  if (binary) {
    on_binary(text);
    return;
  }
  const auto message = parse_json(text).value_or(json());
  const auto op = message.is_object() ? number_in(message, "op") : std::nullopt;
  if (!op || !message.contains("d")) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  // Tokens are secrets: of these ops only the number is written down.
  journal(true,
          *op == op_identify || *op == op_resume ? json{{"op", *op}}.dump() : std::string(text));
  const auto& d = message["d"];
  if (version_ == "4" && *op == op_heartbeat && d.is_number_integer()) {
    beaten_ = true;
    send_op(op_heartbeat_ack, d);
    return;
  }
  if (!d.is_object()) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  on_op(static_cast<int>(*op), d);
}

void voice_connection::on_op(int op, const json& d) {
  if (op == op_identify)
    identify(d);
  else if (op == op_resume)
    resume(d);
  else if (op == op_heartbeat)
    heartbeat(d);
  else if (!session_)
    violate(violation::voice_op_too_early, 4003, "Not authenticated.");
  else if (op == op_select)
    select(d);
  else if (op == op_speaking)
    speaking(d);
  else if (op == op_transition_ready || op == op_invalid_commit)
    transition(d, op == op_transition_ready);
  else if (op != 12 && op != 14 && op != 15 &&
           op != 16) // video, sinks, versions: heard and ignored
    violate(violation::voice_unknown_op, 4001, "Unknown opcode.");
}

void voice_connection::on_binary(std::string_view bytes) {
  journal(true, hub_.describe(bytes, false));
  if (!session_ || !live())
    return;
  const auto op = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front());
  if (op == op_key_package)
    hub_.key_package(*session_, bytes.substr(1));
  else if (op == op_commit)
    hub_.commit(*session_, bytes.substr(1));
  else
    violate(violation::voice_unknown_op, 4001, "Unknown opcode.");
}

bool voice_connection::live() {
  if (session_->at == voice_session::stage::live)
    return true;
  violate(violation::voice_op_too_early, 4003, "Not authenticated.");
  return false;
}

void voice_connection::identify(const json& d) {
  if (session_) {
    violate(violation::voice_double_identify, 4005, "Already authenticated.");
    return;
  }
  const auto guild = parse_id(d.value("server_id", json()));
  const auto user = parse_id(d.value("user_id", json()));
  const auto session_id = text_in(d, "session_id");
  const auto token = text_in(d, "token");
  if (!guild || !user || session_id.empty() || token.empty()) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  if (!hub_.world_core().world.find_guild(*guild)) {
    close(4011, "Server not found.");
    return;
  }
  auto session = hub_.find(token);
  if (!session) {
    // A token of a session that ended meanwhile is nobody's mistake.
    if (hub_.was_token(token))
      close(4006, "Session is no longer valid.");
    else
      violate(violation::voice_bad_token, 4004, "Authentication failed.");
    return;
  }
  if (session->guild != *guild || session->user != *user || session->session_id != session_id) {
    close(4006, "Session is no longer valid.");
    return;
  }
  session->dave = number_in(d, "max_dave_protocol_version").value_or(0) > 0;
  if (!session->dave && hub_.needs_dave(*session)) {
    violate(violation::voice_no_dave, 4017, "E2EE/DAVE protocol required.");
    return;
  }
  if (auto* old = session->link) {
    old->unlink();
    old->close(4006, "Session is no longer valid.");
  }
  hub_.leave_room(*session);
  session->begin_again();
  session_ = session;
  session->link = this;
  hub_.identified(*session);
  send_op(op_ready, {{"ssrc", session->ssrc},
                     {"ip", "127.0.0.1"},
                     {"port", hub_.udp_port()},
                     {"modes", hub_.modes()},
                     {"experiments", json::array()},
                     {"streams", json::array()},
                     {"heartbeat_interval", 1}}); // a trap: only Hello's counts (1.1)
  hub_.join_room(*session);
}

void voice_connection::select(const json& d) {
  const auto data = d.value("data", json());
  if (session_->at == voice_session::stage::live) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  if (text_in(d, "protocol") != "udp") {
    violate(violation::voice_bad_mode, 4012, "Unknown protocol.");
    return;
  }
  const auto address = data.is_object() ? address_of(text_in(data, "address")) : std::nullopt;
  const auto port = data.is_object() ? number_in(data, "port") : std::nullopt;
  if (!address || !port || *port < 1 || *port > 65535) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  const auto mode = voice_mode_named(text_in(data, "mode"));
  if (!mode || !hub_.offers(*mode)) {
    violate(violation::voice_bad_mode, 4016, "Unknown encryption mode.");
    return;
  }
  session_->mode = *mode;
  session_->peer = voice_udp::peer{*address, static_cast<std::uint16_t>(*port)};
  session_->at = voice_session::stage::live;
  auto key = json::array();
  for (const char c : session_->key)
    key.push_back(static_cast<unsigned char>(c));
  send_op(op_description, {{"mode", name_of(*mode)},
                           {"secret_key", std::move(key)},
                           {"dave_protocol_version", hub_.dave_version(*session_)},
                           {"audio_codec", "opus"},
                           {"media_session_id", hub_.world_core().random_hex(16)}});
  hub_.became_live(*session_);
}

void voice_connection::heartbeat(const json& d) {
  const auto nonce = number_in(d, "t");
  const auto ack = number_in(d, "seq_ack");
  if (!nonce || !ack) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  beaten_ = true;
  if (session_ && *ack != seq_none && !session_->acknowledge(static_cast<int>(*ack)))
    hub_.violate(violation::voice_bad_ack, session_->user, "heartbeat " + std::to_string(*ack));
  if (!hub_.acks_dropped())
    send_op(op_heartbeat_ack, {{"t", *nonce}});
}

void voice_connection::resume(const json& d) {
  const auto ack = number_in(d, "seq_ack");
  const auto session = session_ ? nullptr : hub_.find(text_in(d, "token"));
  if (session_) {
    violate(violation::voice_double_identify, 4005, "Already authenticated.");
    return;
  }
  if (!ack) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  const auto missed = session && session->at == voice_session::stage::live &&
                              session->session_id == text_in(d, "session_id")
                          ? session->replay(static_cast<int>(*ack))
                          : std::nullopt;
  if (!missed || hub_.take_refused_resume()) {
    close(4006, "Session is no longer valid.");
    return;
  }
  if (auto* old = session->link) {
    old->unlink();
    old->drop();
  }
  session_ = session;
  session->link = this;
  session->expiry.reset();
  ++session->resumes;
  send_op(op_resumed, nullptr);
  for (const auto& message : *missed)
    send(message);
}

void voice_connection::speaking(const json& d) {
  const auto bits = number_in(d, "speaking");
  const auto ssrc = number_in(d, "ssrc");
  if (!bits || *bits < 0 || *bits > 7 || !d.contains("delay")) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  if (!live())
    return;
  if (ssrc != session_->ssrc && version_ != "4") {
    violate(violation::voice_malformed, 4020, "Bad request.");
    return;
  }
  hub_.speaking(*session_, static_cast<int>(*bits));
}

void voice_connection::transition(const json& d, bool ready) {
  const auto id = number_in(d, "transition_id");
  if (!id || *id < 0 || *id > 0xffff) {
    violate(violation::voice_malformed, 4002, "Failed to decode payload.");
    return;
  }
  if (!live())
    return;
  if (ready)
    hub_.transition_ready(*session_, static_cast<std::uint16_t>(*id));
  else
    hub_.invalid_commit(*session_, static_cast<std::uint16_t>(*id));
}

void voice_connection::on_closed(std::uint16_t code) {
  beat_timer_.reset();
  closing_ = true;
  journal(true, json{{"closed", code}}.dump());
  if (session_ && session_->link == this) {
    session_->link = nullptr;
    hub_.detached(*session_);
  }
  session_ = nullptr;
  hub_.forget(*this);
}

} // namespace sim
