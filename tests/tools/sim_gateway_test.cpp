// The gateway over real websockets (discord-api 1 and 15.7).
#include "discord-sim/route_help.hpp"
#include "discord-sim/server.hpp"
#include "discord-sim/voice.hpp"
#include "tests/support/sim_client.hpp"

using namespace sim_test;
using sim::snowflake;

namespace {

sim::server_options quick() {
  sim::server_options options;
  // The tests are about other things than the time between two IDENTIFYs, except one.
  options.gateway.identify_interval = std::chrono::milliseconds(0);
  return options;
}

constexpr snowflake guild_id = 1170000000000000001, bot_id = 1180000000000000001;

snowflake channel_named(sim::in_process& s, const std::string& name) {
  return s.call([&](sim::core& c) {
    for (const auto& [id, channel] : c.world.channels)
      if (channel.name == name)
        return id;
    throw std::runtime_error("no channel " + name);
  });
}

snowflake user_named(sim::in_process& s, const std::string& name) {
  return s.call([&](sim::core& c) {
    for (const auto& [id, user] : c.world.users)
      if (user.username == name)
        return id;
    throw std::runtime_error("no user " + name);
  });
}

void set_status(sim::in_process& s, snowflake user, const std::string& status) {
  s.call([&](sim::core& c) {
    sim::presence p;
    p.status = status;
    sim::set_presence(c, user, p);
    return 0;
  });
}

std::uint64_t violations_of(sim::in_process& s, std::string_view name) {
  return s.call([&](sim::core& c) { return c.violations.of(name); });
}

std::uint64_t all_violations(sim::in_process& s) {
  return s.call([](sim::core& c) { return c.violations.total(); });
}

} // namespace

TEST_CASE("hello, READY with stubs, then GUILD_CREATE") {
  sim::in_process s(quick());
  const std::string query =
      GENERATE("v=10&encoding=json", "v=10&encoding=json&compress=zlib-stream",
               "v=10&encoding=json&compress=zstd-stream");
  CAPTURE(query);
  gateway_client c(s.port(), query);
  const auto hello = c.read();
  CHECK(hello["op"] == 10);
  CHECK(hello["d"]["heartbeat_interval"] == 41250);
  CHECK(hello["s"].is_null());
  CHECK(c.binary() == (query.find("compress") != std::string::npos));
  c.send({{"op", 1}, {"d", nullptr}}); // a beat is legal before IDENTIFY (1.5)
  CHECK(c.read()["op"] == 11);
  c.send({{"op", 2},
          {"d", {{"token", "sandbox"}, {"intents", 53608447}, {"properties", json::object()}}}});
  const auto ready = c.read();
  CHECK(ready["t"] == "READY");
  CHECK(ready["s"] == 1);
  const auto& d = ready["d"];
  CHECK(d["guilds"] == json::parse(R"([{"id":"1170000000000000001","unavailable":true}])"));
  CHECK(d["user"]["id"] == "1180000000000000001");
  CHECK(d["application"]["id"] == "1180000000000000001");
  CHECK(d["application"]["flags"] == (1 << 13 | 1 << 15 | 1 << 19));
  CHECK_FALSE(d.contains("shard"));
  CHECK(d["resume_gateway_url"].get<std::string>().rfind("ws://127.0.0.1:", 0) == 0);
  const auto guild = c.until("GUILD_CREATE");
  CHECK(guild["unavailable"] == false);
  CHECK(guild["members"].size() == guild["member_count"]);
  for (const char* key : {"voice_states", "channels", "threads", "presences", "stage_instances",
                          "guild_scheduled_events", "soundboard_sounds", "roles", "emojis"})
    CHECK(guild[key].is_array());
  // The stream goes on in the same compression context.
  for (int i = 0; i < 50; ++i)
    c.send({{"op", 1}, {"d", c.seq()}});
  for (int i = 0; i < 50; ++i)
    c.until_op(11);
  CHECK(all_violations(s) == 0);
}

TEST_CASE("without the presence intent only the bot and people in voice are listed") {
  sim::in_process s(quick());
  gateway_client c(s.port());
  c.identify(1);
  const auto guild = c.until("GUILD_CREATE");
  CHECK(guild["members"].size() == 2);
  CHECK(guild["presences"].empty());
  CHECK(guild["member_count"] == 15);
}

TEST_CASE("close codes of a client's mistakes") {
  struct mistake {
    std::string text;
    int code;
    std::string_view counter;
  };
  const std::string good = R"("properties":{}}})";
  const auto m = GENERATE_COPY(values<mistake>({
      {"{", 4002, sim::violation::gateway_malformed},
      {"[]", 4002, sim::violation::gateway_malformed},
      {R"({"op":"2"})", 4002, sim::violation::gateway_malformed},
      {R"({"op":2,"d":5})", 4002, sim::violation::gateway_malformed},
      {R"({"op":99,"d":{}})", 4001, sim::violation::gateway_malformed},
      {R"({"op":11,"d":null})", 4001, sim::violation::gateway_malformed},
      {R"({"op":3,"d":{}})", 4003, sim::violation::op_before_identify},
      {R"({"op":4,"d":{}})", 4003, sim::violation::op_before_identify},
      {R"({"op":8,"d":{}})", 4003, sim::violation::op_before_identify},
      {R"({"op":2,"d":{"token":"wrong","intents":0,)" + good, 4004,
       sim::violation::bad_gateway_token},
      {R"({"op":2,"d":{"token":"sandbox","intents":1073741824,)" + good, 4013,
       sim::violation::bad_intents},
      {R"({"op":2,"d":{"token":"sandbox",)" + good, 4013, sim::violation::bad_intents},
      {R"({"op":6,"d":{"token":"wrong","session_id":"x","seq":1}})", 4004,
       sim::violation::bad_gateway_token},
      {R"({"op":1,"d":")" + std::string(4096, 'x') + "\"}", 4002,
       sim::violation::payload_too_large},
  }));
  CAPTURE(m.text);
  sim::in_process s(quick());
  gateway_client c(s.port());
  c.until_op(10);
  c.send_text(m.text);
  CHECK(c.close_code() == m.code);
  CHECK(violations_of(s, m.counter) == 1);
  CHECK(all_violations(s) == 1);
}

TEST_CASE("a second IDENTIFY closes with 4005, a bad shard with 4010, an old version with 4012") {
  sim::in_process s(quick());
  gateway_client twice(s.port());
  twice.identify();
  twice.send({{"op", 2}, {"d", {{"token", "sandbox"}, {"intents", 1}}}});
  CHECK(twice.close_code() == 4005);
  CHECK(violations_of(s, sim::violation::double_identify) == 1);

  gateway_client shard(s.port());
  shard.until_op(10);
  shard.send({{"op", 2}, {"d", {{"token", "sandbox"}, {"intents", 1}, {"shard", {2, 2}}}}});
  CHECK(shard.close_code() == 4010);

  gateway_client old(s.port(), "v=6&encoding=json");
  CHECK(old.close_code() == 4012);
}

TEST_CASE("a privileged intent needs the application's switch") {
  sim::in_process s(quick());
  s.call([](sim::core& c) {
    c.world.applications.at(bot_id).members_intent = false;
    return 0;
  });
  gateway_client refused(s.port());
  refused.until_op(10);
  refused.send({{"op", 2}, {"d", {{"token", "sandbox"}, {"intents", 2}}}});
  CHECK(refused.close_code() == 4014);
  gateway_client other(s.port());
  other.identify(1 | 1 << 8 | 1 << 15);
  CHECK(violations_of(s, sim::violation::bad_intents) == 1);
}

TEST_CASE("IDENTIFY too soon gets op 9 and is counted") {
  auto options = quick();
  options.gateway.identify_interval = std::chrono::hours(1);
  sim::in_process s(options);
  gateway_client first(s.port());
  first.identify(1);
  gateway_client second(s.port());
  second.until_op(10);
  second.send({{"op", 2}, {"d", {{"token", "sandbox"}, {"intents", 1}}}});
  const auto answer = second.read();
  CHECK(answer["op"] == 9);
  CHECK(answer["d"] == false);
  CHECK(violations_of(s, sim::violation::identify_too_soon) == 1);
  // Another application is not concerned.
  gateway_client other(s.port());
  other.identify(1, json::object(), "sandbox-2");
}

TEST_CASE("beyond session_start_limit all sessions of the application end") {
  auto options = quick();
  options.gateway.session_starts = 1;
  sim::in_process s(options);
  rest_client rest(s.port());
  CHECK(rest.call("GET", "/gateway/bot").body()["session_start_limit"]["remaining"] == 1);
  gateway_client first(s.port());
  first.identify(1);
  CHECK(rest.call("GET", "/gateway/bot").body()["session_start_limit"]["remaining"] == 0);
  gateway_client second(s.port());
  second.until_op(10);
  second.send({{"op", 2}, {"d", {{"token", "sandbox"}, {"intents", 1}}}});
  CHECK(second.close_code() == 4004);
  CHECK(first.close_code() == 4004);
  CHECK(violations_of(s, sim::violation::identify_exhausted) == 1);
}

TEST_CASE("120 payloads a minute pass, the 121st closes with 4008") {
  sim::in_process s(quick());
  gateway_client c(s.port());
  c.identify(0); // 1
  for (int i = 0; i < 119; ++i)
    c.send({{"op", 1}, {"d", nullptr}});
  for (int i = 0; i < 119; ++i)
    c.until_op(11);
  CHECK(all_violations(s) == 0);
  c.send({{"op", 1}, {"d", nullptr}});
  CHECK(c.close_code() == 4008);
  CHECK(violations_of(s, sim::violation::too_many_sends) == 1);
}

TEST_CASE("a connection that does not beat is closed") {
  auto options = quick();
  options.gateway.heartbeat = std::chrono::milliseconds(100);
  sim::in_process s(options);
  gateway_client c(s.port());
  c.identify(0);
  CHECK(c.close_code() == 4009);
}

TEST_CASE("a lost connection resumes with what it missed, in order") {
  sim::in_process s(quick());
  const auto maple = user_named(s, "maple");
  const std::string query =
      GENERATE("v=10&encoding=json", "v=10&encoding=json&compress=zlib-stream",
               "v=10&encoding=json&compress=zstd-stream");
  std::string session;
  std::int64_t seq = 0;
  {
    gateway_client c(s.port(), query);
    c.identify();
    c.until("GUILD_CREATE");
    c.until("PRESENCE_UPDATE"); // its own
    session = c.session();
    seq = c.seq();
    c.drop();
  }
  for (const char* status : {"idle", "dnd", "online"})
    set_status(s, maple, status);
  gateway_client c(s.port(), query, "/gateway/resume");
  c.resume(session, seq);
  for (const char* status : {"idle", "dnd", "online"}) {
    const auto missed = c.read();
    CHECK(missed["t"] == "PRESENCE_UPDATE");
    CHECK(missed["s"] == ++seq);
    CHECK(missed["d"]["status"] == status);
  }
  const auto resumed = c.read();
  CHECK(resumed["t"] == "RESUMED");
  CHECK(resumed["s"] == ++seq);
  CHECK(resumed["d"].is_object());
  set_status(s, maple, "idle");
  CHECK(c.read()["s"] == ++seq);
  CHECK(all_violations(s) == 0);
}

TEST_CASE("what cannot be resumed") {
  auto options = quick();
  options.gateway.resume_events_max = 3;
  sim::in_process s(options);
  const auto maple = user_named(s, "maple");
  gateway_client first(s.port());
  first.identify();
  first.until("PRESENCE_UPDATE");
  const auto session = first.session();
  const auto seq = first.seq();

  SECTION("an unknown session") {
    gateway_client c(s.port());
    c.resume("nonsense", 1);
    CHECK(c.read()["d"] == false);
  }
  SECTION("another application's session") {
    gateway_client c(s.port());
    c.resume(session, seq, "sandbox-2");
    CHECK(c.read()["op"] == 9);
  }
  SECTION("a number that was never sent: 4007, and the session is gone") {
    gateway_client c(s.port());
    c.resume(session, seq + 1);
    CHECK(c.close_code() == 4007);
    gateway_client again(s.port());
    again.resume(session, seq);
    CHECK(again.read()["op"] == 9);
  }
  SECTION("more missed than the buffer holds") {
    first.drop();
    for (int i = 0; i < 4; ++i)
      set_status(s, maple, "idle");
    gateway_client c(s.port());
    c.resume(session, seq);
    CHECK(c.read()["op"] == 9);
  }
  SECTION("just as much as the buffer holds") {
    first.drop();
    for (int i = 0; i < 3; ++i)
      set_status(s, maple, "idle");
    gateway_client c(s.port());
    c.resume(session, seq);
    CHECK(c.read()["s"] == seq + 1);
    c.until("RESUMED");
  }
  SECTION("after the client closed with 1000") {
    first.close(1000);
    gateway_client c(s.port());
    c.resume(session, seq);
    CHECK(c.read()["op"] == 9);
  }
  SECTION("when a test refuses it") {
    first.drop();
    s.call([](sim::core& c) {
      c.gateway().refuse_resumes(1);
      return 0;
    });
    gateway_client c(s.port());
    c.resume(session, seq);
    CHECK(c.read()["op"] == 9);
  }
}

TEST_CASE("a session ends when nobody resumes it in time, and its bot goes offline") {
  auto options = quick();
  options.gateway.resume_window = std::chrono::milliseconds(50);
  sim::in_process s(options);
  gateway_client watcher(s.port());
  watcher.identify(53608447, json::object(), "sandbox-2");
  watcher.until("GUILD_CREATE");
  std::string session;
  {
    gateway_client c(s.port());
    c.identify();
    session = c.session();
    c.drop();
  }
  for (;;) {
    const auto d = watcher.until("PRESENCE_UPDATE");
    if (d["user"]["id"] == sim::id_text(bot_id) && d["status"] == "offline")
      break;
  }
  gateway_client c(s.port());
  c.resume(session, 1);
  CHECK(c.read()["op"] == 9);
}

TEST_CASE("events follow intents and the sight of a channel") {
  sim::in_process s(quick());
  const auto general = channel_named(s, "general");
  const auto hidden = channel_named(s, "mod-only");
  gateway_client all(s.port());
  all.identify();
  gateway_client few(s.port());
  few.identify(1 | 1 << 9, json::object(), "sandbox-2"); // Lantern does not see mod-only
  const auto send = [&](snowflake channel, const std::string& content) {
    s.call([&](sim::core& c) {
      sim::event e;
      e.type = "MESSAGE_CREATE";
      e.guild = guild_id;
      e.channel = channel;
      e.intents = sim::intent::messages;
      e.message = true;
      e.data = {{"id", "1"},
                {"content", content},
                {"author", {{"id", "5"}}},
                {"embeds", {1}},
                {"attachments", {1}},
                {"components", {1}},
                {"mentions", json::array()},
                {"poll", json::object()}};
      if (content == "you")
        e.data["mentions"].push_back({{"id", "1180000000000000002"}});
      c.events().send(e);
      return 0;
    });
  };
  few.until("GUILD_CREATE");
  all.until("GUILD_CREATE");
  send(hidden, "secret");
  send(general, "hello");
  send(general, "you");
  CHECK(all.until("MESSAGE_CREATE")["content"] == "secret");
  CHECK(all.until("MESSAGE_CREATE")["content"] == "hello");
  // Without MESSAGE_CONTENT: stripped, except where it is mentioned (1.6, 16).
  const auto stripped = few.until("MESSAGE_CREATE");
  CHECK(stripped["content"] == "");
  CHECK(stripped["embeds"].empty());
  CHECK(stripped["attachments"].empty());
  CHECK(stripped["components"].empty());
  CHECK_FALSE(stripped.contains("poll"));
  CHECK(few.until("MESSAGE_CREATE")["content"] == "you");
}

TEST_CASE("shards get their guilds, DMs and others go to shard 0") {
  sim::in_process s(quick());
  const int mine = static_cast<int>((guild_id >> 22) % 2);
  gateway_client has(s.port());
  const auto ready = has.identify(1, {{"shard", {mine, 2}}});
  CHECK(ready["guilds"].size() == 1);
  CHECK(ready["shard"] == json({mine, 2}));
  gateway_client has_not(s.port());
  CHECK(has_not.identify(1, {{"shard", {1 - mine, 2}}})["guilds"].empty());
}

TEST_CASE("op 8: everybody, by prefix, by ids, and its limits") {
  sim::in_process s(quick());
  const auto maple = sim::id_text(user_named(s, "maple"));
  gateway_client c(s.port());
  c.identify();
  const auto ask = [&](json d) {
    d["guild_id"] = sim::id_text(guild_id);
    c.send({{"op", 8}, {"d", d}});
  };
  ask({{"query", ""}, {"limit", 0}, {"presences", true}, {"nonce", "n1"}});
  auto chunk = c.until("GUILD_MEMBERS_CHUNK");
  CHECK(chunk["members"].size() == 15);
  CHECK(chunk["chunk_index"] == 0);
  CHECK(chunk["chunk_count"] == 1);
  CHECK(chunk["nonce"] == "n1");
  CHECK_FALSE(chunk["presences"].empty());

  ask({{"query", ""}, {"limit", 0}, {"nonce", "n2"}});
  const auto limited = c.until("RATE_LIMITED");
  CHECK(limited["opcode"] == 8);
  CHECK(limited["meta"]["nonce"] == "n2");
  CHECK(limited["meta"]["guild_id"] == sim::id_text(guild_id));
  CHECK(limited["retry_after"].get<double>() > 20);

  ask({{"query", "MAP"}, {"limit", 5}});
  chunk = c.until("GUILD_MEMBERS_CHUNK");
  REQUIRE(chunk["members"].size() == 1);
  CHECK(chunk["members"][0]["user"]["id"] == maple);

  ask({{"user_ids", {maple, "1170000000000000999", "7"}}, {"nonce", std::string(33, 'x')}});
  chunk = c.until("GUILD_MEMBERS_CHUNK");
  CHECK(chunk["members"].size() == 1);
  CHECK(chunk["not_found"] == json::parse(R"(["1170000000000000999",7])"));
  CHECK_FALSE(chunk.contains("nonce"));

  ask({{"query", "nobody"}, {"limit", 5}});
  chunk = c.until("GUILD_MEMBERS_CHUNK");
  CHECK(chunk["members"].empty());
  CHECK(chunk["chunk_count"] == 1);
}

TEST_CASE("op 4: join, move, mute, leave, refusals are silent") {
  sim::in_process s(quick());
  const auto lounge = channel_named(s, "Lounge");
  const auto general = channel_named(s, "general");
  gateway_client c(s.port());
  c.identify();
  c.until("GUILD_CREATE");
  const auto join = [&](json channel, bool mute) {
    c.send({{"op", 4},
            {"d",
             {{"guild_id", sim::id_text(guild_id)},
              {"channel_id", std::move(channel)},
              {"self_mute", mute},
              {"self_deaf", true}}}});
  };
  join(sim::id_text(general), false); // no voice channel
  join("1170000000000000998", false); // unknown
  join(sim::id_text(lounge), false);
  auto state = c.until("VOICE_STATE_UPDATE");
  CHECK(state["channel_id"] == sim::id_text(lounge));
  CHECK(state["self_deaf"] == true);
  CHECK(state["member"]["user"]["id"] == sim::id_text(bot_id));
  const auto server = c.until("VOICE_SERVER_UPDATE");
  CHECK(server["guild_id"] == sim::id_text(guild_id));
  CHECK(server["endpoint"].get<std::string>().find("://") == std::string::npos);
  const auto session = state["session_id"];

  join(sim::id_text(lounge), true);
  state = c.until("VOICE_STATE_UPDATE");
  CHECK(state["self_mute"] == true);
  CHECK(state["session_id"] == session);
  join(nullptr, false);
  // No VOICE_SERVER_UPDATE between: muting oneself is no join.
  const auto left = c.read();
  CHECK(left["t"] == "VOICE_STATE_UPDATE");
  CHECK(left["d"]["channel_id"].is_null());
}

TEST_CASE("a full voice channel takes only those who may move members") {
  sim::in_process s(quick());
  const auto ranked = channel_named(s, "Ranked 1");
  const auto joined = [&](const char* name) {
    const auto user = user_named(s, name);
    return s.call([&](sim::core& c) {
      sim::voice_wish wish;
      wish.channel = ranked;
      return sim::change_voice(c, guild_id, user, wish);
    });
  };
  for (const char* name : {"tundra", "poutine", "sparrow", "quartz", "kestrel"})
    CHECK(joined(name));
  CHECK_FALSE(joined("rookie"));
  CHECK(joined("tundra")); // is inside already
  CHECK(joined("maple"));  // Mod
}

TEST_CASE("an outage is told and ends, duplicates and reordering") {
  sim::in_process s(quick());
  const auto maple = user_named(s, "maple");
  gateway_client c(s.port());
  c.identify();
  c.until("PRESENCE_UPDATE");
  s.call([](sim::core& core) {
    core.gateway().set_unavailable(guild_id, true);
    return 0;
  });
  CHECK(c.until("GUILD_DELETE") == json({{"id", sim::id_text(guild_id)}, {"unavailable", true}}));
  set_status(s, maple, "dnd"); // nobody hears of it
  s.call([](sim::core& core) {
    core.gateway().set_unavailable(guild_id, false);
    return 0;
  });
  CHECK(c.read()["t"] == "GUILD_CREATE");

  s.call([](sim::core& core) {
    core.gateway().duplicate_next(1);
    return 0;
  });
  set_status(s, maple, "idle");
  const auto one = c.read();
  CHECK(one == c.read());

  s.call([](sim::core& core) {
    core.gateway().reorder_next(2);
    return 0;
  });
  set_status(s, maple, "online");
  set_status(s, maple, "dnd");
  const auto late = c.read();
  const auto early = c.read();
  CHECK(late["d"]["status"] == "dnd");
  CHECK(early["d"]["status"] == "online");
  CHECK(late["s"].get<int>() + 1 == early["s"].get<int>());
}

TEST_CASE("faults: no ACK, op 7, op 9, a close code, no close frame") {
  sim::in_process s(quick());
  gateway_client c(s.port());
  c.identify(0);
  const auto gateway = [&](auto f) {
    s.call([&](sim::core& core) {
      f(core.gateway());
      return 0;
    });
  };
  gateway([](sim::gateway_server& g) { g.drop_acks("", true); });
  c.send({{"op", 1}, {"d", 1}});
  // Its answer proves that the beat before it was read and not acknowledged.
  c.send({{"op", 31}, {"d", {{"guild_ids", {sim::id_text(guild_id)}}}}});
  CHECK(c.read()["t"] == "SOUNDBOARD_SOUNDS");
  gateway([](sim::gateway_server& g) { g.drop_acks("", false); });
  c.send({{"op", 1}, {"d", 1}});
  CHECK(c.read()["op"] == 11);
  gateway([](sim::gateway_server& g) { g.reconnect(""); });
  CHECK(c.read()["op"] == 7);
  SECTION("op 9 true keeps the session") {
    gateway([](sim::gateway_server& g) { g.invalidate("", true); });
    CHECK(c.read()["d"] == true);
    CHECK(s.call([](sim::core& core) { return core.gateway().sessions().size(); }) == 1);
  }
  SECTION("op 9 false ends it") {
    gateway([](sim::gateway_server& g) { g.invalidate("", false); });
    CHECK(c.read()["d"] == false);
    CHECK(s.call([](sim::core& core) { return core.gateway().sessions().empty(); }));
  }
  SECTION("a code") {
    gateway([](sim::gateway_server& g) { g.close("", 4000); });
    CHECK(c.close_code() == 4000);
  }
  SECTION("nothing") {
    gateway([](sim::gateway_server& g) { g.close("", 0); });
    CHECK(c.close_code() == 0);
  }
}

TEST_CASE("faults: op 1, op 7 before Hello, a resume address that refuses, split and garbage") {
  sim::in_process s(quick());
  const auto gateway = [&](auto f) {
    s.call([&](sim::core& core) {
      f(core.gateway());
      return 0;
    });
  };
  gateway([](sim::gateway_server& g) { g.reconnect_before_hello(1); });
  gateway_client early(s.port());
  CHECK(early.read()["op"] == 7);

  gateway_client c(s.port());
  c.identify(0);
  gateway([](sim::gateway_server& g) { g.ask_beat(""); });
  CHECK(c.read()["op"] == 1);

  gateway([](sim::gateway_server& g) { g.refuse_resume_connections(1); });
  CHECK_THROWS(gateway_client(s.port(), "v=10&encoding=json", "/gateway/resume"));
  gateway_client later(s.port(), "v=10&encoding=json", "/gateway/resume");
  CHECK(later.read()["op"] == 10);

  gateway_client zlib(s.port(), "v=10&encoding=json&compress=zlib-stream");
  zlib.identify(0);
  gateway([](sim::gateway_server& g) { g.split_next(1); });
  zlib.send({{"op", 1}, {"d", 1}});
  CHECK(zlib.read_split()["op"] == 11);
  zlib.send({{"op", 1}, {"d", 1}});
  CHECK(zlib.read()["op"] == 11);
  gateway([](sim::gateway_server& g) { g.send_garbage(""); });
  CHECK_THROWS_AS(c.read(), json::parse_error);
  CHECK_THROWS(zlib.read());
}

TEST_CASE("held-back dispatches come late, in order and whole") {
  sim::in_process s(quick());
  const auto maple = user_named(s, "maple");
  gateway_client c(s.port());
  c.identify();
  c.until("PRESENCE_UPDATE");
  s.call([](sim::core& core) {
    core.gateway().delay_dispatches(std::chrono::milliseconds(30));
    return 0;
  });
  const auto start = std::chrono::steady_clock::now();
  auto seq = c.seq();
  for (const char* status : {"idle", "dnd", "online"})
    set_status(s, maple, status);
  for (const char* status : {"idle", "dnd", "online"}) {
    const auto p = c.read();
    CHECK(p["s"] == ++seq);
    CHECK(p["d"]["status"] == status);
  }
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(30));
}

TEST_CASE("a bot that joins gets GUILD_CREATE, one that leaves GUILD_DELETE without unavailable") {
  sim::in_process s(quick());
  gateway_client watcher(s.port());
  watcher.identify();
  watcher.until("GUILD_CREATE");
  gateway_client c(s.port());
  c.identify(1, json::object(), "sandbox-2");
  c.until("GUILD_CREATE");
  constexpr snowflake lantern = 1180000000000000002;
  s.call([](sim::core& core) {
    return sim::leave_guild(core, core.world.guilds.at(guild_id), lantern);
  });
  CHECK(c.until("GUILD_DELETE") == json({{"id", sim::id_text(guild_id)}}));
  CHECK(watcher.until("GUILD_MEMBER_REMOVE")["user"]["id"] == sim::id_text(lantern));
  s.call([](sim::core& core) {
    return sim::join_guild(core, core.world.guilds.at(guild_id), lantern);
  });
  CHECK(c.until("GUILD_CREATE")["id"] == sim::id_text(guild_id));
  const auto added = watcher.until("GUILD_MEMBER_ADD");
  CHECK(added["guild_id"] == sim::id_text(guild_id));
  CHECK(added["user"]["id"] == sim::id_text(lantern));
}

TEST_CASE("moved time reaches the sessions that asked for it, and waits for them") {
  sim::in_process s(quick());
  gateway_client plain(s.port());
  plain.identify(1);
  gateway_client timed(s.port(), "v=10&encoding=json&sim_time=1");
  timed.until_op(10);
  timed.send({{"op", 2}, {"d", {{"token", "sandbox"}, {"intents", 1}}}});
  CHECK(timed.read()["t"] == "READY");
  const auto first = timed.read();
  CHECK(first["op"] == 200);
  CHECK(timed.read()["t"] == "GUILD_CREATE");
  const auto before = first["d"]["now_ms"].get<std::int64_t>();

  auto result = std::make_shared<std::promise<sim::time_moved>>();
  s.call([&](sim::core& c) {
    c.clock.move(std::chrono::hours(24));
    c.announce_time([result](sim::time_moved t) { result->set_value(t); });
    return 0;
  });
  const auto moved = timed.until_op(200)["d"]["now_ms"].get<std::int64_t>();
  CHECK(moved - before >= 24 * 3600000);
  auto waiting = result->get_future();
  CHECK(waiting.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  timed.send({{"op", 200}, {"d", {{"now_ms", moved}}}});
  const auto t = waiting.get();
  CHECK(t.asked == 1);
  CHECK(t.acknowledged == 1);
  // A client that did not ask has no such opcode.
  plain.send({{"op", 200}, {"d", {{"now_ms", moved}}}});
  CHECK(plain.close_code() == 4001);
}

TEST_CASE("op 3 is seen by others and limited") {
  sim::in_process s(quick());
  gateway_client watcher(s.port());
  watcher.identify(1 | 1 << 8, json::object(), "sandbox-2");
  gateway_client c(s.port());
  c.identify(1);
  c.send({{"op", 3},
          {"d",
           {{"status", "dnd"},
            {"since", nullptr},
            {"afk", false},
            {"activities", {{{"name", "x"}, {"type", 4}, {"state", "tonight"}}}}}}});
  for (;;) {
    const auto d = watcher.until("PRESENCE_UPDATE");
    if (d["user"]["id"] != sim::id_text(bot_id) || d["status"] != "dnd")
      continue;
    CHECK(d["activities"][0]["state"] == "tonight");
    break;
  }
  c.send({{"op", 3}, {"d", {{"status", "sleepy"}}}});
  CHECK(c.close_code() == 4002);
}
