// Goal: what was acknowledged is on disk and is what the voice plays; nobody takes the sound from
// others; every refusal says what to do.
#include "tests/actors/voice/ambience_world.hpp"

using namespace hearth;
using namespace test;
using kind = interaction_response::kind;

namespace {

option_input number(const char* name, int64_t value) { return {name, value, false}; }
option_input text(const char* name, const char* value) { return {name, std::string{value}, false}; }

} // namespace

TEST_CASE_METHOD(ambience_world, "play: each family's command plays where the member is",
                 "[voice]") {
  move(ada, lounge);
  for (const auto& [name, sound] :
       std::vector<std::pair<std::string, std::string>>{{"rain", "rain:1"},
                                                        {"wind", "wind:1"},
                                                        {"sparkles", "sparkles:1"},
                                                        {"stars", "stars:1"},
                                                        {"sea", "sea:1"},
                                                        {"background-music", "music:1"}}) {
    const auto message = shown(command(name));
    CHECK(has(message, "<#600>"));
    CHECK(voice->last("play") == "play " + sound + "=100"); // and nothing of the one before
    CHECK(layers() == "[[\"" + sound + "\",100]]");
  }
  CHECK(voice->of("join") == std::vector<std::string>{"join 600"});
}

TEST_CASE_METHOD(ambience_world, "play: track and volume", "[voice]") {
  move(ada, lounge);
  shown(command("rain", {number("track", 4), number("volume", 35)}));
  CHECK(voice->last("play") == "play rain:4=100");
  CHECK(voice->last("volume") == "volume 35");
  CHECK(player().volume == 35);
}

TEST_CASE_METHOD(ambience_world, "play: refused outside of voice, in the member's language",
                 "[voice]") {
  CHECK(has(told(command("rain")), "Join a voice channel first"));
  auto french = command("sea");
  french.locale = "fr";
  CHECK(has(told(french), "Rejoignez d’abord un salon vocal"));
  for (const auto* sub : {"play", "mix", "stop", "pause", "resume", "volume", "sleep", "focus"})
    CHECK(has(told(command("ambience " + std::string{sub})), "Join a voice channel first"));
  CHECK(has(told(press("voice:play:rain%3A1")), "Join a voice channel first"));
  CHECK(voice->log.empty());
  CHECK(count("ambience_player") == 0);
}

TEST_CASE_METHOD(ambience_world, "play: refused where the bot may not be heard", "[voice]") {
  move(ada, lounge);
  const auto deny = [&](uint64_t bit) {
    snapshot.channels[1].overwrites = {{home.value, false, 0, bit}};
    facts();
    return told(command("rain"));
  };
  using namespace permission_bit;
  CHECK(deny(speak) == "I may not speak in <#600>: give me **Speak** there.");
  CHECK(deny(connect) == "I may not join <#600>: give me **Connect** there.");
  CHECK(has(deny(view_channel), "**View Channel**"));
  CHECK(has(told(press("voice:play:rain%3A2")), "**View Channel**"));
  CHECK(voice->log.empty());
  CHECK(count("ambience_player") == 0);
}

TEST_CASE_METHOD(ambience_world, "play: what Discord refuses ends the player and is said",
                 "[voice]") {
  voice->why = voice_refusal::full;
  move(ada, lounge);
  answer(command("rain"));
  CHECK_FALSE(player().channel);
  const auto edits = sent(http_method::patch, "/webhooks/77/");
  REQUIRE_FALSE(edits.empty());
  CHECK(has(shown(edits.back().body), "<#600> is full"));
}

TEST_CASE_METHOD(ambience_world, "play: what passes is tried again", "[voice]") {
  voice->why = voice_refusal::unanswered;
  move(ada, lounge);
  answer(command("rain"));
  CHECK(player().channel == lounge);
  CHECK(voice->of("join").size() == 1);
  voice->why = voice_refusal::none;
  wake("steer");
  CHECK(voice->of("join").size() == 2);
  const auto edits = sent(http_method::patch, "/webhooks/77/");
  REQUIRE(edits.size() >= 2);
  CHECK(has(shown(edits.front().body), "Discord does not answer"));
  CHECK_FALSE(has(shown(edits.back().body), "Discord does not answer"));
}

TEST_CASE_METHOD(ambience_world, "play: who listens elsewhere keeps the sound", "[voice]") {
  rain();
  move(bob, attic);
  CHECK(has(told(command("sea", {}, bob)), "is playing in <#600>"));
  CHECK(has(told(press("voice:stop", bob)), "is playing in <#600>"));
  CHECK(layers() == R"([["rain:1",100]])");
  leave(ada); // an empty channel is left for a full one
  shown(command("sea", {}, bob));
  CHECK(player().channel == attic);
  CHECK(voice->last("join") == "join 601");
  CHECK(voice->last("play") == "play sea:1=100");
}

TEST_CASE_METHOD(ambience_world, "ambience play: by name, by id, by choice, nonsense is refused",
                 "[voice]") {
  move(ada, lounge);
  own = {"file:rain/lake.ogg"};
  shown(command("ambience play", {text("sound", "downpour")}));
  CHECK(voice->last("play") == "play rain:2=100");
  shown(command("ambience play", {text("sound", "file:rain/lake.ogg"), number("volume", 20)}));
  CHECK(voice->last("play") == "play file:rain/lake.ogg=100");
  CHECK(player().volume == 20);
  CHECK(has(told(command("ambience play", {text("sound", "*dance*")})), "\\*dance\\*"));
  CHECK(has(told(command("ambience mix", {text("sound", "file:rain/none.ogg")})), "no sound"));
}

TEST_CASE_METHOD(ambience_world, "ambience mix: one more sound, until there are enough",
                 "[voice]") {
  rain();
  CHECK(has(told(command("ambience mix", {text("sound", "fire:2"), number("volume", 60)})),
            "**Campfire** is in the mix"));
  CHECK(voice->last("play") == "play rain:1=100 fire:2=60");
  REQUIRE_FALSE(edits().empty());
  CHECK(has(shown(edits().back().body), "**Campfire**  60 %"));
  for (const auto* sound : {"sea:1", "wind:1", "night:1", "train:1"})
    told(command("ambience mix", {text("sound", sound)}));
  CHECK(voice->now.layers.size() == voice_layers_max);
  CHECK(has(told(command("ambience mix", {text("sound", "noise:1")})), "6 sounds play at once"));
  told(command("ambience mix", {text("sound", "fire:2"), number("volume", 0)}));
  CHECK(player().layers.size() == 5);
}

TEST_CASE_METHOD(ambience_world, "ambience: pause, resume, volume, stop", "[voice]") {
  rain();
  told(command("ambience pause"));
  CHECK(voice->last("pause") == "pause");
  CHECK(player().paused);
  told(command("ambience resume"));
  CHECK(voice->log.back() == "resume");
  told(command("ambience volume", {number("percent", 30)}));
  CHECK(voice->log.back() == "volume 30");
  CHECK(has(shown(edits().back().body), "volume 30 %"));
  CHECK(told(command("ambience stop")) == "Stopped.");
  CHECK(voice->log.back() == "leave");
  CHECK(has(shown(edits().back().body), "Stopped."));
  for (const auto* sub : {"stop", "pause", "resume", "volume", "sleep", "focus", "stay", "now"})
    CHECK(has(told(command("ambience " + std::string{sub}, {number("work", 5)})),
              "Nothing is playing here"));
}

TEST_CASE_METHOD(ambience_world, "ambience sleep: fades, then stops, also over a restart",
                 "[voice]") {
  rain();
  CHECK(has(told(command("ambience sleep", {number("minutes", 30)})), "Stops <t:"));
  wake("sleep");
  CHECK(voice->log.back() == "play"); // towards silence
  CHECK(player().channel == lounge);
  wake("asleep");
  CHECK_FALSE(player().channel);
  CHECK(voice->log.back() == "leave");
  CHECK(has(shown(edits().back().body), "Sleep well"));

  shown(command("rain"));
  told(command("ambience sleep", {number("minutes", 30)}));
  told(command("ambience sleep", {number("minutes", 0)}));
  CHECK_FALSE(will_wake("sleep"));
  told(command("ambience sleep", {number("minutes", 30)}));
  pass(std::chrono::minutes{31});
  restart();
  CHECK_FALSE(player().channel);
}

TEST_CASE_METHOD(ambience_world, "ambience sleep: taken back while it fades", "[voice]") {
  rain();
  told(command("ambience sleep", {number("minutes", 1)}));
  wake("sleep");
  told(command("ambience sleep", {number("minutes", 0)}));
  CHECK(voice->log.back() == "play rain:1=100");
}

TEST_CASE_METHOD(ambience_world, "ambience focus: rounds in the message, a bell between them",
                 "[voice]") {
  rain();
  const auto first = shown(
      command("ambience focus", {number("work", 25), number("rest", 5), number("rounds", 2)}));
  CHECK(has(first, "Round 1 of 2: focus"));
  wake("message");
  rest->asked.clear();
  wake("focus");
  CHECK(voice->log.back() == "once bell");
  CHECK(has(shown(edits().back().body), "Round 1 of 2: rest"));
  restart(); // it goes on where it was
  rest->asked.clear();
  wake("focus");
  CHECK(voice->of("once bell").size() == 1);
  CHECK(has(shown(edits().back().body), "Round 2 of 2: focus"));
  wake("focus");
  CHECK(voice->of("once bell").size() == 2);
  CHECK(has(shown(edits().back().body), "Well done"));
  CHECK(player().focus.work_minutes == 0);
  CHECK(player().channel == lounge); // the sound goes on
  CHECK_FALSE(will_wake("focus"));
}

TEST_CASE_METHOD(ambience_world, "ambience focus: ended by hand, a late wake rings no bell",
                 "[voice]") {
  rain();
  answer(command("ambience focus", {number("work", 25)}));
  CHECK(told(command("ambience focus", {number("work", 0)})) == "The focus timer is off.");
  CHECK_FALSE(will_wake("focus"));
  answer(command("ambience focus", {number("work", 25)}));
  pass(std::chrono::minutes{27});
  wake("focus");
  CHECK(voice->of("once bell").empty());
  CHECK(has(told(command("ambience focus", {number("work", 5), number("rest", -1)})), "180"));
}

TEST_CASE_METHOD(ambience_world, "ambience now: what, where, who, and the privacy code",
                 "[voice]") {
  rain();
  move(bob, lounge);
  voice->now.privacy_code = "123450000000000000000000000000";
  voice->now.quality = "reduced";
  const auto now = told(command("ambience now"));
  for (const auto* part : {"Light rain", "<#600>", "2 people are listening",
                           "`123450000000000000000000000000`", "reduced"})
    CHECK(has(now, part));
  voice->now.privacy_code.clear();
  CHECK(has(told(command("ambience now")), "Not end-to-end encrypted"));
  CHECK_FALSE(has(told(command("ambience now")), "Paused"));
  CHECK(has(told(command("ambience pause")), "Paused"));
  CHECK(has(told(command("ambience now")), "Paused"));
  CHECK(has(told(command("ambience resume")), "On again"));
  voice->now.phase = "joining";
  CHECK(has(told(command("ambience now")), "still connecting"));
}

TEST_CASE_METHOD(ambience_world, "ambience: sounds are completed in the member's language",
                 "[voice]") {
  auto typing = command("ambience play", {{"sound", std::string{"aver"}, true}});
  typing.kind = interaction_kind::autocomplete;
  typing.locale = "fr";
  const auto given = answer(typing);
  CHECK(given.type == kind::choices);
  const auto choices = json::parse(given.data)["choices"];
  REQUIRE(choices.size() == 1);
  CHECK(choices[0]["name"] == "Pluie: Averse");
  CHECK(choices[0]["value"] == "rain:2");
}

TEST_CASE_METHOD(ambience_world, "ambience stay: kept, audited once", "[voice]") {
  rain();
  const auto stay = command("ambience stay", {{"enable", true, false}});
  CHECK(has(told(stay), "The bot stays"));
  CHECK(has(told(stay), "The bot stays")); // delivered twice
  CHECK(player().stay);
  CHECK(count("audit_log") == 1);
  told(command("ambience stay", {{"enable", false, false}}));
  CHECK_FALSE(player().stay);
}

TEST_CASE_METHOD(ambience_world, "play: what cannot be saved is not played and not claimed",
                 "[voice]") {
  move(ada, lounge);
  store.db().exec("DROP TABLE ambience_player");
  CHECK(has(told(command("rain")), "could not be saved"));
  CHECK(voice->of("join").empty());
}

TEST_CASE_METHOD(ambience_world, "play: what comes before the player is read waits for it",
                 "[voice]") {
  rain();
  caf::anon_send_exit(subject, caf::exit_reason::kill);
  run();
  store.db().exec("ALTER TABLE ambience_player RENAME TO hidden");
  start();
  const auto waiting = send_in(command("ambience volume", {number("percent", 55)}));
  CHECK_FALSE(waiting->answer);
  store.db().exec("ALTER TABLE hidden RENAME TO ambience_player");
  wake("load");
  REQUIRE(waiting->answer);
  CHECK(has(waiting->answer->data, "55"));
}

TEST_CASE_METHOD(ambience_world, "voice: a restart goes on where it was", "[voice]") {
  rain();
  told(command("ambience mix", {text("sound", "fire:1"), number("volume", 40)}));
  told(command("ambience volume", {number("percent", 55)}));
  restart();
  CHECK(voice->of("join") == std::vector<std::string>{"join 600"});
  CHECK(voice->of("play") == std::vector<std::string>{"play rain:1=100 fire:1=40"});
  CHECK(voice->of("volume") == std::vector<std::string>{"volume 55"});
}

TEST_CASE_METHOD(ambience_world, "voice: a voice that plays already is left in peace", "[voice]") {
  rain();
  caf::anon_send_exit(subject, caf::exit_reason::kill); // the feature alone has died
  run();
  voice->log.clear();
  start();
  CHECK(voice->log.empty());
  told(command("ambience volume", {number("percent", 55)}));
  CHECK(voice->log == std::vector<std::string>{"volume 55"});
}

TEST_CASE_METHOD(ambience_world, "voice: after a restart into a channel that is gone", "[voice]") {
  rain();
  snapshot.channels.erase(snapshot.channels.begin() + 1);
  restart();
  CHECK_FALSE(player().channel);
  CHECK(voice->log.empty()); // nothing of it is begun
  CHECK(has(shown(edits().back().body), "is gone"));
  CHECK(has(edits().back().body, "voice:play:rain%3A1")); // to begin anew elsewhere
}

TEST_CASE_METHOD(ambience_world, "ambience play: a file whose name fits no button ends nothing",
                 "[voice]") {
  move(ada, lounge);
  const auto fits = "file:sea/" + std::string(sound_id_max - 9 - 2 - 4, 'x') + ".ogg";
  const auto too_long = "file:rain/" + std::string(100, 'x') + ".ogg";
  own = {fits, too_long};
  answer(command("ambience play", {text("sound", too_long.c_str())}));
  CHECK_FALSE(player().channel);
  answer(command("ambience play", {text("sound", fits.c_str())}));
  CHECK(voice->last("play") == "play " + fits + "=100");
  told(command("ambience stop")); // the message offers to begin anew
  told(command("ambience now"));
}

TEST_CASE_METHOD(ambience_world, "voice: moved by a moderator it plays on, thrown out it stops",
                 "[voice]") {
  rain();
  report(voice_moved{lounge, attic});
  CHECK(player().channel == attic);
  move(ada, attic);
  report(voice_ready{attic});
  CHECK(voice->of("join").size() == 1); // we are there already
  report(voice_left{attic, voice_end::disconnected, "kicked"});
  CHECK_FALSE(player().channel);
  CHECK(has(shown(edits().back().body), "disconnected the bot"));
  CHECK(voice->of("leave").empty());
}

TEST_CASE_METHOD(ambience_world, "voice: a session that fails is begun again", "[voice]") {
  rain();
  report(voice_left{lounge, voice_end::failed, "4006"});
  CHECK(player().channel == lounge);
  wake("steer");
  CHECK(voice->of("join").size() == 2);
}

TEST_CASE_METHOD(ambience_world, "voice: one that dies is asked for anew and told everything",
                 "[voice]") {
  rain();
  voice->fail = errc::stopping;
  told(command("ambience volume", {number("percent", 55)}));
  voice->fail = errc::none;
  voice->now = {};
  voice->log.clear();
  wake("hub");
  CHECK(voice->opened == 2);
  CHECK(voice->log == std::vector<std::string>{"volume 55", "play rain:1=100", "join 600"});
}

TEST_CASE_METHOD(ambience_world, "voice: a stage that does not let us speak, a file that is gone",
                 "[voice]") {
  rain();
  report(voice_suppressed{lounge, true});
  CHECK(has(shown(edits().back().body), "let me speak"));
  report(voice_ready{lounge});
  CHECK_FALSE(has(shown(edits().back().body), "let me speak"));
  report(sound_failed{"rain:1", "test"});
  CHECK(has(shown(edits().back().body), "“Light rain” cannot be played"));
}

TEST_CASE_METHOD(ambience_world, "stop: the feature's end keeps the player for its return",
                 "[voice]") {
  rain();
  pass(std::chrono::seconds{20});
  auto stopped_now = false;
  ask(
      subject, stop_feature{}, [&](stopped) { stopped_now = true; }, [](const caf::error&) {});
  CHECK(stopped_now);
  CHECK(voice->log.back() == "leave");
  CHECK(listened(ada) == time.now().ms - 1'795'231'200'000);
  CHECK(player().channel == lounge);
}
