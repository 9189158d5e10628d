#include "discord-sim/gateway_hub.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/rate_limit.hpp"
#include "discord-sim/voice.hpp"
#include <algorithm>

namespace sim {

namespace {

// Client payloads (1.1).
constexpr std::size_t payload_bytes_max = 4096;
constexpr std::size_t sends_max = 120;
constexpr std::chrono::seconds sends_window{60};
// Presence updates (1.1): more are ignored (assumed).
constexpr std::size_t presences_max = 5;
constexpr std::chrono::seconds presences_window{20};

json parse(std::string_view text) { return json::parse(text, nullptr, false); }

bool is_status(const std::string& text) {
  return text == "online" || text == "idle" || text == "dnd" || text == "invisible" ||
         text == "offline";
}

bool is_activity(const json& a) {
  if (!a.is_object() || !a.contains("name") || !a["name"].is_string())
    return false;
  const auto type = a.value("type", json(0));
  return type.is_number_unsigned() && type.get<std::uint64_t>() <= 5;
}

// Presence as a bot sends it (1.5): only name, type, url, state of an activity are kept. Nothing
// when it is malformed.
std::optional<presence> bot_presence(const json& d, unix_ms now) {
  if (!d.is_object())
    return std::nullopt;
  const auto status = d.find("status");
  if (status == d.end() || !status->is_string() || !is_status(status->get<std::string>()))
    return std::nullopt;
  presence out;
  out.status = status->get<std::string>();
  // Others see an invisible user as offline.
  if (out.status == "invisible")
    out.status = "offline";
  const auto activities = d.find("activities");
  if (activities != d.end() && activities->is_array())
    for (const auto& a : *activities) {
      if (!is_activity(a))
        return std::nullopt;
      json kept{{"id", "custom"}, {"created_at", now}, {"type", 0}};
      for (const char* key : {"name", "type", "url", "state"})
        if (a.contains(key))
          kept[key] = a[key];
      out.activities.push_back(std::move(kept));
    }
  if (out.status != "offline")
    out.client_status["web"] = out.status;
  return out;
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

bool gateway_connection::accept_shard(const json& d, gateway_session& s) {
  const auto shard = d.find("shard");
  if (shard == d.end() || shard->is_null())
    return true;
  const bool shape = shard->is_array() && shard->size() == 2 && (*shard)[0].is_number_integer() &&
                     (*shard)[1].is_number_integer();
  const auto index = shape ? (*shard)[0].get<std::int64_t>() : -1;
  const auto count = shape ? (*shard)[1].get<std::int64_t>() : 0;
  if (index < 0 || count < 1 || index >= count || count > 100000) {
    close(4010, "Invalid shard.");
    return false;
  }
  s.shard = static_cast<int>(index);
  s.shard_count = static_cast<int>(count);
  s.sharded = true;
  return true;
}

bool gateway_connection::accept_intents(const json& d, const application& app, gateway_session& s) {
  const auto intents = d.find("intents");
  if (intents == d.end() || !intents->is_number_unsigned() ||
      (intents->get<std::uint64_t>() & ~intent::known) != 0) {
    violate(violation::bad_intents, 4013, "Invalid intent(s).");
    return false;
  }
  s.intents = intents->get<std::uint64_t>();
  if (((s.intents & intent::presences) != 0 && !app.presence_intent) ||
      ((s.intents & intent::members) != 0 && !app.members_intent) ||
      ((s.intents & intent::content) != 0 && !app.content_intent)) {
    violate(violation::bad_intents, 4014, "Disallowed intent(s).");
    return false;
  }
  return true;
}

void gateway_connection::identify(const json& d) {
  auto& c = hub_.world_core();
  const auto token = d.find("token");
  const auto* app = token != d.end() && token->is_string()
                        ? c.world.application_by_token(token->get_ref<const std::string&>())
                        : nullptr;
  if (!app) {
    violate(violation::bad_gateway_token, 4004, "Authentication failed.");
    return;
  }
  auto s = std::make_shared<gateway_session>();
  s->application = app->id;
  s->bot = app->bot;
  if (!accept_shard(d, *s) || !accept_intents(d, *app, *s))
    return;
  switch (hub_.try_start(app->id, s->shard)) {
  case gateway_hub::start::too_soon:
    c.violations.count(violation::identify_too_soon);
    send_op(9, false);
    return;
  case gateway_hub::start::exhausted:
    // Exceeding the daily limit terminates all sessions (1.5); the token stays (assumed).
    c.violations.count(violation::identify_exhausted);
    hub_.end_all(app->id, 4004);
    close(4004, "Authentication failed.");
    return;
  case gateway_hub::start::ok:
    break;
  }
  if (const auto threshold = d.find("large_threshold");
      threshold != d.end() && threshold->is_number_unsigned())
    s->large_threshold =
        std::clamp<std::size_t>(threshold->get<std::size_t>(), std::size_t{50}, std::size_t{250});
  payload_compression_ = !encoder_ && d.value("compress", json(false)) == json(true);
  s->id = c.random_hex(16);
  s->link = this;
  session_ = s;
  c.limits().forget_told(app->id);
  hub_.add(s);
  auto presence_now = d.contains("presence") ? bot_presence(d["presence"], c.clock.now())
                                             : std::optional<presence>();
  if (!presence_now) {
    presence_now.emplace();
    presence_now->status = "online";
    presence_now->client_status["web"] = "online";
  }
  ready(*app);
  set_presence(c, s->bot, std::move(*presence_now));
}

void gateway_connection::ready(const application& app) {
  auto& c = hub_.world_core();
  json d{{"v", 10},
         {"user", self_user_json(*c.world.find_user(app.bot))},
         {"guilds", json::array()},
         {"session_id", session_->id},
         {"session_type", "normal"},
         {"resume_gateway_url", c.ws_base() + "/gateway/resume"},
         {"application", ready_application_json(app)},
         {"private_channels", json::array()},
         {"relationships", json::array()},
         {"presences", json::array()},
         {"user_settings", json::object()},
         {"_trace", json::array()}};
  if (session_->sharded)
    d["shard"] = {session_->shard, session_->shard_count};
  for (const auto& [id, g] : c.world.guilds) {
    if (g.members.count(app.bot) == 0 || !session_->covers(id))
      continue;
    d["guilds"].push_back({{"id", id_text(id)}, {"unavailable", true}});
    // Without GUILDS there is no GUILD_CREATE to wait for.
    if (!g.unavailable && (session_->intents & intent::guilds) != 0)
      session_->pending.insert(id);
  }
  hub_.deliver(*session_, "READY", d);
  send_sim_time();
  next_guild();
}

// One by one (1.7), a turn of the loop each, so that many guilds do not hold up other connections.
void gateway_connection::next_guild() {
  if (!session_ || session_->pending.empty())
    return;
  auto& c = hub_.world_core();
  const auto id = *session_->pending.begin();
  session_->pending.erase(session_->pending.begin());
  if (const auto* g = c.world.find_guild(id); g && !g->unavailable)
    hub_.deliver(*session_, "GUILD_CREATE",
                 guild_create_json(c.world, *g, session_->bot,
                                   (session_->intents & intent::presences) != 0,
                                   session_->large_threshold));
  hub_.loop().post([weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->next_guild();
  });
}

void gateway_connection::resume(const json& d) {
  auto& c = hub_.world_core();
  const auto token = d.find("token");
  const auto id = d.find("session_id");
  const auto seq = d.find("seq");
  if (token == d.end() || id == d.end() || !token->is_string() || !id->is_string() ||
      seq == d.end() || !(seq->is_number_integer() || seq->is_null())) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  const auto* app = c.world.application_by_token(token->get_ref<const std::string&>());
  if (!app) {
    violate(violation::bad_gateway_token, 4004, "Authentication failed.");
    return;
  }
  const auto session = hub_.find(id->get_ref<const std::string&>());
  const auto last = seq->is_null() ? 0 : seq->get<std::int64_t>();
  if (!session || session->application != app->id || hub_.take_refused_resume()) {
    // A refused session is gone (assumed).
    if (session && session->application == app->id)
      hub_.end(session);
    send_op(9, false);
    return;
  }
  if (last < 0 || last > session->seq()) {
    hub_.end(session);
    close(4007, "Invalid seq.");
    return;
  }
  if (!session->can_replay(last)) {
    hub_.end(session);
    send_op(9, false);
    return;
  }
  // The old connection, if it is still there, has lost its session (assumed: 4000).
  if (auto* old = session->link) {
    old->unlink();
    old->close(4000, "Session resumed elsewhere.");
  }
  session->expiry.reset();
  session->link = this;
  session_ = session;
  replay(last);
}

void gateway_connection::replay(std::int64_t seq) {
  for (auto& text : session_->replay(seq))
    send_text(std::move(text));
  // An object, not null: discord.py writes into it (16).
  hub_.deliver(*session_, "RESUMED", {{"_trace", json::array()}});
  send_sim_time();
  next_guild();
}

void gateway_connection::update_presence(const json& d) {
  auto value = bot_presence(d, hub_.world_core().clock.now());
  if (!value) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  auto& times = session_->presence_times;
  const auto now = steady::now();
  times.push_back(now);
  while (times.front() + presences_window <= now)
    times.pop_front();
  if (times.size() <= presences_max)
    set_presence(hub_.world_core(), session_->bot, std::move(*value));
}

void gateway_connection::update_voice(const json& d) {
  const auto guild_id = d.contains("guild_id") ? parse_id(d["guild_id"]) : std::nullopt;
  if (!guild_id || !d.contains("channel_id")) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  voice_wish wish;
  if (!d["channel_id"].is_null()) {
    const auto channel_id = parse_id(d["channel_id"]);
    if (!channel_id)
      return; // unknown channel: silence (6)
    wish.channel = *channel_id;
  }
  wish.self_mute = d.value("self_mute", json(false)) == json(true);
  wish.self_deaf = d.value("self_deaf", json(false)) == json(true);
  wish.self_video = d.value("self_video", json(false)) == json(true);
  change_voice(hub_.world_core(), *guild_id, session_->bot, wish);
}

// Op 31 (1.3): the simulated guilds have no sounds.
void gateway_connection::request_sounds(const json& d) {
  const auto ids = d.find("guild_ids");
  if (ids == d.end() || !ids->is_array()) {
    violate(violation::gateway_malformed, 4002, "Error while decoding payload.");
    return;
  }
  for (const auto& value : *ids) {
    const auto id = parse_id(value);
    if (id && hub_.world_core().world.find_member(*id, session_->bot) && session_->covers(*id))
      hub_.deliver(*session_, "SOUNDBOARD_SOUNDS",
                   {{"guild_id", id_text(*id)}, {"soundboard_sounds", json::array()}});
  }
}

// Op 43 (1.3, 1.14).
void gateway_connection::request_channel_info(const json& d) {
  auto& w = hub_.world_core().world;
  const auto id = d.contains("guild_id") ? parse_id(d["guild_id"]) : std::nullopt;
  const auto* g = id ? w.find_guild(*id) : nullptr;
  if (!g || g->members.count(session_->bot) == 0)
    return;
  auto channels = json::array();
  for (const auto channel_id : g->channels)
    if (const auto* c = w.find_channel(channel_id); c && c->type == channel_type::voice)
      channels.push_back(
          {{"id", id_text(channel_id)}, {"status", nullptr}, {"voice_start_time", nullptr}});
  hub_.deliver(*session_, "CHANNEL_INFO",
               {{"guild_id", id_text(*id)}, {"channels", std::move(channels)}});
}

void gateway_connection::send_sim_time() {
  if (!sim_time_ || !session_)
    return;
  told_time_ = hub_.world_core().clock.now();
  send_op(200, {{"now_ms", told_time_}});
}

} // namespace sim
