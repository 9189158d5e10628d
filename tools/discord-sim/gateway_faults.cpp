// Faults and moved time: what tests do to the gateway.
#include "discord-sim/gateway_hub.hpp"
#include "discord-sim/objects.hpp"
#include <algorithm>

namespace sim {

namespace {

// How long the clients may take to acknowledge a moved clock.
constexpr std::chrono::milliseconds time_wait_ms{5000};
// A reordering that waits for dispatches which never come lets go of what it has.
constexpr std::chrono::milliseconds reorder_wait_ms{2000};

} // namespace

template <class F> void gateway_hub::each(std::string_view session, F f) {
  // Copied: closing may end sessions.
  const auto all = sessions_;
  for (const auto& s : all)
    if (session.empty() || s->id == session)
      f(s);
}

void gateway_hub::drop_acks(std::string_view session, bool on) {
  if (session.empty())
    drop_all_acks_ = on;
  each(session, [on](const auto& s) { s->drop_acks = on; });
}

void gateway_hub::close(std::string_view session, std::uint16_t code) {
  each(session, [code](const auto& s) {
    if (!s->link)
      return;
    if (code == 0)
      s->link->drop();
    else
      s->link->close(code, "");
  });
}

void gateway_hub::drop_connections() {
  const auto all = connections_; // copied: they leave the list
  for (const auto& c : all)
    c->drop();
}

void gateway_hub::expire_sessions() {
  each("", [this](const auto& s) { end(s); });
}

void gateway_hub::reconnect(std::string_view session) {
  each(session, [](const auto& s) {
    if (s->link)
      s->link->send_op(7, nullptr);
  });
}

void gateway_hub::invalidate(std::string_view session, bool resumable) {
  each(session, [this, resumable](const auto& s) {
    auto* link = s->link;
    if (!resumable)
      end(s);
    if (link)
      link->send_op(9, resumable);
  });
}

void gateway_hub::ask_beat(std::string_view session) {
  each(session, [](const auto& s) {
    if (s->link)
      s->link->send_op(1, nullptr);
  });
}

void gateway_hub::split_next(int count) {
  each("", [count](const auto& s) {
    if (s->link)
      s->link->split_next(count);
  });
}

void gateway_hub::send_garbage(std::string_view session) {
  each(session, [](const auto& s) {
    if (s->link)
      s->link->send_garbage();
  });
}

void gateway_hub::duplicate_next(int count) {
  each("", [count](const auto& s) { s->duplicate = count; });
}

void gateway_hub::reorder_next(int count) {
  each("", [this, count](const auto& s) {
    if (count == 0) {
      release_held(*s);
      return;
    }
    s->reorder = count;
    loop_.after(reorder_wait_ms, [this, weak = std::weak_ptr(s)] {
      if (const auto session = weak.lock(); session && session->reorder > 0)
        release_held(*session);
    });
  });
}

void gateway_hub::set_unavailable(snowflake guild, bool on) {
  auto* g = core_.world.find_guild(guild);
  if (!g || g->unavailable == on)
    return;
  g->unavailable = on;
  each("", [&](const auto& s) {
    if ((s->intents & intent::guilds) == 0 || !s->covers(guild) || g->members.count(s->bot) == 0)
      return;
    s->pending.erase(guild);
    if (on)
      deliver(*s, "GUILD_DELETE", {{"id", id_text(guild)}, {"unavailable", true}});
    else
      deliver(*s, "GUILD_CREATE",
              guild_create_json(core_.world, *g, s->bot, (s->intents & intent::presences) != 0,
                                s->large_threshold));
  });
}

void gateway_hub::announce_guild(snowflake guild, snowflake application) {
  const auto* g = core_.world.find_guild(guild);
  each("", [&](const auto& s) {
    if (g && s->application == application && s->covers(guild) &&
        (s->intents & intent::guilds) != 0)
      deliver(*s, "GUILD_CREATE",
              guild_create_json(core_.world, *g, s->bot, (s->intents & intent::presences) != 0,
                                s->large_threshold));
  });
}

void gateway_hub::forget_guild(snowflake guild, snowflake application) {
  each("", [&](const auto& s) {
    s->pending.erase(guild);
    if (s->application == application && s->covers(guild) && (s->intents & intent::guilds) != 0)
      deliver(*s, "GUILD_DELETE", {{"id", id_text(guild)}});
  });
}

std::size_t gateway_hub::time_pending() const {
  return static_cast<std::size_t>(std::count_if(connections_.begin(), connections_.end(),
                                                [](const auto& c) { return c->time_pending(); }));
}

void gateway_hub::announce_time(std::function<void(time_moved)> done) {
  time_wait wait;
  wait.number = next_wait_++;
  wait.at = core_.clock.now();
  wait.done = std::move(done);
  for (const auto& c : connections_)
    if (c->sim_time() && c->session()) {
      ++wait.asked;
      c->send_sim_time();
    }
  wait.timer = loop_.timer(time_wait_ms, [this, number = wait.number] { finish_wait(number); });
  waits_.push_back(std::move(wait));
  time_acknowledged();
}

void gateway_hub::time_acknowledged() {
  while (!waits_.empty() && time_pending() == 0)
    finish_wait(waits_.front().number);
}

void gateway_hub::finish_wait(std::uint64_t number) {
  const auto it = std::find_if(waits_.begin(), waits_.end(),
                               [number](const time_wait& w) { return w.number == number; });
  if (it == waits_.end())
    return;
  const auto wait = std::move(*it);
  waits_.erase(it);
  const auto missing = std::min(wait.asked, time_pending());
  wait.done({wait.at, wait.asked, wait.asked - missing});
}

} // namespace sim
