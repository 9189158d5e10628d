// The shard against a scripted gateway: what it says, what its guilds are told, and how it comes
// back from every kind of trouble (discord-api 12).
#include "infra/inspect/process_counters.hpp"
#include "tests/actors/gateway/shard_bench.hpp"
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

using namespace hearth;
using namespace hearth::test;

namespace {

json voice_state(const std::string& user, const json& channel, const std::string& name) {
  return {{"guild_id", "5"},
          {"user_id", user},
          {"channel_id", channel},
          {"member", {{"user", {{"id", user}, {"username", name}}}, {"roles", json::array()}}}};
}

json command(const std::string& name) {
  return {{"id", "1"},
          {"type", 2},
          {"token", "interaction-token"},
          {"guild_id", "5"},
          {"data", {{"name", name}}},
          {"member", {{"user", {{"id", "3"}, {"username", "ada"}}}}}};
}

/// Ready, with guild 5 known to its actor; the last seq is 2.
scripted_connection ready(shard_bench& b) {
  b.spawn();
  auto peer = b.server.accept();
  identify(peer, b.server, {"5"});
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told() == "bot hearth with 1");
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer;");
  return peer;
}

/// The next connection must resume with this seq; says RESUMED.
scripted_connection resume(shard_bench& b, int64_t seq) {
  auto peer = b.server.accept();
  CHECK(peer.target() == "/resume?v=10&encoding=json");
  say_hello(peer);
  const auto asked = expect_op(peer, 6);
  CHECK(asked["d"] == json{{"token", "the-token"}, {"session_id", "the-session"}, {"seq", seq}});
  dispatch(peer, "RESUMED", seq + 1, json::object());
  return peer;
}

} // namespace

TEST_CASE("shard: it identifies and tells its guilds what comes", "[gateway]") {
  auto b = shard_bench{};
  b.spawn();
  auto peer = b.server.accept();
  CHECK(peer.target() == "/?v=10&encoding=json");
  CHECK(peer.header("User-Agent") == "DiscordBot (test, 1)");
  const auto asked = identify(peer, b.server, {"5", "6"});
  CHECK(asked["d"]["token"] == "the-token");
  CHECK(asked["d"]["intents"] == 0x289);
  CHECK(asked["d"]["shard"] == json::array({0, 1}));
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told() == "bot hearth with 2");
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer;");
  dispatch(peer, "VOICE_STATE_UPDATE", 3, voice_state("3", "7", "ada"));
  CHECK(b.told() == "guild 5: voice ada 0>7;");
  dispatch(peer, "INTERACTION_CREATE", 4, command("help"));
  CHECK(b.told() == "guild 5: interaction help;");
  dispatch(peer, "GUILD_DELETE", 5, {{"id", "5"}, {"unavailable", true}});
  CHECK(b.told() == "guild 5: unavailable;");
  dispatch(peer, "GUILD_DELETE", 6, {{"id", "5"}});
  CHECK(b.told() == "guild 5: removed;");
  dispatch(peer, "GUILD_CREATE", 7, guild("5", "Foyer"));
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer joined;");
  const auto status = b.status();
  CHECK(status.state == "ready");
  CHECK(status.events == 7);
  CHECK(status.forwarded == 6);
  CHECK(status.guilds == 2);
  CHECK(status.identifies == 1);
}

TEST_CASE("shard: one packet, one message for each guild", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  auto packet = std::string{};
  for (auto i = 0; i < 5; ++i) {
    const auto text =
        R"({"t":"VOICE_STATE_UPDATE","s":)" + std::to_string(i + 3) + R"(,"op":0,"d":)" +
        voice_state(std::to_string(i + 10), "7", "m" + std::to_string(i)).dump() + "}";
    packet += '\x81';
    packet += '\x7e';
    packet += static_cast<char>(text.size() >> 8);
    packet += static_cast<char>(text.size() & 0xff);
    packet += text;
  }
  peer.raw(packet);
  CHECK(b.told() ==
        "guild 5: voice m0 0>7; voice m1 0>7; voice m2 0>7; voice m3 0>7; voice m4 0>7;");
}

TEST_CASE("shard: what nobody waits for waits for company", "[gateway]") {
  auto b = shard_bench{};
  b.options.news_wait_ms = 600'000;
  b.options.news_waiting_max = 4;
  auto peer = ready(b);
  auto join = [&, seq = 3](const char* user) mutable {
    dispatch(peer, "VOICE_STATE_UPDATE", seq, voice_state(user, "7", user));
    peer.text(R"({"t":null,"s":null,"op":1,"d":null})");
    CHECK(json::parse(peer.receive())["d"] == seq++); // it was read
  };
  join("11");
  join("12");
  CHECK(b.around.told.empty());
  SECTION("until something is urgent") {
    dispatch(peer, "GUILD_ROLE_CREATE", 5,
             {{"guild_id", "5"}, {"role", {{"id", "9"}, {"name", "new"}}}});
    CHECK(b.told() == "guild 5: voice 11 0>7; voice 12 0>7; changed Foyer;");
  }
  SECTION("until there are enough") {
    join("13");
    CHECK(b.around.told.empty());
    dispatch(peer, "VOICE_STATE_UPDATE", 6, voice_state("14", "7", "14"));
    CHECK(b.told() == "guild 5: voice 11 0>7; voice 12 0>7; voice 13 0>7; voice 14 0>7;");
  }
  SECTION("until the stop") {
    auto stopped = std::thread{[&] { CHECK(b.stop(true)); }};
    CHECK(b.told() == "guild 5: voice 11 0>7; voice 12 0>7;");
    peer.wait_closed();
    stopped.join();
  }
}

TEST_CASE("shard: what waits for company waits its time", "[gateway]") {
  auto b = shard_bench{};
  b.options.news_wait_ms = 20;
  auto peer = ready(b);
  dispatch(peer, "VOICE_STATE_UPDATE", 3, voice_state("11", "7", "ada"));
  CHECK(b.told() == "guild 5: voice ada 0>7;");
}

TEST_CASE("shard: what nobody wants never leaves it", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  dispatch(peer, "PRESENCE_UPDATE", 3, {{"user", 7}, {"status", json::array()}});
  dispatch(peer, "MESSAGE_CREATE", 4, {{"content", "\"t\":\"INTERACTION_CREATE\""}});
  dispatch(peer, "SOMETHING_NEW", 5, nullptr);
  dispatch(peer, "GUILD_CREATE", 6, "not a guild");
  dispatch(peer, "GUILD_CREATE", 7, guild("5", "Foyer")); // a repetition
  peer.text(R"({"op":77,"d":null})");
  dispatch(peer, "VOICE_STATE_UPDATE", 8, voice_state("3", "7", "ada"));
  CHECK(b.told() == "guild 5: voice ada 0>7;");
  CHECK(b.quiet());
  const auto status = b.status();
  CHECK(status.events == 8);
  CHECK(status.dropped == 5);
  const auto& counted = b.counted.counters().gateway;
  const auto of = [](const auto& counts, event_kind kind) {
    return counts[static_cast<size_t>(kind)].get();
  };
  CHECK(of(counted.received, event_kind::presence) == 1);
  CHECK(of(counted.dropped, event_kind::presence) == 1);
  CHECK(of(counted.dropped, event_kind::other) == 1);
  CHECK(of(counted.received, event_kind::guild_create) == 3);
  CHECK(of(counted.dropped, event_kind::guild_create) == 2);
  CHECK(of(counted.forwarded, event_kind::guild_create) == 1);
  CHECK(of(counted.forwarded, event_kind::voice_state) == 1);
  CHECK(of(counted.received, event_kind::ready) == 1);
  CHECK(counted.undecodable.get() == 1);
  CHECK(counted.guilds.get() == 1);
  const auto actors = b.counted.actors();
  REQUIRE(actors.size() == 1);
  CHECK(actors[0].name == "gateway_shard");
  CHECK(actors[0].handled >= 8); // socket reads and messages
}

TEST_CASE("shard: what it counts survives connections and its own death", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  const auto& counted = b.counted.counters().gateway;
  CHECK(b.status().state == "ready");
  CHECK(counted.away_since_ms == 0);
  CHECK(std::string{counted.phase.load()} == "ready");
  CHECK(counted.connections.get() == 1);
  peer.close(4000);
  auto second = resume(b, 2);
  dispatch(second, "VOICE_STATE_UPDATE", 4, voice_state("3", "7", "ada"));
  CHECK(b.told() == "guild 5: voice ada 0>7;");
  CHECK(counted.connections.get() == 2);
  CHECK(counted.resumes.get() == 1);
  CHECK(counted.identifies.get() == 1);
  b.kill();
  CHECK(counted.away_since_ms > 0);
  CHECK(std::string{counted.phase.load()} == "stopped");
  b.spawn();
  auto third = b.server.accept();
  CHECK(counted.connections.get() == 3);
  CHECK(b.counted.deaths() == 1);
  CHECK(b.counted.actors().at(0).restarts == 1);
}

TEST_CASE("shard: heartbeats carry the seq, op 1 is answered at once", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  peer.text(R"({"t":null,"s":null,"op":1,"d":null})");
  const auto beat = json::parse(peer.receive());
  CHECK(beat == json{{"op", 1}, {"d", 2}});
}

TEST_CASE("shard: a zombie is closed and resumed", "[gateway]") {
  auto b = shard_bench{};
  b.spawn();
  auto peer = b.server.accept();
  say_hello(peer, 30);
  const auto asked = json::parse(peer.receive());
  CHECK(asked["op"] == 2);
  dispatch(peer, "READY", 1,
           {{"user", {{"id", "900"}, {"username", "hearth"}}},
            {"session_id", "the-session"},
            {"resume_gateway_url", b.server.url() + "/resume"}});
  // No heartbeat is ever acknowledged.
  CHECK(peer.wait_closed() == 4000);
  auto again = resume(b, 1);
  dispatch(again, "GUILD_CREATE", 3, guild("5", "Foyer"));
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told() == "bot hearth with 0");
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer joined;");
  CHECK(b.status().resumes == 1);
}

TEST_CASE("shard: every recoverable ending resumes on the resume URL", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  SECTION("cut without a word") { peer.cut(); }
  SECTION("op 7") {
    peer.text(R"({"t":null,"s":null,"op":7,"d":null})");
    CHECK(peer.wait_closed() == 4000);
  }
  SECTION("op 9, resumable") {
    peer.text(R"({"t":null,"s":null,"op":9,"d":true})");
    CHECK(peer.wait_closed() == 4000);
  }
  SECTION("close codes") {
    peer.close(GENERATE(uint16_t{1000}, uint16_t{1001}, uint16_t{4000}, uint16_t{4001},
                        uint16_t{4002}, uint16_t{4005}, uint16_t{4008}, uint16_t{4321}));
  }
  SECTION("what is no JSON") {
    peer.text("certainly not");
    CHECK(peer.wait_closed() == 4000);
  }
  SECTION("binary although nobody asked") {
    peer.binary("x");
    CHECK(peer.wait_closed() == 4000);
  }
  auto again = resume(b, 2);
  dispatch(again, "VOICE_STATE_UPDATE", 4, voice_state("3", "7", "ada"));
  CHECK(b.told() == "guild 5: voice ada 0>7;");
  CHECK(b.quiet());
}

TEST_CASE("shard: replayed events come first, expired interactions are left out", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  dispatch(peer, "INTERACTION_CREATE", 3, command("live")); // as old, but not replayed
  CHECK(b.told() == "guild 5: interaction live;");
  peer.cut();
  auto again = b.server.accept();
  say_hello(again);
  CHECK(expect_op(again, 6)["d"]["seq"] == 3);
  dispatch(again, "VOICE_STATE_UPDATE", 4, voice_state("3", "7", "ada"));
  dispatch(again, "INTERACTION_CREATE", 5, command("expired"));
  dispatch(again, "RESUMED", 6, json::object());
  dispatch(again, "INTERACTION_CREATE", 7, command("later"));
  CHECK(b.told() == "guild 5: voice ada 0>7;");
  CHECK(b.told() == "guild 5: interaction later;");
  CHECK(b.quiet());
}

TEST_CASE("shard: a lost session is started anew on the base URL", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  SECTION("op 9") { peer.text(R"({"t":null,"s":null,"op":9,"d":false})"); }
  SECTION("close codes") { peer.close(GENERATE(uint16_t{4003}, uint16_t{4007}, uint16_t{4009})); }
  CHECK(b.told() == "rest /gateway/bot");
  auto again = b.server.accept();
  CHECK(again.target() == "/?v=10&encoding=json");
  identify(again, b.server, {"5"});
  CHECK(b.told() == "bot hearth with 1");
  dispatch(again, "GUILD_CREATE", 2, guild("5", "Foyer"));
  CHECK(b.told() == "guild 5: available Foyer;"); // its actor may have missed something
  CHECK(b.status().identifies == 2);
}

TEST_CASE("shard: a refused resume identifies, guilds that left meanwhile are told", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  peer.cut();
  auto again = b.server.accept();
  say_hello(again);
  expect_op(again, 6);
  again.text(R"({"t":null,"s":null,"op":9,"d":false})");
  CHECK(again.wait_closed() == 4000);
  CHECK(b.told() == "rest /gateway/bot");
  auto third = b.server.accept();
  identify(third, b.server, {"6"});
  const auto told = std::set<std::string>{b.told(), b.told()}; // two actors, in any order
  CHECK(told == std::set<std::string>{"bot hearth with 1", "guild 5: removed;"});
}

TEST_CASE("shard: an unreachable resume URL leads back to the base", "[gateway]") {
  auto b = shard_bench{};
  b.spawn();
  auto peer = b.server.accept();
  say_hello(peer);
  expect_op(peer, 2);
  dispatch(peer, "READY", 1,
           {{"user", {{"id", "900"}, {"username", "hearth"}}},
            {"session_id", "the-session"},
            {"resume_gateway_url", "ws://127.0.0.1:1/nobody"}});
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told() == "bot hearth with 0");
  peer.cut();
  CHECK(b.told() == "rest /gateway/bot");
  auto again = b.server.accept();
  CHECK(again.target() == "/?v=10&encoding=json");
  say_hello(again);
  expect_op(again, 2);
}

TEST_CASE("shard: a foreign address is never connected to in the clear", "[gateway]") {
  auto b = shard_bench{};
  b.options.api = "https://discord.com/api"; // then even loopback is suspicious
  b.spawn();
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told() == "rest /gateway/bot"); // it asks again instead
  CHECK(b.server.is_quiet(0));
}

TEST_CASE("shard: fatal codes stop everything and say what to do", "[gateway]") {
  const auto code = GENERATE(uint16_t{4004}, uint16_t{4010}, uint16_t{4011}, uint16_t{4012},
                             uint16_t{4013}, uint16_t{4014});
  auto b = shard_bench{};
  b.options.routing.wants.messages_legacy = true;
  b.spawn();
  auto peer = b.server.accept();
  say_hello(peer);
  CHECK(expect_op(peer, 2)["d"]["intents"] == 0x8289);
  peer.close(code);
  CHECK(b.told() == "rest /gateway/bot");
  const auto told = b.told();
  CHECK(told.rfind("fatal 78 ", 0) == 0);
  CHECK(told.find(std::to_string(code)) != std::string::npos);
  CHECK((told.find("Message Content Intent") != std::string::npos) == (code == 4014));
  CHECK(told.find("the-token") == std::string::npos);
  CHECK(b.status().state == "failed");
  CHECK(b.server.is_quiet(50));
  CHECK(b.stop(false));
}

TEST_CASE("shard: a refused token is fatal", "[gateway]") {
  auto b = shard_bench{};
  b.around.rest_status = 401;
  b.spawn();
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told().rfind("fatal 78 ", 0) == 0);
}

TEST_CASE("shard: trouble with REST is waited out", "[gateway]") {
  auto b = shard_bench{};
  b.around.rest_status = GENERATE(uint16_t{0}, uint16_t{503});
  b.spawn();
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told() == "rest /gateway/bot");
  {
    const auto lock = std::lock_guard{b.around.mutex};
    b.around.rest_status = 200;
  }
  auto peer = b.server.accept();
  say_hello(peer);
  expect_op(peer, 2);
}

TEST_CASE("shard: no session is started from the reserve", "[gateway]") {
  auto b = shard_bench{};
  b.around.starts_left = 0;
  b.spawn();
  CHECK(b.told() == "rest /gateway/bot");
  while (b.status().state == "resolving")
    continue;
  CHECK(b.status().state == "waiting for quota");
  CHECK(b.server.is_quiet(50));
}

TEST_CASE("shard: IDENTIFYs are counted over restarts", "[gateway]") {
  auto b = shard_bench{};
  ready(b).cut();
  b.kill(); // a crash: nothing was saved but the count
  b.options.timing.identify_gap_ms = 600'000;
  b.spawn();
  CHECK(b.told() == "rest /gateway/bot");
  while (b.status().state == "resolving")
    continue;
  CHECK(b.status().state == "waiting to identify");
}

TEST_CASE("shard: compressed streams", "[gateway]") {
  auto b = shard_bench{};
  b.options.mode = GENERATE(compression::zlib, compression::zstd);
  b.spawn();
  auto peer = b.server.accept();
  CHECK(peer.target() ==
        std::string{"/?v=10&encoding=json&compress="} + std::string{to_query(b.options.mode)});
  say_hello(peer); // text frames stay text
  expect_op(peer, 2);
  peer.binary("garbage that is no stream");
  CHECK(peer.wait_closed() == 4000);
}

// -- guild actors -------------------------------------------------------------------------------

TEST_CASE("shard: events wait for their guild's actor, in order", "[gateway]") {
  auto b = shard_bench{};
  b.around.hold_guilds = true;
  b.spawn();
  auto peer = b.server.accept();
  identify(peer, b.server, {"5"});
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told() == "bot hearth with 1");
  CHECK(b.told() == "want 5");
  dispatch(peer, "VOICE_STATE_UPDATE", 3, voice_state("3", "7", "ada"));
  dispatch(peer, "INTERACTION_CREATE", 4, command("help"));
  dispatch(peer, "VOICE_STATE_UPDATE", 5, voice_state("3", nullptr, "ada"));
  while (b.status().events < 5)
    continue;
  b.release();
  CHECK(b.told() == "guild 5: available Foyer; voice ada 0>7; interaction help; voice ada 7>0;");
}

TEST_CASE("shard: a bounded number of events waits, a picture of the guild replaces the rest",
          "[gateway]") {
  auto b = shard_bench{};
  b.around.hold_guilds = true;
  b.options.waiting_events_max = 10;
  b.spawn();
  auto peer = b.server.accept();
  identify(peer, b.server, {"5"});
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  dispatch(peer, "INTERACTION_CREATE", 3, command("help"));
  for (auto i = 0; i < 9; ++i)
    dispatch(peer, "MESSAGE_DELETE", 4 + i,
             {{"id", std::to_string(i + 1)}, {"channel_id", "7"}, {"guild_id", "5"}});
  while (b.status().events < 12)
    continue;
  b.release();
  for (const auto* line : {"rest /gateway/bot", "bot hearth with 1", "want 5"})
    CHECK(b.told() == line);
  CHECK(b.told() == "guild 5: available Foyer; interaction help;");
}

TEST_CASE("shard: a guild's new actor hears first what the guild is like", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  dispatch(peer, "INTERACTION_CREATE", 3, command("die"));
  CHECK(b.told() == "guild 5: interaction die;");
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer;");
  b.tell(guild_lost{guild_id{5}}); // the supervisor's word for the same death
  dispatch(peer, "VOICE_STATE_UPDATE", 4, voice_state("3", "7", "ada"));
  CHECK(b.told() == "guild 5: voice ada 0>7;");
  b.tell(guild_lost{guild_id{5}}); // another one
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer;");
}

TEST_CASE("shard: a refused guild is asked for again with its events", "[gateway]") {
  auto b = shard_bench{};
  b.around.refuse_guilds = true;
  b.spawn();
  auto peer = b.server.accept();
  identify(peer, b.server, {"5"});
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  for (const auto* line : {"rest /gateway/bot", "bot hearth with 1", "want 5"})
    CHECK(b.told() == line);
  {
    const auto lock = std::lock_guard{b.around.mutex};
    b.around.refuse_guilds = false;
  }
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer;");
}

// -- commands to the shard ----------------------------------------------------------------------

TEST_CASE("shard: ops 3 and 4", "[gateway]") {
  auto b = shard_bench{};
  b.options.presence = "by the fire";
  b.spawn();
  auto peer = b.server.accept();
  b.tell(update_voice_state{guild_id{5}, channel_id{7}, false, true}); // too early: it waits
  say_hello(peer);
  CHECK(expect_op(peer, 2)["d"]["presence"]["activities"][0]["state"] == "by the fire");
  dispatch(peer, "READY", 1,
           {{"user", {{"id", "900"}, {"username", "hearth"}}}, {"session_id", "the-session"}});
  CHECK(expect_op(peer, 4)["d"]["channel_id"] == "7");
  for (auto i = 0; i < 5; ++i) {
    b.tell(update_presence{"at work " + std::to_string(i)});
    CHECK(expect_op(peer, 3)["d"]["activities"][0]["state"] == "at work " + std::to_string(i));
  }
  b.tell(update_presence{"one too many"});          // waits for 20 s
  b.tell(update_presence{std::string(5'000, 'x')}); // over 4096 bytes: refused
  b.tell(update_voice_state{guild_id{6}, {}, false, false});
  CHECK(expect_op(peer, 4)["d"]["guild_id"] == "6"); // which does not wait for that
  peer.text(R"({"t":null,"s":null,"op":1,"d":null})");
  CHECK(json::parse(peer.receive())["op"] == 1); // beats still go out
}

// -- stopping and coming back -------------------------------------------------------------------

TEST_CASE("shard: an orderly stop is resumed by the next start", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  dispatch(peer, "VOICE_STATE_UPDATE", 3, voice_state("3", "7", "ada"));
  CHECK(b.told() == "guild 5: voice ada 0>7;");
  auto stopped = std::thread{[&] { CHECK(b.stop(true)); }};
  CHECK(peer.wait_closed() == 4000);
  stopped.join();
  b.spawn();
  auto again = b.server.accept();
  CHECK(again.target() == "/resume?v=10&encoding=json");
  say_hello(again);
  CHECK(expect_op(again, 6)["d"]["seq"] == 3);
  CHECK(b.quiet()); // nothing is told from the file before Discord agrees
  dispatch(again, "VOICE_STATE_UPDATE", 4, voice_state("3", nullptr, "ada"));
  dispatch(again, "RESUMED", 5, json::object());
  CHECK(b.told() == "bot hearth with 1");
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer; voice ada 7>0;");
  CHECK(b.status().identifies == 0);
  b.kill(); // the file was used up: a crash identifies
  b.spawn();
  CHECK(b.told() == "rest /gateway/bot");
}

TEST_CASE("shard: a session start is kept as of Discord's answer", "[gateway]") {
  const auto wall_ms = [] {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  };
  auto b = shard_bench{};
  b.spawn();
  auto peer = b.server.accept();
  say_hello(peer);
  expect_op(peer, 2);
  const auto read_ms = wall_ms() + 1; // Discord reads it only now
  while (wall_ms() < read_ms)
    std::this_thread::yield();
  dispatch(peer, "READY", 1,
           {{"session_id", "the-session"},
            {"resume_gateway_url", b.server.url() + "/resume"},
            {"user", {{"id", "1"}, {"username", "hearth"}}},
            {"application", {{"id", "2"}}},
            {"guilds", json::array()}});
  CHECK(b.told() == "rest /gateway/bot");
  CHECK(b.told() == "bot hearth with 0");
  auto kept = std::ifstream{b.folder.file("gateway-0.identifies")};
  auto times = std::vector<int64_t>{std::istream_iterator<int64_t>{kept}, {}};
  REQUIRE(times.size() == 1);
  CHECK(times[0] >= read_ms);
}

TEST_CASE("shard: a session that Discord forgot leaves no trace of the old caches", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  auto stopped = std::thread{[&] { CHECK(b.stop(true)); }};
  CHECK(peer.wait_closed() == 4000);
  stopped.join();
  b.spawn();
  auto again = b.server.accept();
  say_hello(again);
  expect_op(again, 6);
  again.text(R"({"t":null,"s":null,"op":9,"d":false})");
  CHECK(again.wait_closed() == 4000);
  CHECK(b.told() == "rest /gateway/bot");
  auto third = b.server.accept();
  identify(third, b.server, {"5"});
  CHECK(b.told() == "bot hearth with 1");
  CHECK(b.quiet());
  dispatch(third, "GUILD_CREATE", 2, guild("5", "Renamed"));
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Renamed;");
}

TEST_CASE("shard: other intents or another Discord do not resume", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  auto stopped = std::thread{[&] { CHECK(b.stop(true)); }};
  CHECK(peer.wait_closed() == 4000);
  stopped.join();
  SECTION("intents") { b.options.routing.wants.voice = false; }
  SECTION("api") { b.options.api = "http://127.0.0.1:2/api"; }
  b.spawn();
  CHECK(b.told() == "rest /gateway/bot");
}

TEST_CASE("shard: stopping for good says 1000 and keeps nothing", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  auto stopped = std::thread{[&] { CHECK(b.stop(false)); }};
  CHECK(peer.wait_closed() == 1000);
  stopped.join();
  b.spawn();
  CHECK(b.told() == "rest /gateway/bot");
}

TEST_CASE("shard: a session is not kept while events wait for their guild", "[gateway]") {
  auto b = shard_bench{};
  b.around.hold_guilds = true;
  b.options.stop_ms_max = 20;
  b.spawn();
  auto peer = b.server.accept();
  identify(peer, b.server, {"5"});
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  while (b.status().events < 2)
    continue;
  auto stopped = std::thread{[&] { CHECK(b.stop(true)); }};
  CHECK(peer.wait_closed() == 4000);
  stopped.join();
  CHECK_FALSE(std::filesystem::exists(b.folder.file("gateway-0.session")));
}

TEST_CASE("shard: it can be stopped at any moment", "[gateway]") {
  auto b = shard_bench{};
  b.spawn();
  SECTION("before anything") {}
  SECTION("while connecting") { b.server.incoming(); }
  SECTION("before Hello") { b.server.accept(); }
  CHECK(b.stop(true));
}

// -- the simulator's time -----------------------------------------------------------------------

TEST_CASE("shard: nothing is told before the simulator has set the time", "[gateway]") {
  auto b = shard_bench{};
  b.options.follow_sim_time = true;
  b.spawn();
  auto peer = b.server.accept();
  CHECK(peer.target() == "/?v=10&encoding=json&sim_time=1");
  identify(peer, b.server, {"5"});
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  CHECK(b.told() == "rest /gateway/bot");
  while (b.status().events < 2)
    continue;
  CHECK(b.quiet());
  peer.text(R"({"op":200,"d":{"now_ms":1795000000000}})");
  CHECK(b.told() == "time 1795000000000");
  CHECK(json::parse(peer.receive()) == json::parse(R"({"op":200,"d":{"now_ms":1795000000000}})"));
  CHECK(b.told() == "bot hearth with 1");
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer;");
  peer.text(R"({"op":200,"d":{"now_ms":1795000060000}})");
  CHECK(b.told() == "time 1795000060000");
  CHECK(json::parse(peer.receive())["d"]["now_ms"] == 1795000060000);
}

TEST_CASE("shard: what is replayed has no age before the simulator has set the time", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b);
  auto stopped = std::thread{[&] { CHECK(b.stop(true)); }};
  CHECK(peer.wait_closed() == 4000);
  stopped.join();
  b.options.follow_sim_time = true; // the wall clock says years more than the ids do
  b.spawn();
  auto again = b.server.accept();
  say_hello(again);
  expect_op(again, 6);
  dispatch(again, "INTERACTION_CREATE", 3, command("asked"));
  dispatch(again, "RESUMED", 4, json::object());
  while (b.status().events < 2)
    continue;
  CHECK(b.quiet());
  again.text(R"({"op":200,"d":{"now_ms":1795000000000}})");
  CHECK(b.told() == "time 1795000000000");
  CHECK(b.told() == "bot hearth with 1");
  CHECK(b.told() == "want 5");
  CHECK(b.told() == "guild 5: available Foyer; interaction asked;");
}

TEST_CASE("shard: only a local Discord moves time", "[gateway]") {
  auto b = shard_bench{};
  auto peer = ready(b); // follow_sim_time is off
  peer.text(R"({"op":200,"d":{"now_ms":1795000000000}})");
  dispatch(peer, "INTERACTION_CREATE", 3, command("help"));
  CHECK(b.told() == "guild 5: interaction help;");
  CHECK(b.quiet());
}
