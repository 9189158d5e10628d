// Goal: what is to be heard is there in time, and costs nothing when nobody hears it. Method: the
// voice actor and the real pacer, each stepped by hand.
#include "tests/support/voice_world.hpp"

using namespace hearth;
using namespace std::chrono_literals;
using hearth::test::voice_world;

TEST_CASE_METHOD(voice_world, "voice: layers begin as soon as they can be heard", "[voice]") {
  play({{"rain:1", 100}, {"fire:2", 150}});
  CHECK(sound->layers.size() == 2);
  CHECK(sound->rendered == 0); // nobody hears it
  auto& link = settle();
  REQUIRE(link.talks.size() == 1);
  CHECK(link.talks[0].on);
  play_for(2'000);
  REQUIRE(port->frames.size() == 100);
  for (size_t at = 0; at < 100; ++at)
    CHECK(port->frames[at][1] == at); // each once, in order
  CHECK(counters.underruns == 0);
  CHECK(look().frames_sent == 100);
}

TEST_CASE_METHOD(voice_world, "voice: actors that stall for 300 ms are not heard", "[voice]") {
  settle();
  play({{"rain:1", 100}});
  // Wherever in its period it strikes.
  for (auto offset = 0; offset < 6; ++offset) {
    play_for(400 + 20 * offset);
    play_for(300, false);
    run();
  }
  CHECK(counters.underruns == 0);
  const auto sent = port->frames.size();
  for (size_t at = 0; at < sent; ++at)
    CHECK(port->frames[at][1] == static_cast<uint8_t>(at));
  play_for(700, false); // longer than what is rendered ahead: this is
  CHECK(counters.underruns > 0);
  CHECK(look().underruns == counters.underruns);
}

TEST_CASE_METHOD(voice_world, "voice: one timer for five frames, when all others have theirs",
                 "[voice]") {
  settle();
  play_for(260); // no round number
  play({{"rain:1", 100}});
  play_for(400);
  timers = 0;
  play_for(1'000);
  CHECK(timers == 10);
  for (auto step = 0; step < 20; ++step) {
    const auto before = sound->rendered;
    play_for(20);
    if (sound->rendered != before)
      CHECK(steady_ms() % 100 == 0);
  }
}

TEST_CASE_METHOD(voice_world, "voice: without a key nothing is rendered, nor any timer",
                 "[voice]") {
  play({{"rain:1", 100}});
  join(lounge);
  state(lounge);
  server("eu.example");
  stand(*links[0], false); // alone in an encrypted channel
  CHECK(joins.size() == 1);
  const auto before = sound->rendered;
  play_for(10'000);
  CHECK(sound->rendered == before);
  CHECK(links[0]->talks.empty());
  CHECK(pacing.waiting);
  may(*links[0], true);
  CHECK(links[0]->talks.size() == 1);
  may(*links[0], false);
  CHECK_FALSE(links[0]->talks.back().on);
}

TEST_CASE_METHOD(voice_world, "voice: pause and end fall silent, and cost nothing then",
                 "[voice]") {
  auto& link = settle();
  play({{"rain:1", 100}});
  play_for(400);
  auto got = voice_status{};
  ask(
      channel, pause_voice{true}, [&](const voice_status& status) { got = status; },
      [](const caf::error&) {});
  CHECK(got.paused);
  CHECK_FALSE(link.talks.back().on);
  play_for(1'000);
  CHECK(link.quiets == 1); // so that it can say so
  CHECK(pacing.waiting);
  ask(
      channel, pause_voice{false}, [&](const voice_status& status) { got = status; },
      [](const caf::error&) {});
  CHECK(link.talks.back().on);
  play({});
  CHECK_FALSE(link.talks.back().on);
}

TEST_CASE_METHOD(voice_world, "voice: layers that cannot be are refused, the rest goes on",
                 "[voice]") {
  play({{"rain:1", 100}});
  CHECK(play({{"rain:1", 100}, {"nothing:1", 100}}) == make_error(errc::not_found));
  CHECK(play({{"rain:1", 100}, {"rain:1", 50}}) == make_error(errc::invalid));
  CHECK(play(std::vector<voice_layer>(7)) == make_error(errc::invalid));
  const auto status = look();
  REQUIRE(status.layers.size() == 1);
  CHECK(status.layers[0].sound == "rain:1");
  CHECK_FALSE(play({{"rain:1", 4'711}}));
  CHECK(look().layers[0].volume == voice_volume_max);
}

TEST_CASE_METHOD(voice_world, "voice: texts are said one after the other, urgent ones first",
                 "[voice]") {
  settle();
  say("one");
  say("two");
  say("now", speech_priority::urgent);
  REQUIRE(spoken.size() == 1); // the first is being said, the others wait
  CHECK(spoken[0].text == "one");
  play_for(1'000);
  REQUIRE(spoken.size() == 3);
  CHECK(spoken[1].text == "now");
  CHECK(spoken[2].text == "two");
  CHECK(said == std::vector<std::optional<speech_end>>(3, speech_end::said));
  auto words = 0;
  for (const auto& frame : port->frames)
    words += frame[0] == 's' ? 1 : 0;
  CHECK(words == 15);
}

TEST_CASE_METHOD(voice_world, "voice: a text that cannot be heard in time is dropped", "[voice]") {
  say("welcome", speech_priority::ordinary, 5'000);
  advance(4'999ms);
  CHECK_FALSE(said[0]);
  advance(1ms);
  CHECK(said[0] == speech_end::late);
  say("again", speech_priority::ordinary, 5'000);
  settle();
  play_for(500);
  CHECK(said[1] == speech_end::said);
}

TEST_CASE_METHOD(voice_world, "voice: a text is cut by leaving, or fails with its engine",
                 "[voice]") {
  settle();
  speech_frames = 500;
  say("a long story");
  play_for(400);
  leave();
  CHECK(said[0] == speech_end::cut);
  CHECK(sound->hushed == 1);
  play_for(1'000);
  speech_frames = 0;
  say("nothing comes out");
  CHECK(said[1] == speech_end::failed);
}

TEST_CASE_METHOD(voice_world, "voice: a bell rings once, over everything", "[voice]") {
  settle();
  tell(channel, play_once{"bell", 100});
  tell(channel, play_once{"gong", 100}); // there is none
  play_for(1'000);
  CHECK(port->frames.size() == 10 + 5);
}

TEST_CASE_METHOD(voice_world, "voice: a hot machine costs quality, and says so", "[voice]") {
  settle();
  counters.sessions = 1;
  machine.celsius = 85;
  advance(10s);
  CHECK(sound->quality == voice::sound_quality::reduced);
  REQUIRE(reported<quality_changed>().size() == 1);
  CHECK(reported<quality_changed>()[0].quality == "reduced");
  CHECK(reported<quality_changed>()[0].details == "85 C");
  CHECK(look().quality == "reduced");
  machine.celsius = 60;
  for (auto look = 0; look < 5; ++look)
    advance(10s);
  CHECK(sound->quality == voice::sound_quality::reduced);
  advance(10s);
  CHECK(sound->quality == voice::sound_quality::full);
  counters.sessions = 0;
  advance(10s);
  CHECK(counters.quality == 0);
}
