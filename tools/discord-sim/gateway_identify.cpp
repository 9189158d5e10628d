// IDENTIFY, READY and RESUME (discord-api 1.5, 1.7, 15.7).
#include "discord-sim/gateway_hub.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/rate_limit.hpp"
#include "discord-sim/voice.hpp"
#include <algorithm>

namespace sim {

bool gateway_connection::accept_shard(const json& d, const application& app, gateway_session& s) {
  const auto shard = d.find("shard");
  if (shard == d.end() || shard->is_null())
    return accept_guilds(app, s);
  const auto& options = hub_.options();
  const bool shape = shard->is_array() && shard->size() == 2 && (*shard)[0].is_number_integer() &&
                     (*shard)[1].is_number_integer();
  const auto index = shape ? (*shard)[0].get<std::int64_t>() : -1;
  const auto count = shape ? (*shard)[1].get<std::int64_t>() : 0;
  // Very large bots: a multiple of the assigned number (1.5).
  const bool multiple = !options.exact_shards || count % options.shards == 0;
  if (index < 0 || count < 1 || index >= count || count > 100000 || !multiple) {
    close(4010, "Invalid shard.");
    return false;
  }
  s.shard = static_cast<int>(index);
  s.shard_count = static_cast<int>(count);
  s.sharded = true;
  return accept_guilds(app, s);
}

// More guilds than a shard may have: 4011 (1.9).
bool gateway_connection::accept_guilds(const application& app, const gateway_session& s) {
  int guilds = 0;
  for (const auto& [id, g] : hub_.world_core().world.guilds)
    guilds += g.members.count(app.bot) != 0 && s.covers(id) ? 1 : 0;
  if (guilds <= hub_.options().guilds_per_shard_max)
    return true;
  close(4011, "Sharding required.");
  return false;
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
  if (!accept_shard(d, *app, *s) || !accept_intents(d, *app, *s))
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

} // namespace sim
