// Guilds that are behind: what waits is bounded, the least goes first and is counted, and whoever
// asked something gets an answer. Each "queue" test fills one row of the table in actors/README.md.
#include "infra/inspect/process_counters.hpp"
#include "tests/actors/gateway/shard_bench.hpp"
#include <algorithm>
#include <fstream>
#include <unistd.h>

using namespace hearth;
using namespace hearth::test;

namespace {

json voice_state(int user, const json& channel) {
  const auto id = std::to_string(user);
  return {{"guild_id", "5"},
          {"user_id", id},
          {"channel_id", channel},
          {"member", {{"user", {{"id", id}, {"username", "u" + id}}}, {"roles", json::array()}}}};
}
json deletion(int message) {
  return {{"id", std::to_string(message)}, {"channel_id", "7"}, {"guild_id", "5"}};
}
json command(const std::string& name) {
  return {{"id", std::to_string(std::hash<std::string>{}(name) >> 2U)},
          {"type", 2},
          {"token", "interaction-token"},
          {"guild_id", "5"},
          {"data", {{"name", name}}},
          {"member", {{"user", {{"id", "3"}, {"username", "ada"}}}}}};
}

/// Ready, with guild 5 known to its actor, which digests nothing from now on.
scripted_connection behind(shard_bench& b, int64_t busy_ms = 1, size_t waiting_max = 20) {
  b.options.guild_events_max = 8;
  b.options.waiting_events_max = waiting_max;
  b.options.busy_ms = busy_ms;
  b.options.busy_text = [](std::string_view) { return std::string{"busy, try again"}; };
  b.spawn();
  auto peer = b.server.accept();
  identify(peer, b.server, {"5"});
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  for (const auto* line : {"rest /gateway/bot", "bot hearth with 1", "want 5"})
    CHECK(b.told() == line);
  CHECK(b.told() == "guild 5: available Foyer;");
  while (b.status().under_way != 0) // it gives this credit back while nobody counts on it
    continue;
  b.around.set_behind(true);
  return peer;
}

/// All that guild 5 was told since, as one line.
std::string gathered(shard_bench& b, size_t events) {
  auto all = std::string{};
  while (static_cast<size_t>(std::count(all.begin(), all.end(), ';')) < events) {
    const auto line = b.told();
    REQUIRE(line != "nothing");
    all += line.substr(std::string{"guild 5:"}.size());
  }
  return all;
}

void wait_events(shard_bench& b, uint64_t count) {
  while (b.status().events < count)
    continue;
}

/// Resident bytes of this process.
size_t resident() {
  auto pages = size_t{0}, whole = size_t{0};
  std::ifstream{"/proc/self/statm"} >> whole >> pages;
  return pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

TEST_CASE("queue: a guild that is behind gets no more than its share, the rest waits in order",
          "[gateway][queue]") {
  auto b = shard_bench{};
  auto peer = behind(b);
  for (auto i = 0; i < 20; ++i)
    dispatch(peer, "MESSAGE_DELETE", 3 + i, deletion(i + 1));
  wait_events(b, 22);
  const auto status = b.status();
  CHECK(status.under_way <= 8);
  CHECK(status.under_way + status.waiting == 20);
  CHECK(status.shed + status.merged == 0);
  b.around.set_behind(false);
  auto expected = std::string{};
  for (auto i = 1; i <= 20; ++i)
    expected += " deleted " + std::to_string(i) + ";";
  CHECK(gathered(b, 20) == expected);
  CHECK(b.status().under_way + b.status().waiting == 0);
}

TEST_CASE("queue: facts about members do not wait for a guild that is behind", "[gateway][queue]") {
  auto b = shard_bench{};
  b.options.routing.wants.presences = true;
  auto peer = behind(b);
  for (auto i = 0; i < 20; ++i)
    dispatch(peer, "PRESENCE_UPDATE", 3 + i,
             {{"guild_id", "5"},
              {"user", {{"id", std::to_string(100 + i)}}},
              {"status", "online"},
              {"activities", json::array()}});
  wait_events(b, 22);
  const auto status = b.status();
  CHECK(status.under_way <= 8);
  CHECK(status.waiting == 0);
  CHECK(status.under_way + status.shed == 20);
  dispatch(peer, "MESSAGE_DELETE", 23, deletion(1)); // what features rely on does
  wait_events(b, 23);
  b.around.set_behind(false);
  CHECK(gathered(b, 1) == " deleted 1;");
}

TEST_CASE("queue: what waits for a guild is bounded, the least is dropped first and counted",
          "[gateway][queue]") {
  auto b = shard_bench{};
  auto peer = behind(b);
  auto seq = 3;
  for (auto i = 0; i < 8; ++i) // its share
    dispatch(peer, "VOICE_STATE_UPDATE", seq++, voice_state(10 + i, "7"));
  wait_events(b, 10);
  for (auto i = 0; i < 18; ++i) // dropped
    dispatch(peer, "MESSAGE_DELETE", seq++, deletion(i + 1));
  for (auto i = 0; i < 3; ++i) // kept
    dispatch(peer, "VOICE_STATE_UPDATE", seq++, voice_state(30 + i, "7"));
  wait_events(b, 31);
  const auto status = b.status();
  CHECK(status.shed == 18);
  CHECK(b.counted.counters().gateway.shed.get() == 18); // what /metrics shows
  CHECK(status.waiting == 3);
  b.around.set_behind(false);
  CHECK(gathered(b, 11).find("deleted") == std::string::npos);
}

TEST_CASE("queue: over the bound a guild learns from one picture what it missed",
          "[gateway][queue]") {
  auto b = shard_bench{};
  auto peer = behind(b);
  auto seq = 3;
  for (auto i = 0; i < 40; ++i)
    dispatch(peer, "VOICE_STATE_UPDATE", seq++, voice_state(100 + i, "7"));
  dispatch(peer, "GUILD_UPDATE", seq++, {{"id", "5"}, {"name", "Renamed"}});
  wait_events(b, 43);
  CHECK(b.status().waiting <= 20);
  CHECK(b.status().merged > 0);
  CHECK(b.counted.counters().gateway.merged.get() == b.status().merged);
  CHECK(b.status().shed == 0);
  b.around.set_behind(false);
  auto last = std::string{};
  while (last.find("available Renamed") == std::string::npos && last != "nothing")
    last = b.told();
  CHECK(last.find("available Renamed") != std::string::npos);
  CHECK(b.status().waiting == 0);
}

TEST_CASE("shard: the picture that replaces lost events is the newest", "[gateway]") {
  auto b = shard_bench{};
  b.around.hold_guilds = true;
  b.options.waiting_events_max = 4;
  b.spawn();
  auto peer = b.server.accept();
  identify(peer, b.server, {"5"});
  dispatch(peer, "GUILD_CREATE", 2, guild("5", "Foyer"));
  dispatch(peer, "GUILD_UPDATE", 3, {{"id", "5"}, {"name", "Renamed"}});
  for (auto i = 0; i < 9; ++i)
    dispatch(peer, "VOICE_STATE_UPDATE", 4 + i, voice_state(10 + i, "7"));
  wait_events(b, 12);
  b.release();
  for (const auto* line : {"rest /gateway/bot", "bot hearth with 1", "want 5"})
    CHECK(b.told() == line);
  CHECK(b.told().find("available Renamed") != std::string::npos);
}

TEST_CASE("queue: interactions overtake what waits", "[gateway][queue]") {
  auto b = shard_bench{};
  b.around.takes = true;
  auto peer = behind(b);
  for (auto i = 0; i < 15; ++i)
    dispatch(peer, "MESSAGE_DELETE", 3 + i, deletion(i + 1));
  wait_events(b, 17);
  REQUIRE(b.status().waiting > 0);
  dispatch(peer, "INTERACTION_CREATE", 18, command("help"));
  auto line = std::string{};
  while (line.find("interaction help") == std::string::npos && line != "nothing")
    line = b.told();
  CHECK(line != "nothing");
  CHECK(b.status().waiting > 0);
  CHECK(b.status().busy == 0);
  b.around.set_behind(false);
}

TEST_CASE("queue: an interaction that its guild does not take is answered: busy",
          "[gateway][queue]") {
  auto b = shard_bench{};
  auto peer = behind(b); // whose guild claims nothing
  dispatch(peer, "INTERACTION_CREATE", 3, command("help"));
  CHECK(b.told() == "guild 5: interaction help;");
  CHECK(b.told().find("/interaction-token/callback") != std::string::npos);
  CHECK(b.status().busy == 1);
}

TEST_CASE("queue: more interactions than are watched are answered at once: busy",
          "[gateway][queue]") {
  auto b = shard_bench{};
  b.options.interactions_max = 2;
  auto peer = behind(b, 60'000);
  auto seq = 3;
  for (const auto* name : {"one", "two", "three", "four"})
    dispatch(peer, "INTERACTION_CREATE", seq++, command(name));
  wait_events(b, 6);
  CHECK(b.status().busy == 2);
  CHECK(b.counted.counters().gateway.busy.get() == 2);
}

TEST_CASE("queue: a guild that takes nothing at all gets no interactions either",
          "[gateway][queue]") {
  auto b = shard_bench{};
  auto peer = behind(b);
  for (auto i = 0; i < 30; ++i)
    dispatch(peer, "INTERACTION_CREATE", 3 + i, command("n" + std::to_string(i)));
  wait_events(b, 32);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (b.status().busy < 30 && std::chrono::steady_clock::now() < end)
    continue;
  CHECK(b.status().busy == 30);
  CHECK(b.status().under_way <= 16); // twice its share
}

TEST_CASE("queue: all guilds together stay inside their budget", "[gateway][queue]") {
  auto b = shard_bench{};
  b.options.events_max = 40;
  b.options.waiting_events_min = 2;
  auto peer = behind(b, 1, 1'000);
  for (auto i = 0; i < 300; ++i)
    dispatch(peer, "MESSAGE_DELETE", 3 + i, deletion(i + 1));
  wait_events(b, 302);
  const auto status = b.status();
  CHECK(status.under_way + status.waiting <= 45);
  CHECK(status.shed >= 250);
}

TEST_CASE("queue: ten times what a guild digests costs counters, no memory",
          "[gateway][queue][plain]") {
  auto b = shard_bench{};
  auto peer = behind(b);
  const auto flood = [&](int from, int count) {
    for (auto i = from; i < from + count; ++i)
      dispatch(peer, i % 2 == 0 ? "MESSAGE_DELETE" : "VOICE_STATE_UPDATE", 3 + i,
               i % 2 == 0 ? deletion(i + 1)
                          : voice_state(100 + i % 400, i % 3 == 0 ? json("7") : json()));
    wait_events(b, static_cast<uint64_t>(2 + from + count));
  };
  flood(0, 10'000); // the guild's cache and the allocator have what they need
  const auto before = resident();
  flood(10'000, 40'000);
  const auto grown = resident() - std::min(before, resident());
  INFO(grown << " bytes more after 40,000 events for a guild that digests none");
  CHECK(grown < 4U * 1024 * 1024);
  CHECK(b.status().waiting + b.status().under_way <= 8 + 20 + 8);
  CHECK(b.status().shed > 10'000);
}

TEST_CASE("queue: commands to Discord wait, the oldest kind is replaced, then dropped",
          "[gateway][queue]") {
  auto b = shard_bench{};
  b.spawn(); // nobody has said hello: all of it waits
  auto peer = b.server.accept();
  for (auto i = uint64_t{1}; i <= 300; ++i)
    b.tell(update_voice_state{guild_id{i}, channel_id{7}});
  b.tell(update_voice_state{guild_id{1}, channel_id{8}}); // replaces the first
  const auto status = b.status();
  CHECK(status.outgoing == 256);
  CHECK(status.outgoing_dropped == 44);
}
