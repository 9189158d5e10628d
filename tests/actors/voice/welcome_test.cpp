// Goal: the first one in a watched channel hears who is scheduled, once; nobody else's sound is
// taken for it; who asked not to be named is not.
#include "infra/schedule/evening.hpp"
#include "tests/actors/voice/ambience_world.hpp"

using namespace hearth;
using namespace test;
using std::chrono::minutes;

namespace {

struct welcome_world : ambience_world {
  welcome_world() {
    settings.options["voice.welcome"] = "on";
    facts();
  }
  /// Puts somebody into an hour of the evening.
  void schedule_member(uint64_t user, int hour, const char* evening = "2026-11-20") {
    auto vote = add_votes{};
    vote.guild = home;
    vote.evening = *parse_evening_day(evening);
    vote.hour = hour;
    vote.members = {{{user}, member(user).name, ""}};
    vote.now = time.now();
    ask(
        evenings, vote, [](const vote_result&) {},
        [](const caf::error& why) { FAIL(describe(why)); });
  }
  std::vector<std::string> written() const {
    auto found = std::vector<std::string>{};
    for (const auto& each : sent(http_method::post, "/channels/600/messages"))
      found.push_back(json::parse(each.body)["content"]);
    return found;
  }
};

} // namespace

TEST_CASE_METHOD(welcome_world, "welcome: joins, says who plays now and next, leaves", "[voice]") {
  schedule_member(bob, 19);
  schedule_member(12, 20);
  schedule_member(ada, 19); // oneself is no news
  move(ada, lounge);
  CHECK(voice->log.empty()); // their client is only just in
  wake("welcome");
  CHECK(voice->log ==
        std::vector<std::string>{
            "join 600",
            "say en Hello Ada. On the schedule for this hour is Bob. At 8 pm: Member12.", "leave"});
  CHECK(written().empty());
}

TEST_CASE_METHOD(welcome_world, "welcome: in the guild's language, with a hint when nobody plays",
                 "[voice]") {
  settings.options["language"] = "fr";
  facts();
  move(ada, lounge);
  wake("welcome");
  CHECK(has(voice->last("say"), "say fr Bonjour Ada. Personne n’est au planning"));
}

TEST_CASE_METHOD(welcome_world, "welcome: over what plays there", "[voice]") {
  move(ada, lounge);
  wake("welcome");
  answer(command("rain"));
  leave(ada);
  pass(minutes{61});
  voice->log.clear();
  move(ada, lounge);
  wake("welcome");
  CHECK(voice->of("say").size() == 1);
  CHECK(voice->of("join").empty());
  CHECK(voice->of("leave").empty());
}

TEST_CASE_METHOD(welcome_world, "welcome: who listens elsewhere keeps the sound, it is written",
                 "[voice]") {
  move(bob, attic);
  answer(command("rain", {}, bob));
  move(ada, lounge);
  wake("welcome");
  CHECK(voice->of("say").empty());
  CHECK(voice->of("join") == std::vector<std::string>{"join 601"});
  REQUIRE(written().size() == 1);
  CHECK(has(written()[0], "Hello Ada."));
}

TEST_CASE_METHOD(welcome_world, "welcome: written where the voice is not possible", "[voice]") {
  SECTION("no permission") {
    snapshot.channels[1].overwrites = {{home.value, false, 0, permission_bit::speak}};
    facts();
  }
  SECTION("Discord refuses") { voice->why = voice_refusal::full; }
  SECTION("the speech engine fails") { voice->how = speech_end::failed; }
  SECTION("it comes too late") { voice->how = speech_end::late; }
  move(ada, lounge);
  wake("welcome");
  CHECK(written().size() == 1);
  CHECK(voice->now.channel == channel_id{}); // and we are not left there
  CHECK(json::parse(sent(http_method::post)[0].body)["allowed_mentions"]["parse"].empty());
}

TEST_CASE_METHOD(welcome_world, "welcome: nothing where the bot may not write either", "[voice]") {
  using namespace permission_bit;
  snapshot.channels[1].overwrites = {{home.value, false, 0, speak | send_messages}};
  facts();
  move(ada, lounge);
  wake("welcome");
  CHECK(written().empty());
  CHECK(voice->log.empty());
}

TEST_CASE_METHOD(welcome_world, "welcome: only the first, only where it is watched and on",
                 "[voice]") {
  SECTION("in company") {
    settings.options.erase("voice.welcome");
    facts();
    move(bob, lounge);
    settings.options["voice.welcome"] = "on";
    facts();
    move(ada, lounge);
  }
  SECTION("another channel") { move(ada, attic); }
  SECTION("a bot") { move(50, lounge, true); }
  SECTION("switched off") {
    settings.options.erase("voice.welcome");
    facts();
    move(ada, lounge);
  }
  SECTION("who was there before we came") {
    snapshot.voice = {{member(ada), lounge}};
    restart();
  }
  CHECK_FALSE(will_wake("welcome"));
}

TEST_CASE_METHOD(welcome_world, "welcome: bots are no company", "[voice]") {
  move(50, lounge, true);
  move(ada, lounge);
  wake("welcome");
  CHECK(voice->of("say").size() == 1);
}

TEST_CASE_METHOD(welcome_world, "welcome: who is gone or in company by then hears nothing",
                 "[voice]") {
  move(ada, lounge);
  SECTION("gone") { leave(ada); }
  SECTION("in company") { move(bob, lounge); }
  wake("welcome");
  CHECK(voice->log.empty());
  CHECK(count("voice_welcome") == 0);
}

TEST_CASE_METHOD(welcome_world, "welcome: who leaves while we join lets us go", "[voice]") {
  voice->hold_speech = true;
  move(ada, lounge);
  wake("welcome");
  CHECK(voice->of("say").size() == 1);
  leave(ada);
  CHECK(voice->log.back() == "leave");
}

TEST_CASE_METHOD(welcome_world, "welcome: rarely: ten minutes a channel, an hour a member",
                 "[voice]") {
  const auto come = [&](uint64_t user) {
    voice->log.clear();
    move(user, lounge);
    wake("welcome");
    leave(user);
    return voice->of("say").size() == 1;
  };
  CHECK(come(ada));
  CHECK_FALSE(come(ada));
  CHECK_FALSE(come(bob));
  pass(minutes{10});
  CHECK(come(bob));
  restart(); // it is kept
  pass(minutes{11});
  CHECK_FALSE(come(ada));
  pass(minutes{40});
  CHECK(come(ada));
}

TEST_CASE_METHOD(welcome_world, "welcome: a sound asked for meanwhile stays", "[voice]") {
  voice->hold_speech = true;
  move(ada, lounge);
  wake("welcome");
  answer(command("rain"));
  CHECK(voice->last("play") == "play rain:1=100");
  REQUIRE(voice->held.size() == 1);
  tell(voice_one, play_once{fake_voice::speech_ends});
  CHECK(voice->of("leave").empty());
  CHECK(voice->of("join").size() == 1);
}

TEST_CASE_METHOD(welcome_world, "welcome: around midnight the evening before counts", "[voice]") {
  schedule_member(bob, 24);                     // midnight to one, of Friday's evening
  time.set({1'795'231'200'000 + 280 * 60'000}); // Saturday 0:00
  move(ada, lounge);
  wake("welcome");
  CHECK(has(voice->last("say"), "this hour is Bob"));
}

TEST_CASE_METHOD(welcome_world, "names: as wanted, or not at all", "[voice]") {
  CHECK(has(told(command("setmyspokenname")), "says your display name"));
  CHECK(has(told(command("setmyspokenname", {{"name", std::string{"*Eda*"}, false}})),
            "says your name as “Eda”"));
  CHECK(has(told(command("setmyspokenname", {{"named", false, false}}, bob)), "does not name you"));
  CHECK(has(told(command("setmyspokenname", {{"name", std::string{"❄"}, false}})), "no letter"));
  schedule_member(bob, 19);
  move(ada, lounge);
  wake("welcome");
  CHECK(has(voice->last("say"), "Hello Eda. On the schedule for this hour is somebody."));
  told(command("setmyspokenname", {{"named", true, false}}, bob));
  told(command("setmyspokenname", {{"name", std::string{}, false}}));
  CHECK(count("spoken_name") == 0);
}

TEST_CASE_METHOD(welcome_world, "names: unknown wishes mean that nobody is named", "[voice]") {
  move(ada, lounge);
  store.db().exec("DROP TABLE spoken_name");
  wake("welcome");
  CHECK(voice->of("say").empty());
  CHECK(written().empty());
}
