// Goal: whatever Discord does with the bot's voice, a guild's voice actor follows, and its owner
// hears of it. Method: the actor between fakes; the rules of joining themselves are tested in
// tests/infra/voice/join_rules_test.cpp.
#include "tests/support/voice_world.hpp"

using namespace hearth;
using namespace std::chrono_literals;
using hearth::test::voice_world;

TEST_CASE_METHOD(voice_world, "voice: both events in any order open one session", "[voice]") {
  const auto server_first = GENERATE(true, false);
  join(lounge);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].guild == guild);
  CHECK(asked[0].channel == lounge);
  CHECK(asked[0].self_deaf);
  CHECK_FALSE(asked[0].self_mute);
  if (server_first)
    server("eu.example:443");
  state(lounge, "session");
  CHECK(links.size() == (server_first ? 1 : 0));
  if (!server_first)
    server("eu.example:443");
  REQUIRE(links.size() == 1);
  const auto& place = links[0]->order.place;
  CHECK(links[0]->order.self == bot);
  CHECK(place.channel == lounge);
  CHECK(place.endpoint == "eu.example:443");
  CHECK(place.session_id == "session");
  CHECK(joins.empty()); // not before it can be heard
  CHECK(look().phase == "joining");
  stand(*links[0]);
  REQUIRE(joins.size() == 1);
  CHECK(joins[0].why == voice_refusal::none);
  REQUIRE(reported<voice_ready>().size() == 1);
  CHECK(reported<voice_ready>()[0].channel == lounge);
  CHECK(look().phase == "live");
  CHECK(sound->bitrate == 96'000);
  join(lounge); // there already
  CHECK(joins.size() == 2);
  CHECK(asked.size() == 1);
}

TEST_CASE_METHOD(voice_world, "voice: what is not permitted is not asked for", "[voice]") {
  auto deaf = std::make_shared<guild_snapshot>(*snapshot());
  deaf->roles[0].permissions &= ~permission_bit::speak;
  join(lounge, deaf);
  join(channel_id{4711});
  REQUIRE(joins.size() == 2);
  CHECK(joins[0].why == voice_refusal::no_speak);
  CHECK(joins[1].why == voice_refusal::unknown_channel);
  CHECK(asked.empty());
  CHECK(look().phase == "out");
}

TEST_CASE_METHOD(voice_world, "voice: silence of Discord is tried again, then given up",
                 "[voice]") {
  join(lounge);
  for (auto minute = 0; minute < 12; ++minute)
    advance(60s);
  REQUIRE(joins.size() == 1);
  CHECK(joins[0].why == voice_refusal::unanswered);
  CHECK(reported<voice_refused>().size() == 1);
  REQUIRE(asked.size() == 6); // five tries, and out of the channel, should we be in
  CHECK(asked.back().channel == channel_id{});
  CHECK(look().phase == "out");
}

TEST_CASE_METHOD(voice_world, "voice: moved by a member, the music moves along", "[voice]") {
  auto& first = settle();
  play({{"rain:1", 100}});
  CHECK(first.talks.size() == 1);
  const auto server_first = GENERATE(true, false);
  if (server_first)
    server("eu.example:443", "new");
  state(den);
  CHECK(first.hung_up);
  if (!server_first) {
    CHECK(links.size() == 1); // the old server is not paired with the new channel
    server("eu.example:443", "new");
  }
  // What comes first looks like a server that changed, and a session there begins.
  REQUIRE(links.size() == (server_first ? 3 : 2));
  REQUIRE(reported<voice_moved>().size() == 1);
  CHECK(reported<voice_moved>()[0].to == den);
  stand(*links.back());
  CHECK(links.back()->order.place.channel == den);
  CHECK(links.back()->talks.size() == 1); // it goes on by itself
  CHECK(reported<voice_ready>().back().channel == den);
  CHECK(asked.size() == 1);
}

TEST_CASE_METHOD(voice_world, "voice: kicked means out, and not back by itself", "[voice]") {
  auto& link = settle();
  play({{"rain:1", 100}});
  state({});
  CHECK(link.hung_up);
  REQUIRE(reported<voice_left>().size() == 1);
  CHECK(reported<voice_left>()[0].channel == lounge);
  CHECK(reported<voice_left>()[0].how == voice_end::disconnected);
  advance(120s);
  CHECK(asked.size() == 1);
  CHECK(links.size() == 1);
  CHECK(look().phase == "out");
}

TEST_CASE_METHOD(voice_world, "voice: close 4014 waits for news, then leaves", "[voice]") {
  auto& link = settle();
  news(link, link_news::lost{voice::voice_close::wait, "disconnected (4014)"});
  CHECK(reported<voice_interrupted>().size() == 1);
  advance(4'999ms);
  CHECK(reported<voice_left>().empty());
  advance(1ms);
  CHECK(reported<voice_left>().size() == 1);
  REQUIRE(asked.size() == 2);
  CHECK(asked[1].channel == channel_id{}); // the main gateway still has us in there
}

TEST_CASE_METHOD(voice_world, "voice: a server that goes away is waited for", "[voice]") {
  auto& link = settle();
  play({{"rain:1", 100}});
  server("");
  CHECK(link.hung_up);
  CHECK(links.size() == 1);
  advance(600s); // nothing but the next VOICE_SERVER_UPDATE ends this
  CHECK(links.size() == 1);
  server("us.example");
  REQUIRE(links.size() == 2);
  CHECK(links[1]->order.place.endpoint == "us.example");
  stand(*links[1]);
  CHECK(links[1]->talks.size() == 1);
}

TEST_CASE_METHOD(voice_world, "voice: a session lost is asked for anew after a wait", "[voice]") {
  auto& link = settle();
  news(link, link_news::lost{voice::voice_close::join_again, "session invalid (4006)"});
  CHECK(asked.size() == 1);
  advance(60s);
  REQUIRE(asked.size() >= 2);
  CHECK(asked[1].channel == lounge);
  state(lounge, "second");
  server("eu.example");
  REQUIRE(links.size() == 2);
  CHECK(links[1]->order.place.session_id == "second");
  news(link, link_news::stands{}); // of the link before: stale
  CHECK(look().phase != "live");
  stand(*links[1]);
  CHECK(look().phase == "live");
}

TEST_CASE_METHOD(voice_world, "voice: a link that dies is a session lost", "[voice]") {
  auto& link = settle();
  caf::anon_send_exit(link.actor, caf::exit_reason::unhandled_exception);
  run();
  CHECK(reported<voice_interrupted>().size() == 1);
  advance(60s);
  CHECK(asked.size() >= 2);
}

TEST_CASE_METHOD(voice_world, "voice: a new main session asks for the channel again", "[voice]") {
  auto& link = settle();
  tell(hub, bot_identity{bot, {}, "Hearth", {guild}});
  CHECK(link.hung_up);
  REQUIRE(asked.size() == 2);
  CHECK(asked[1].channel == lounge);
  state(lounge, "fresh");
  server("eu.example");
  REQUIRE(links.size() == 2);
  CHECK(links[1]->order.place.session_id == "fresh");
}

TEST_CASE_METHOD(voice_world, "voice: a resumed session is heard all along", "[voice]") {
  auto& link = settle();
  play({{"rain:1", 100}});
  news(link, link_news::interrupted{"connection lost; resuming"});
  CHECK(reported<voice_interrupted>().size() == 1);
  CHECK(look().phase == "away");
  play_for(1'000);
  CHECK(port->frames.size() == 50); // UDP does not care
  news(link, link_news::stands{});
  CHECK(look().phase == "live");
  CHECK(reported<voice_ready>().size() == 2);
  CHECK(link.talks.size() == 1);
}

TEST_CASE_METHOD(voice_world, "voice: leaving fades out first", "[voice]") {
  auto& link = settle();
  play({{"rain:1", 100}});
  play_for(200);
  leave();
  CHECK(left == 0);
  CHECK(sound->layers.empty());
  CHECK(sound->fade_ms == 300);
  play_for(800); // what is rendered, five frames of silence
  CHECK(left == 1);
  CHECK(link.hung_up);
  REQUIRE(asked.size() == 2);
  CHECK(asked[1].channel == channel_id{});
  REQUIRE(reported<voice_left>().size() == 1);
  CHECK(reported<voice_left>()[0].how == voice_end::asked);
  CHECK(port->frames.back() == std::vector<uint8_t>{0xf8, 0xff, 0xfe});
}

TEST_CASE_METHOD(voice_world, "voice: an owner that is gone for a minute leaves too", "[voice]") {
  settle();
  stop(owner);
  advance(59'999ms);
  CHECK(asked.size() == 1);
  SECTION("another one came") {
    owner = make_owner();
    ask_pair(owner);
    advance(60s);
    CHECK(asked.size() == 1);
  }
  SECTION("nobody came") {
    advance(1ms);
    REQUIRE(asked.size() == 2);
    CHECK(asked[1].channel == channel_id{});
  }
}

TEST_CASE_METHOD(voice_world, "voice: on a stage it speaks up, or asks to", "[voice]") {
  const auto may_unmute = GENERATE(true, false);
  auto seen = std::make_shared<guild_snapshot>(*snapshot());
  seen->roles[0].permissions |= may_unmute ? 1ULL << 22 : 1ULL << 32;
  play({{"rain:1", 100}});
  join(stage, seen);
  state(stage, "s", true);
  server("eu.example");
  REQUIRE(links.size() == 1);
  stand(*links[0]);
  CHECK(joins.size() == 1);
  CHECK(links[0]->talks.empty()); // the audience is not heard
  CHECK(look().suppressed);
  REQUIRE(reported<voice_suppressed>().size() == 1);
  CHECK(reported<voice_suppressed>()[0].asked == !may_unmute);
  const auto calls = told_rest->to("/voice-states/@me");
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].method == http_method::patch);
  CHECK(calls[0].body ==
        (may_unmute
             ? R"({"channel_id":"22","suppress":false})"
             : R"({"channel_id":"22","request_to_speak_timestamp":"2026-11-25T10:20:00.000Z"})"));
  CHECK(reported<voice_ready>().empty());
  state(stage, "s", false); // it was granted
  CHECK(reported<voice_ready>().size() == 1);
  CHECK(links[0]->talks.size() == 1);
  state(stage, "s", true); // and taken back
  CHECK_FALSE(links[0]->talks.back().on);
}

TEST_CASE_METHOD(voice_world, "voice: the end of the daemon leaves nobody waiting", "[voice]") {
  join(lounge);
  say("hello");
  stop(hub);
  REQUIRE(joins.size() == 1);
  CHECK(joins[0].why == voice_refusal::stopping);
  CHECK(said[0] == speech_end::cut);
}
