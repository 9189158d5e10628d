#include "discord-sim/bounded_json.hpp"
#include "discord-sim/gateway_hub.hpp"

namespace sim {

namespace {

// Client payloads (1.1).
constexpr std::size_t payload_bytes_max = 4096;
constexpr std::size_t sends_max = 120;
constexpr std::chrono::seconds sends_window{60};
json parse(std::string_view text) {
  return parse_json(text).value_or(json(json::value_t::discarded));
}

} // namespace

gateway_connection::gateway_connection(gateway_hub& hub, std::shared_ptr<websocket> socket,
                                       const http_request& request)
    : hub_(hub), socket_(std::move(socket)),
      compression_(request.query_value("compress").value_or("")),
      encoder_(make_frame_encoder(compression_)), last_beat_(steady::now()) {
  const auto version = request.query_value("v").value_or("");
  const auto encoding = request.query_value("encoding").value_or("json");
  version_ok_ = (version == "10" || version == "9") && encoding == "json";
  sim_time_ = request.query_value("sim_time") == "1";
}

void gateway_connection::open() {
  // Weak: the hub owns the connection, the connection its socket.
  socket_->on_message = [weak = weak_from_this()](std::string_view text, bool binary) {
    if (const auto self = weak.lock())
      self->on_text(text, binary);
  };
  socket_->on_close = [weak = weak_from_this()](std::uint16_t code) {
    if (const auto self = weak.lock())
      self->on_closed(code);
  };
  if (!version_ok_) {
    close(4012, "Invalid API version.");
    return;
  }
  if (hub_.take_op7_before_hello()) {
    send_op(7, nullptr);
    return;
  }
  send_op(10, {{"heartbeat_interval", hub_.options().heartbeat.count()}});
  watch_heartbeat();
}

void gateway_connection::send_text(std::string text) {
  if (closing_)
    return;
  if (auto& hook = hub_.world_core().hooks.on_gateway)
    hook(session_ ? session_->id : "", false, text);
  if (encoder_) {
    auto bytes = encoder_->encode(text);
    if (split_ > 0 && compression_ == "zlib-stream") {
      --split_;
      socket_->send(std::make_shared<const std::string>(bytes.substr(0, bytes.size() / 2)), true);
      bytes.erase(0, bytes.size() / 2);
    }
    socket_->send(std::make_shared<const std::string>(std::move(bytes)), true);
  } else if (payload_compression_ && text.size() > 1024) {
    // "Some messages" (1.2): those worth it (assumed).
    socket_->send(std::make_shared<const std::string>(zlib_whole(text)), true);
  } else {
    socket_->send(std::make_shared<const std::string>(std::move(text)), false);
  }
}

void gateway_connection::send_op(int op, const json& d) {
  // All four keys (15.7), in the order in which Discord writes them.
  send_text(R"({"t":null,"s":null,"op":)" + std::to_string(op) + R"(,"d":)" + d.dump() + "}");
}

void gateway_connection::send_garbage() {
  socket_->send(std::make_shared<const std::string>("\x12{garbage"), encoder_ != nullptr);
}

void gateway_connection::close(std::uint16_t code, std::string_view reason) {
  if (std::exchange(closing_, true))
    return;
  socket_->close(code, reason);
}

void gateway_connection::drop() {
  closing_ = true;
  socket_->drop();
}

void gateway_connection::violate(std::string_view counter, std::uint16_t code,
                                 std::string_view reason) {
  hub_.world_core().violations.count(counter);
  close(code, reason);
}

// A beat is due every interval; after two intervals without one the connection is a zombie: 4009
// (1.8 "session timed out"; the factor and the code are assumed).
void gateway_connection::watch_heartbeat() {
  const auto allowed = hub_.options().heartbeat * 2;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(last_beat_ + allowed - steady::now());
  if (left.count() <= 0) {
    if (session_)
      hub_.end(session_);
    close(4009, "Session timed out.");
    return;
  }
  beat_timer_ = hub_.loop().timer(left + std::chrono::milliseconds(1), [weak = weak_from_this()] {
    if (const auto self = weak.lock(); self && !self->closing_)
      self->watch_heartbeat();
  });
}

// 120 payloads in 60 s, heartbeats included (1.1).
bool gateway_connection::count_send() {
  const auto now = steady::now();
  sends_.push_back(now);
  while (sends_.front() + sends_window <= now)
    sends_.pop_front();
  if (sends_.size() <= sends_max)
    return true;
  violate(violation::too_many_sends, 4008, "You are being rate limited.");
  return false;
}

void gateway_connection::on_text(std::string_view text, bool) {
  if (closing_)
    return;
  if (auto& hook = hub_.world_core().hooks.on_gateway)
    hook(session_ ? session_->id : "", true, text);
  if (text.size() > payload_bytes_max) {
    violate(violation::payload_too_large, 4002, "Error while decoding payload.");
    return;
  }
  const auto payload = parse(text);
  if (!payload.is_object() || !payload.contains("op") || !payload["op"].is_number_integer()) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  static const json none = nullptr;
  const auto d = payload.find("d");
  const auto op = payload["op"].get<std::int64_t>();
  // The simulator's own acknowledgement of moved time is not one of Discord's sends.
  if (op == 200 && sim_time_) {
    if (d != payload.end() && d->is_object() && d->contains("now_ms") &&
        (*d)["now_ms"].is_number_integer())
      acknowledged_time_ = (*d)["now_ms"].get<unix_ms>();
    hub_.time_acknowledged();
    return;
  }
  if (count_send())
    on_op(op >= 0 && op < 256 ? static_cast<int>(op) : -1, d == payload.end() ? none : *d);
}

void gateway_connection::on_op(int op, const json& d) {
  if (op == 1) {
    last_beat_ = steady::now();
    if (session_ && d.is_number_integer())
      session_->beaten_seq = d.get<std::int64_t>();
    if (!hub_.acks_dropped(session_.get()))
      send_op(11, nullptr);
    return;
  }
  if (op == 2 || op == 6) {
    if (session_)
      violate(violation::double_identify, 4005, "Already authenticated.");
    else if (!d.is_object())
      violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    else if (op == 2)
      identify(d);
    else
      resume(d);
    return;
  }
  if (op != 3 && op != 4 && op != 8 && op != 31 && op != 43) {
    violate(violation::gateway_malformed, 4001, "Unknown opcode.");
    return;
  }
  if (!session_) {
    violate(violation::op_before_identify, 4003, "Not authenticated.");
    return;
  }
  if (!d.is_object()) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  if (op == 3)
    update_presence(d);
  else if (op == 4)
    update_voice(d);
  else if (op == 8)
    hub_.request_members(*session_, d);
  else if (op == 31)
    request_sounds(d);
  else
    request_channel_info(d);
}

void gateway_connection::on_closed(std::uint16_t code) {
  const bool by_client = !std::exchange(closing_, true);
  beat_timer_.reset();
  if (session_) {
    const auto session = std::exchange(session_, nullptr);
    // 1000 and 1001 from the client end the session at once (1.4, 1.7).
    if (by_client && (code == 1000 || code == 1001))
      hub_.end(session);
    else
      hub_.detach(session);
  }
  hub_.forget(*this);
}

void gateway_connection::send_sim_time() {
  if (!sim_time_ || !session_)
    return;
  told_time_ = hub_.world_core().clock.now();
  send_op(200, {{"now_ms", told_time_}});
}

} // namespace sim
