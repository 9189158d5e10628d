#include "discord-sim/gateway_hub.hpp"
#include "discord-sim/objects.hpp"
#include "discord-sim/permissions.hpp"
#include "discord-sim/voice.hpp"
#include <algorithm>

namespace sim {

namespace {

constexpr std::chrono::hours starts_window{24};

// Events of these intents change what GUILD_CREATE carries.
constexpr std::uint64_t guild_state =
    intent::guilds | intent::members | intent::presences | intent::voice_states;

std::shared_ptr<const std::string> shared_text(const json& data) {
  return std::make_shared<const std::string>(
      data.dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace

gateway_hub::gateway_hub(core& c, event_loop& loop, gateway_options options)
    : core_(c), loop_(loop), options_(options) {}

void gateway_hub::accept(std::shared_ptr<websocket> socket, const http_request& request) {
  auto connection = std::make_shared<gateway_connection>(*this, std::move(socket), request);
  connections_.push_back(connection);
  connection->open();
}

// -- fan-out
// -----------------------------------------------------------------------------------------

void gateway_hub::send(event what) {
  // Copied: a listener may remove itself.
  const auto listeners = listeners_;
  for (const auto& [number, listener] : listeners)
    listener(what);
  if (!what.to_bots)
    return;
  // Each form is written once and shared by all sessions that get it.
  std::shared_ptr<const std::string> whole;
  std::shared_ptr<const std::string> stripped;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    const auto session = sessions_[i];
    if (!wants(*session, what))
      continue;
    const bool all = content_visible(*session, what);
    auto& text = all ? whole : stripped;
    if (!text)
      text = shared_text(all ? what.data : strip_content(what.data));
    deliver(*session, {what.type, text});
  }
}

bool gateway_hub::wants(const gateway_session& s, const event& what) {
  if (what.only_app != 0 && what.only_app != s.application)
    return false;
  if (what.intents != 0 && (s.intents & what.intents) == 0 && what.always_to != s.bot)
    return false;
  if (!s.covers(what.guild))
    return false;
  auto& w = core_.world;
  if (what.guild != 0) {
    const auto* g = w.find_guild(what.guild);
    if (!g || g->unavailable || g->members.count(s.bot) == 0)
      return false;
    // GUILD_CREATE, still to come, has this change in it.
    if ((what.intents & guild_state) != 0 && s.pending.count(what.guild) != 0)
      return false;
    if ((guild_permissions(*g, s.bot) & what.permissions) != what.permissions)
      return false;
  }
  if (what.channel == 0)
    return true;
  const auto* c = w.find_channel(what.channel);
  return c &&
         (effective_permissions(w, *c, s.bot, core_.clock.now()) & permission::view_channel) != 0;
}

// Without MESSAGE_CONTENT: own messages, DMs and mentions still have it (1.6).
bool gateway_hub::content_visible(const gateway_session& s, const event& what) const {
  if (!what.message || what.guild == 0 || (s.intents & intent::content) != 0)
    return true;
  const auto self = id_text(s.bot);
  const auto is_self = [&self](const json& u) {
    return u.is_object() && u.value("id", json()) == json(self);
  };
  if (what.data.contains("author") && is_self(what.data["author"]))
    return true;
  const auto mentions = what.data.find("mentions");
  return mentions != what.data.end() && std::any_of(mentions->begin(), mentions->end(), is_self);
}

int gateway_hub::add_listener(event_listener listener) {
  listeners_[next_listener_] = std::move(listener);
  return next_listener_++;
}

void gateway_hub::remove_listener(int number) { listeners_.erase(number); }

void gateway_hub::deliver(gateway_session& session, std::string type, const json& data) {
  deliver(session, {std::move(type), shared_text(data)});
}

void gateway_hub::deliver(gateway_session& session, outgoing what) {
  if (session.reorder > 0) {
    session.held.push_back(std::move(what));
    if (--session.reorder == 0)
      release_held(session);
    return;
  }
  if (delay_.count() == 0) {
    emit(session, std::move(what));
    return;
  }
  loop_.after(delay_, [this, id = session.id, what = std::move(what)] {
    if (const auto s = find(id))
      emit(*s, what);
  });
}

void gateway_hub::release_held(gateway_session& session) {
  session.reorder = 0;
  auto held = std::move(session.held);
  session.held.clear();
  for (auto it = held.rbegin(); it != held.rend(); ++it)
    emit(session, std::move(*it));
}

void gateway_hub::emit(gateway_session& session, outgoing what) {
  auto text = session.number(std::move(what), options_.resume_events_max, options_.resume_window,
                             steady::now());
  if (!session.link)
    return;
  if (session.duplicate > 0) {
    --session.duplicate;
    session.link->send_text(text);
  }
  session.link->send_text(std::move(text));
}

void gateway_hub::flood(snowflake application, std::string_view type,
                        std::shared_ptr<const std::string> data) {
  for (const auto& session : sessions_)
    if (session->application == application)
      emit(*session, {std::string(type), data});
}

void gateway_hub::ask_heartbeat(snowflake application) {
  for (const auto& session : sessions_)
    if (session->application == application && session->link)
      session->link->send_op(1, nullptr);
}

// -- sessions
// ----------------------------------------------------------------------------------------

void gateway_hub::add(std::shared_ptr<gateway_session> session) {
  sessions_.push_back(std::move(session));
}

std::shared_ptr<gateway_session> gateway_hub::find(std::string_view id) const {
  for (const auto& s : sessions_)
    if (s->id == id)
      return s;
  return nullptr;
}

void gateway_hub::end(std::shared_ptr<gateway_session> session) {
  const auto it = std::find(sessions_.begin(), sessions_.end(), session);
  if (it == sessions_.end())
    return;
  sessions_.erase(it);
  session->expiry.reset();
  if (session->link)
    std::exchange(session->link, nullptr)->unlink();
  // What nobody of the application keeps alive any more: voice per shard, presence as a whole
  // (1.7 "shows the bot offline", 6 "main session drop can end voice").
  bool covered = false;
  bool alive = false;
  for (const auto& other : sessions_)
    if (other->application == session->application) {
      alive = true;
      covered =
          covered || (other->shard == session->shard && other->shard_count == session->shard_count);
    }
  if (!covered)
    for (auto& [id, g] : core_.world.guilds)
      if (session->covers(id) && g.voice.count(session->bot) != 0)
        move_voice(core_, id, session->bot, 0);
  if (!alive)
    set_presence(core_, session->bot, presence{});
}

void gateway_hub::end_all(snowflake application, std::uint16_t code) {
  const auto all = sessions_;
  for (const auto& s : all)
    if (s->application == application) {
      auto* link = s->link;
      end(s);
      if (link)
        link->close(code, "Session ended.");
    }
}

void gateway_hub::detach(const std::shared_ptr<gateway_session>& session) {
  session->link = nullptr;
  session->expiry = loop_.timer(options_.resume_window, [this, weak = std::weak_ptr(session)] {
    if (const auto s = weak.lock())
      end(s);
  });
}

void gateway_hub::forget(gateway_connection& connection) {
  const auto it = std::find_if(connections_.begin(), connections_.end(),
                               [&connection](const auto& c) { return c.get() == &connection; });
  if (it != connections_.end())
    connections_.erase(it);
  // One session less to wait for.
  time_acknowledged();
}

std::vector<session_info> gateway_hub::sessions() const {
  std::vector<session_info> list;
  for (const auto& s : sessions_) {
    session_info info;
    info.beaten_seq = s->beaten_seq;
    info.id = s->id;
    info.application = s->application;
    info.intents = s->intents;
    info.connected = s->link != nullptr;
    info.seq = s->seq();
    info.shard = s->shard;
    info.shard_count = s->shard_count;
    info.pending = s->pending.size();
    if (s->link) {
      info.compression = s->link->compression();
      info.queued = s->link->queued();
    }
    list.push_back(std::move(info));
  }
  return list;
}

// -- session starts
// ----------------------------------------------------------------------------------

gateway_hub::app_starts& gateway_hub::starts_of(snowflake application) {
  auto& starts = starts_[application];
  const auto now = steady::now();
  if (now >= starts.resets) {
    starts.resets = now + starts_window;
    starts.left = options_.session_starts;
  }
  return starts;
}

gateway_hub::start gateway_hub::try_start(snowflake application, int shard) {
  auto& starts = starts_of(application);
  if (starts.left <= 0)
    return start::exhausted;
  const auto now = steady::now();
  // One IDENTIFY per key and 5 s (1.5).
  const auto [last, first] =
      starts.last.try_emplace(shard % std::max(1, options_.max_concurrency), now);
  if (!first && now < last->second + options_.identify_interval)
    return start::too_soon;
  last->second = now;
  --starts.left;
  return start::ok;
}

int gateway_hub::starts_left(snowflake application) { return starts_of(application).left; }

void gateway_hub::set_starts_left(snowflake application, int left) {
  starts_of(application).left = left;
}

std::int64_t gateway_hub::starts_reset_after_ms(snowflake application) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(starts_of(application).resets -
                                                               steady::now())
      .count();
}

} // namespace sim
