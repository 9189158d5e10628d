// What an operator reads: figures in words, columns in line, nothing that paints the terminal.
#include "hearthctl/render.hpp"
#include "hearthctl/text_table.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
using namespace hearth::ctl;

namespace {

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

actor_list two_lists(int64_t at_us, uint64_t handled, uint64_t busy_us) {
  auto list = actor_list{};
  list.at_us = at_us;
  list.cpu_ms = at_us / 10'000;
  list.actors = {{1, "root", 0, 0, 3, handled, busy_us, 900, "stop", 0, 0, ""},
                 {2, "guild", 42, 1, 5, 10, 20, 1'500, "guild_batch", 2, 12'345, "job_due"}};
  return list;
}

} // namespace

TEST_CASE("figures: in words, with their units", "[ctl]") {
  CHECK(bytes_text(-1) == "?");
  CHECK(bytes_text(999) == "999 bytes");
  CHECK(bytes_text(1'000) == "1.0 kB");
  CHECK(bytes_text(14'200'000) == "14.2 MB");
  CHECK(span_text(999) == "999 ms");
  CHECK(span_text(1'000) == "1.0 s");
  CHECK(span_text(60'000) == "1 min 00 s");
  CHECK(span_text(3'599'999) == "59 min 59 s");
  CHECK(span_text(7'380'000) == "2 h 03 min");
  CHECK(span_text(int64_t{50} * 3'600'000) == "2 days 2 h");
  CHECK(micros_text(999) == "999 us");
  CHECK(micros_text(1'200) == "1.2 ms");
  CHECK(count_text(0) == "0");
  CHECK(count_text(1'234'567) == "1,234,567");
  CHECK(rate_text(0.44) == "0.4");
  CHECK(rate_text(12'345.6) == "12,345");
  CHECK(time_text(0) == "-");
  CHECK(time_text(1'790'000'000'000) == "2026-09-21 14:13:20");
}

TEST_CASE("table: columns fit, numbers to the right, letters of any width", "[ctl]") {
  CHECK(table({{"NAME"}, {"N", true}}, {{"é", "1"}, {"abcde", "100"}}) ==
        "NAME     N\n-----  ---\né        1\nabcde  100\n");
  CHECK(left("abcdef", 4) == "abc…");
  CHECK(left("éé", 4) == "éé  ");
  CHECK(right("abc", 0).empty());
  CHECK(harmless("a\x1b[31mb\n") == "a [31mb ");
}

TEST_CASE("status: says what is known and leaves out what is not", "[ctl]") {
  auto s = daemon_status{};
  s.program = "0.1.0";
  s.profile = "sandbox";
  s.uptime_ms = 7'380'000;
  s.cpu_ms = 73'800;
  s.shards = {{0, "ready", 12, 1'000, 900, 100, 3, 1, 0}};
  CHECK(has(render(s), "hearthd 0.1.0, profile sandbox, not online yet, up 2 h 03 min"));
  CHECK(has(render(s), "shard 0: ready, 12 ms, 3 guilds; 1,000 events (900 dropped, 100 told)"));
  CHECK(has(render(s), "(1.00 % of a core)"));
  CHECK(has(render(s), "last errors   none"));
  CHECK_FALSE(has(render(s), "°C"));
  CHECK_FALSE(has(render(s), "undervoltage"));
  s.online = s.draining = true;
  s.host.temperature_mc = 48'250;
  s.host.undervoltage = 1;
  s.host.throttled = 0;
  s.host.throttled_before = 1;
  s.host.clock_synchronised = 0;
  s.last_errors = {{1, 1'790'000'000'000, "error", "it\x1b[2J failed"}};
  s.certificates = {{"inspect-ca", 1'890'000'000'000}, {"steer-client", 1'790'086'400'000}};
  s.now_ms = 1'790'000'000'000;
  const auto text = render(s);
  CHECK(has(text, "online, DRAINING"));
  CHECK(has(text, "48.2 °C"));
  CHECK(has(text, "undervoltage NOW"));
  CHECK(has(text, "throttled since boot"));
  CHECK(has(text, "clock NOT synchronised"));
  CHECK(has(text, "14:13:20 error    it [2J failed"));
  CHECK(has(text, "steer-client on 2026-09-22 (in 1 days)"));
}

TEST_CASE("actors: rates are made of two lists", "[ctl]") {
  const auto rates =
      rates_between(two_lists(1'000'000, 100, 500'000), two_lists(3'000'000, 300, 1'500'000));
  REQUIRE(rates.size() == 2);
  CHECK(rates[0].messages == Approx(100));
  CHECK(rates[0].busy == Approx(0.5));
  CHECK(rates[1].messages == Approx(0));
  CHECK(cpu_between(two_lists(1'000'000, 0, 0), two_lists(3'000'000, 0, 0)) == Approx(0.1));
  CHECK_FALSE(cpu_between(two_lists(1, 0, 0), two_lists(1, 0, 0)));
  CHECK(has(render(rates), "50.0 %"));
  CHECK(has(render(rates), "12.3 s in job_due"));
}

TEST_CASE("actors: one that is new counts from nothing", "[ctl]") {
  const auto rates = rates_between(actor_list{1'000'000}, two_lists(2'000'000, 50, 0));
  CHECK(rates[0].messages == Approx(50));
}

TEST_CASE("actors: found by number, name, or name and guild", "[ctl]") {
  auto list = two_lists(0, 0, 0);
  list.actors.push_back({3, "guild", 43});
  auto why = std::string{};
  CHECK(find_actor(list, "1", why)->name == "root");
  CHECK(find_actor(list, "root", why)->id == 1);
  CHECK(find_actor(list, "guild/43", why)->id == 3);
  CHECK_FALSE(find_actor(list, "guild", why));
  CHECK(why == "there are 2 of them; write one of guild/42, guild/43");
  CHECK_FALSE(find_actor(list, "oracle", why));
  CHECK(why == "there is no actor oracle; there are guild, root");
  CHECK_FALSE(find_actor(list, "4", why));
  CHECK_FALSE(find_actor(list, "guild/x/", why));
}

TEST_CASE("jobs: when next, how long until then, what was last", "[ctl]") {
  auto jobs = job_list{};
  jobs.now_ms = 1'790'000'000'000;
  CHECK(render(jobs) == "No job is planned yet.\n");
  jobs.jobs = {{0, "backup", "UTC", 250, 127, true, false, jobs.now_ms + 3'600'000, "2026-09-21",
                jobs.now_ms - 1'000, 0},
               {7, "daily", "Europe/Paris", 420, 0b0100001, true, true, 0, "", 0, 2},
               {8, "daily", "UTC", 420, 127, false, false, 0, "", 0, 0}};
  const auto text = render(jobs);
  CHECK(has(text, "04:10 UTC daily"));
  CHECK(has(text, "2026-09-21 15:13:20"));
  CHECK(has(text, "1 h 00 min"));
  CHECK(has(text, "07:00 Europe/Paris Mo Sa"));
  CHECK(has(text, "running"));
  CHECK(has(text, "off"));
}

TEST_CASE("gates, events, guild: one line each, and what stands out", "[ctl]") {
  auto gates = gate_list{};
  CHECK(has(render(gates), "Nothing was asked"));
  gates.frozen_ms = 60'000;
  gates.gates = {{"POST /channels/:id/messages", "123", "abcdef", 5, 0, 900, 3, 1, 900}};
  gates.left_out = 7;
  CHECK(has(render(gates), "FROZEN by Cloudflare for 1 min 00 s"));
  CHECK(has(render(gates), "POST /channels/:id/messages  123  abcdef     0      5     900 ms"));
  CHECK(has(render(gates), "and 7 more"));

  auto events = event_list{{{"PRESENCE_UPDATE", 10, 0, 10}, {"MESSAGE_CREATE", 1'000, 990, 10}}};
  CHECK(render(events).find("MESSAGE_CREATE") < render(events).find("PRESENCE_UPDATE"));
  CHECK(has(render(events), "all                 1,010     990       20"));

  auto guild = guild_view{};
  guild.guild = 5;
  guild.name = "The \x1b[1mFire";
  guild.features = {{"schedule", true, false, "running", 0}};
  guild.options = {{"zone", "Europe/Paris"}};
  guild.set_channels = {{"main", "99"}};
  CHECK(has(render(guild), "guild 5 The  [1mFire (Discord has not told what it is like)"));
  CHECK(has(render(guild), "schedule  on  by default  running"));
  CHECK(has(render(guild), "channel main"));
  CHECK_FALSE(has(render(guild), "voice:"));
}

TEST_CASE("guild: its voice, with the code that a member can compare", "[inspect]") {
  auto guild = guild_view{};
  guild.voice.resize(1);
  CHECK(has(render(guild), "voice: in no channel\n"));
  auto& voice = guild.voice.front();
  voice = {"live", 7, {"rain:2 100 %", "file:sea/\x1b[1m.ogg 70 %"}, 80, false, "full"};
  CHECK(has(render(guild), "voice: live in channel 7, rain:2 100 %, file:sea/ [1m.ogg 70 %, "
                           "volume 80 %, quality full\n  not end-to-end encrypted\n"));
  voice.dave_version = 1;
  CHECK(has(render(guild), "end-to-end encrypted (DAVE 1), nobody else is there\n"));
  voice.epoch = 3;
  voice.members = 2;
  voice.privacy_code = "012345678901234567890123456789";
  CHECK(has(render(guild), "(DAVE 1, epoch 3, 2 members), privacy code 01234 56789 01234 56789 "
                           "01234 56789\n"));
  voice.layers.clear();
  voice.paused = true;
  CHECK(has(render(guild), "channel 7, nothing plays (silent for now), volume 80 %"));
  CHECK_FALSE(has(render(guild), "heartbeat"));
  voice.endpoint = "127.0.0.1:4000";
  voice.mode = "aead_aes256_gcm_rtpsize";
  voice.frames_sent = 5'000;
  CHECK(has(render(guild), "aead_aes256_gcm_rtpsize by 127.0.0.1:4000, heartbeat -, 0 resumes, "
                           "5,000 frames sent, 0 gaps, 0 drops\n"));
}
