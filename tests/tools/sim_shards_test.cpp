#include "tests/support/catch.hpp"
#include "tests/support/sim_client.hpp"
#include "tests/support/sim_world.hpp"

// A bot in several shards (discord-api 1.5, 1.8, 1.9).
using namespace sim_test;

namespace {

// (id >> 22) % 2: even for the first guild, odd for the second.
const char* const two_guilds = R"(
[[user]]
name = "owner"
[[application]]
id = "1180000000000000001"
name = "Robot"
token = "sandbox"
owner = "owner"
intents = ["presences", "members", "content"]
[[guild]]
id = "1170000000000000001"
name = "First"
owner = "owner"
everyone = ["VIEW_CHANNEL", "SEND_MESSAGES", "READ_MESSAGE_HISTORY"]
  [[guild.channel]]
  name = "first"
  [[guild.role]]
  name = "Robot"
  bot = "Robot"
  [[guild.member]]
  user = "owner"
[[guild]]
id = "1170000000004194305"
name = "Second"
owner = "owner"
everyone = ["VIEW_CHANNEL", "SEND_MESSAGES", "READ_MESSAGE_HISTORY"]
  [[guild.channel]]
  name = "second"
  [[guild.role]]
  name = "Robot"
  bot = "Robot"
  [[guild.member]]
  user = "owner"
)";

sim::server_options two_shards() {
  auto options = sim_world::defaults();
  options.world_text = two_guilds;
  options.gateway.shards = 2;
  options.gateway.identify_interval = std::chrono::milliseconds{0};
  return options;
}

json shard(int index, int count) { return {{"shard", {index, count}}}; }

std::string channel_id(sim::in_process& server, const std::string& name) {
  return server.call([&](sim::core& c) -> std::string {
    for (const auto& [id, where] : c.world.channels)
      if (where.name == name)
        return sim::id_text(id);
    return "";
  });
}
std::string user_id(sim::in_process& server, const std::string& name) {
  return server.call([&](sim::core& c) -> std::string {
    for (const auto& [id, who] : c.world.users)
      if (who.username == name)
        return sim::id_text(id);
    return "";
  });
}

} // namespace

TEST_CASE("shards: each has its guilds and their events, DMs are the first one's",
          "[sim][gateway]") {
  sim::in_process server{two_shards()};
  CHECK(((1170000000000000001ull >> 22) % 2) != ((1170000000004194305ull >> 22) % 2));
  rest_client rest{server.port()};
  CHECK(rest.call("GET", "/gateway/bot").body()["shards"] == 2);
  gateway_client zero{server.port()};
  gateway_client one{server.port()};
  const auto ready = zero.identify(all_intents, shard(0, 2));
  CHECK(ready["shard"] == json({0, 2}));
  REQUIRE(ready["guilds"].size() == 1);
  const auto other = one.identify(all_intents, shard(1, 2));
  REQUIRE(other["guilds"].size() == 1);
  CHECK(ready["guilds"][0]["id"] != other["guilds"][0]["id"]);
  const bool first_is_zero = ready["guilds"][0]["id"] == "1170000000000000001";
  people crowd{server.port()};
  const auto owner = user_id(server, "owner");
  for (const auto* name : {"first", "second"})
    crowd.act(owner, "send", {{"channel_id", channel_id(server, name)}, {"content", name}});
  CHECK(zero.until("MESSAGE_CREATE")["content"] == (first_is_zero ? "first" : "second"));
  CHECK(one.until("MESSAGE_CREATE")["content"] == (first_is_zero ? "second" : "first"));
  // A direct message, then a marker in the other shard, which must not see the former.
  const auto dm = crowd.act(owner, "open_dm", {{"user_id", "1180000000000000001"}});
  crowd.act(owner, "send", {{"channel_id", dm.body["channel_id"]}, {"content", "psst"}});
  CHECK(zero.until("MESSAGE_CREATE")["content"] == "psst");
  crowd.act(owner, "send",
            {{"channel_id", channel_id(server, first_is_zero ? "second" : "first")},
             {"content", "mark"}});
  CHECK(one.until("MESSAGE_CREATE")["content"] == "mark");
}

TEST_CASE("shards: an outage of a guild reaches its shard only", "[sim][gateway]") {
  sim::in_process server{two_shards()};
  gateway_client zero{server.port()};
  gateway_client one{server.port()};
  zero.identify(all_intents, shard(0, 2));
  one.identify(all_intents, shard(1, 2));
  const auto mine = zero.until("GUILD_CREATE")["id"].get<std::string>();
  const auto theirs = one.until("GUILD_CREATE")["id"].get<std::string>();
  people crowd{server.port()};
  crowd.post("/sim/faults", {{"guild_unavailable", mine}});
  crowd.post("/sim/faults", {{"guild_unavailable", theirs}});
  CHECK(zero.until("GUILD_DELETE")["id"] == mine);
  CHECK(one.until("GUILD_DELETE")["id"] == theirs);
}

TEST_CASE("shards: impossible ones are refused", "[sim][gateway]") {
  sim::in_process server{two_shards()};
  const auto wrong = GENERATE(as<json>(), shard(2, 2), shard(-1, 2), shard(0, 0),
                              json{{"shard", {0}}}, json{{"shard", "0"}});
  gateway_client client{server.port()};
  client.until_op(10);
  json d{{"token", "sandbox"}, {"intents", 0}, {"properties", json::object()}};
  d.update(wrong);
  client.send({{"op", 2}, {"d", d}});
  CHECK(client.close_code() == 4010);
}

TEST_CASE("shards: a very large bot needs a multiple of the assigned number", "[sim][gateway]") {
  auto options = two_shards();
  options.gateway.exact_shards = true;
  sim::in_process server{options};
  const auto [count, taken] = GENERATE(table<int, bool>({{2, true}, {4, true}, {3, false}}));
  gateway_client client{server.port()};
  client.until_op(10);
  client.send({{"op", 2},
               {"d",
                {{"token", "sandbox"},
                 {"intents", 0},
                 {"properties", json::object()},
                 {"shard", {0, count}}}}});
  if (taken)
    CHECK(client.until("READY")["shard"] == json({0, count}));
  else
    CHECK(client.close_code() == 4010);
}

TEST_CASE("shards: too many guilds in one", "[sim][gateway]") {
  auto options = two_shards();
  options.gateway.guilds_per_shard_max = 1;
  sim::in_process server{options};
  gateway_client alone{server.port()};
  alone.until_op(10);
  alone.send(
      {{"op", 2}, {"d", {{"token", "sandbox"}, {"intents", 0}, {"properties", json::object()}}}});
  CHECK(alone.close_code() == 4011);
  gateway_client half{server.port()};
  CHECK(half.identify(0, shard(0, 2))["guilds"].size() == 1);
}

TEST_CASE("shards: each key may identify in its own time", "[sim][gateway]") {
  auto options = two_shards();
  options.gateway.identify_interval = std::chrono::hours{1};
  options.gateway.max_concurrency = 2;
  sim::in_process server{options};
  gateway_client zero{server.port()};
  gateway_client one{server.port()};
  zero.identify(0, shard(0, 4));
  one.identify(0, shard(1, 4)); // key 1
  gateway_client two{server.port()};
  two.until_op(10);
  two.send({{"op", 2},
            {"d",
             {{"token", "sandbox"},
              {"intents", 0},
              {"properties", json::object()},
              {"shard", {2, 4}}}}}); // key 0 again
  CHECK(two.until_op(9)["d"] == false);
}
