// Section 12 of the fact sheet, what concerns the gateway: the whole daemon against the local
// Discord. After each fault a member's command is answered and Discord has nothing to complain of.
#include "tests/support/whole_daemon.hpp"

using test::json;
using test::until;
using test::whole_daemon;

namespace {

/// It works: a command is answered, on the connection that there is now.
void check_alive(whole_daemon& world) {
  world.wait_online();
  const auto said = world.command(world.discord.bob, "about");
  INFO(said.dump());
  CHECK(said.value("outcome", "") == "message");
}

/// IDENTIFYs and RESUMEs so far.
struct logins {
  size_t identifies, resumes;
  bool operator==(const logins&) const = default;
};
std::ostream& operator<<(std::ostream& out, const logins& l) {
  return out << l.identifies << " identifies, " << l.resumes << " resumes";
}
logins logins_of(whole_daemon& world) { return {world.received_ops(2), world.received_ops(6)}; }

/// Sends a dispatch of any shape to the daemon.
void dispatch(whole_daemon& world, const char* type, const json& data) {
  REQUIRE(world.discord.crowd.post("/sim/faults", {{"send", {{"t", type}, {"d", data}}}}).status ==
          200);
}

sim::snowflake guild_number(const whole_daemon& world) { return std::stoull(world.discord.guild); }

} // namespace

TEST_CASE("matrix 02: a beat that is asked for comes at once", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  const auto before = world.received_ops(1); // the interval is 41 s: none comes by itself
  world.gateway([](sim::gateway_server& g) { g.ask_beat(""); });
  until(
      "the beat", [&] { return world.received_ops(1) > before; }, std::chrono::seconds{3});
  check_alive(world);
  world.check_no_violation();
}

TEST_CASE("matrix 03: without ACKs it closes, and resumes with the right seq",
          "[matrix][gateway]") {
  auto server = sim_test::sim_world::defaults();
  server.gateway.heartbeat = std::chrono::milliseconds{150};
  auto world = whole_daemon{std::move(server)};
  world.start_online();
  const auto id = world.session().id;
  world.gateway([](sim::gateway_server& g) { g.drop_acks("", true); });
  until("the resume", [&] { return logins_of(world).resumes > 0; });
  world.gateway([](sim::gateway_server& g) { g.drop_acks("", false); });
  check_alive(world);
  CHECK(world.session().id == id); // closed with another code than 1000 or 1001: it still exists
  CHECK(logins_of(world).identifies == 1);
  world.check_no_violation();
}

TEST_CASE("matrix 04: op 7 before Hello", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  world.gateway([](sim::gateway_server& g) {
    g.reconnect_before_hello(3);
    g.close("", 0);
  });
  until("the resume", [&] { return logins_of(world).resumes > 0; });
  check_alive(world);
  CHECK(logins_of(world) == logins{1, 1});
  world.check_no_violation();
}

TEST_CASE("matrix 05: a connection that ends without a code is resumed", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  world.gateway([](sim::gateway_server& g) { g.close("", 0); });
  until("the resume", [&] { return logins_of(world).resumes == 1; });
  check_alive(world);
  CHECK(logins_of(world) == logins{1, 1});
  world.check_no_violation();
}

TEST_CASE("matrix 06: every close code that may pass is survived", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  for (const auto code : {1000, 1001, 1006, 1011, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009}) {
    INFO("close code " << code);
    const auto before = logins_of(world);
    // 1006 is what a cut looks like: no server can send it.
    world.gateway([&](sim::gateway_server& g) {
      g.close("", static_cast<std::uint16_t>(code == 1006 ? 0 : code));
    });
    until("the next login", [&] { return !(logins_of(world) == before); });
    check_alive(world);
  }
  world.check_no_violation();
}

TEST_CASE("matrix 06: every close code that is final stops the daemon, and says why",
          "[matrix][gateway]") {
  const auto code = GENERATE(as<std::uint16_t>{}, 4004, 4010, 4011, 4012, 4013, 4014);
  INFO("close code " << code);
  auto world = whole_daemon{};
  world.start_online();
  const auto before = logins_of(world);
  world.gateway([&](sim::gateway_server& g) { g.close("", code); });
  CHECK(world.wait_end() == 78);
  CHECK(world.log.has(std::to_string(code)));
  CHECK(logins_of(world) == before);
}

TEST_CASE("matrix 07: op 9 with true resumes, with false starts anew", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  world.gateway([](sim::gateway_server& g) { g.invalidate("", true); });
  until("the resume", [&] { return logins_of(world).resumes == 1; });
  check_alive(world);
  CHECK(logins_of(world) == logins{1, 1});
  world.gateway([](sim::gateway_server& g) { g.invalidate("", false); });
  until("the login", [&] { return logins_of(world).identifies == 2; });
  check_alive(world);
  CHECK(logins_of(world) == logins{2, 1});
  world.check_no_violation();
}

TEST_CASE("matrix 08: an unreachable resume address leads back to the first one",
          "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  world.gateway([](sim::gateway_server& g) {
    g.refuse_resume_connections(100);
    g.close("", 0);
  });
  until("another login", [&] { return !(logins_of(world) == logins{1, 0}); });
  check_alive(world);
  world.check_no_violation();
}

TEST_CASE("matrix 09: ten failing resumes make no more IDENTIFYs than one in five seconds",
          "[matrix][gateway]") {
  auto world = whole_daemon{}; // whose interval is shorter here, and enforced
  world.start_online();
  world.gateway([](sim::gateway_server& g) { g.refuse_resumes(10); });
  for (auto round = size_t{2}; round <= 4; ++round) {
    world.gateway([](sim::gateway_server& g) { g.close("", 0); });
    until("the login", [&] { return logins_of(world).identifies == round; });
    world.wait_online();
  }
  check_alive(world);
  CHECK(logins_of(world).identifies == 4);
  world.check_no_violation(); // it counts an IDENTIFY that comes too soon
}

TEST_CASE("matrix 10: without session starts left nothing is started", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  world.gateway([](sim::gateway_server& g) {
    for (const auto& each : g.sessions())
      g.set_starts_left(each.application, 0);
    g.invalidate("", false);
  });
  world.log.wait("session start"); // says that it waits, and for how long
  until("the question how many are left",
        [&] { return world.log.has("session start") && !world.connected(); });
  CHECK(logins_of(world) == logins{1, 0});
  CHECK(world.stop() == 0); // and it can be stopped while it waits
  world.check_no_violation();
}

TEST_CASE("matrix 13: split messages, two in one, and garbage", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.options.settings.value.gateway.compression = GENERATE("zlib", "zstd", "none");
  INFO(world.options.settings.value.gateway.compression);
  world.start_online();
  world.gateway([](sim::gateway_server& g) { g.split_next(6); });
  for (auto round = 0; round < 3; ++round)
    check_alive(world);
  world.gateway([](sim::gateway_server& g) {
    g.send_garbage("");
    g.ask_beat(""); // in a zlib stream what follows shows that something is wrong
  });
  until("the resume", [&] { return logins_of(world).resumes == 1; });
  check_alive(world);
  CHECK(logins_of(world) == logins{1, 1});
  world.check_no_violation();
}

TEST_CASE("matrix 14: a GUILD_CREATE of 8 MB", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  const auto id = std::string{"1170000000000000777"};
  auto members = json::array();
  for (auto i = 0; i < 40'000; ++i) {
    const auto user = std::to_string(1'200'000'000'000'000'000ULL + static_cast<unsigned>(i));
    members.push_back({{"user", {{"id", user}, {"username", "member" + user}}},
                       {"nick", "the long nickname of member " + user},
                       {"roles", {id}},
                       {"joined_at", "2026-01-01T00:00:00.000000+00:00"}});
  }
  const auto guild = json{
      {"id", id},
      {"name", "Large"},
      {"owner_id", world.discord.owner},
      {"members", std::move(members)},
      {"roles", json::array({{{"id", id}, {"name", "@everyone"}, {"permissions", "1024"}}})},
      {"channels", json::array({{{"id", "1170000000000000778"}, {"type", 0}, {"name", "hall"}}})},
      {"emojis", json::array()}};
  REQUIRE(guild.dump().size() > 8'000'000);
  const auto shared = std::make_shared<const std::string>(guild.dump());
  world.discord.server.call([&](sim::core& core) {
    core.gateway().flood(core.world.applications.begin()->first, "GUILD_CREATE", shared);
    return 0;
  });
  world.log.wait("commands of guild " + id); // its actor lives: it tried to register its commands
  check_alive(world);
  CHECK(logins_of(world) == logins{1, 0});
}

TEST_CASE("matrix 15: stubs, outages, removals and unknown guilds", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  dispatch(world, "GUILD_CREATE", {{"id", "1170000000000000555"}, {"unavailable", true}});
  dispatch(world, "GUILD_DELETE", {{"id", "1170000000000000556"}});
  dispatch(world, "GUILD_DELETE", {{"id", "1170000000000000557"}, {"unavailable", true}});
  dispatch(world, "GUILD_DELETE", {{"id", "no snowflake"}});
  dispatch(world, "CHANNEL_UPDATE",
           {{"id", "1170000000000000559"}, {"guild_id", "1170000000000000558"}, {"type", 0}});
  check_alive(world);
  CHECK_FALSE(world.log.has("has removed the bot"));

  const auto id = guild_number(world);
  world.gateway([&](sim::gateway_server& g) { g.set_unavailable(id, true); });
  world.log.wait("is unavailable at Discord");
  world.gateway([&](sim::gateway_server& g) { g.set_unavailable(id, false); });
  check_alive(world);
  CHECK_FALSE(world.log.has("has removed the bot")); // an outage is no removal

  world.discord.server.call([&](sim::core& core) {
    core.gateway().forget_guild(id, core.world.applications.begin()->first);
    return 0;
  });
  world.log.wait("has removed the bot");
  world.discord.server.call([&](sim::core& core) {
    core.gateway().announce_guild(id, core.world.applications.begin()->first);
    return 0;
  });
  check_alive(world);
  world.check_no_violation();
}

TEST_CASE("matrix 16: doubled and reordered dispatches", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  world.choose_channel();
  until("the daily message", [&] { return world.evenings().size() == 1; });
  const auto message = world.evenings().at(0);
  const auto buttons = whole_daemon::buttons(message);
  world.gateway([](sim::gateway_server& g) { g.duplicate_next(20); });
  const auto first = world.click(world.discord.bob, message["id"], buttons.at(0));
  CHECK(first.value("outcome", "") == "update"); // once: twice would take the vote back
  CHECK(first.dump().find("bob") != std::string::npos);
  world.gateway([](sim::gateway_server& g) {
    g.duplicate_next(0);
    g.reorder_next(3);
  });
  auto ids = std::vector<std::string>{};
  for (const auto* name : {"about", "help", "about"})
    ids.push_back(world.ask(world.discord.ann, name));
  for (const auto& id : ids)
    CHECK(world.outcome(id).value("outcome", "") == "message");
  check_alive(world);
  world.check_no_violation();
}

TEST_CASE("matrix 17: presence with wrong types", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  const auto user = json{{"id", 12345}, {"username", json::array()}};
  for (const auto& data :
       {json{{"user", user}, {"guild_id", 17}, {"status", 3}, {"activities", "none"}},
        json{{"user", nullptr}, {"guild_id", world.discord.guild}, {"activities", {{"a", 1}}}},
        json{{"user", {{"id", world.discord.bob}, {"avatar", 5}}},
             {"guild_id", world.discord.guild},
             {"activities", json::array({nullptr, 5, {{"timestamps", {{"start", "soon"}}}}})}},
        json::array(), json("text"), json(nullptr)})
    dispatch(world, "PRESENCE_UPDATE", data);
  check_alive(world);
  CHECK(logins_of(world) == logins{1, 0});
  world.check_no_violation();
}

TEST_CASE("matrix 18: member chunks nobody asked for, and RATE_LIMITED", "[matrix][gateway]") {
  auto world = whole_daemon{};
  world.start_online();
  for (auto index = 0; index < 3; ++index) // the fourth never comes
    dispatch(world, "GUILD_MEMBERS_CHUNK",
             {{"guild_id", world.discord.guild},
              {"members", json::array()},
              {"chunk_index", index},
              {"chunk_count", 4}});
  dispatch(world, "RATE_LIMITED",
           {{"opcode", 8}, {"retry_after", 29.5}, {"meta", {{"guild_id", world.discord.guild}}}});
  check_alive(world);
  CHECK(logins_of(world) == logins{1, 0});
  world.check_no_violation();
}
