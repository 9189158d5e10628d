// Goal: time counts while somebody hears us, once, whatever crashes; an empty channel is left.
#include "tests/actors/voice/ambience_world.hpp"

using namespace hearth;
using namespace test;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE_METHOD(ambience_world, "alone: leaves after the time that is set, to the millisecond",
                 "[voice]") {
  rain();
  move(50, lounge, true); // a bot is no company
  leave(ada);
  CHECK(voice->log.back() == "pause"); // nothing is sent to an empty channel
  REQUIRE(will_wake("alone"));
  const auto due = wakes->at("alone");
  CHECK(due.ms - time.now().ms == 30 * 60'000);
  time.set({due.ms - 1});
  tell(subject, woken{"alone", time.now()});
  CHECK(player().channel == lounge);
  wake("alone");
  CHECK_FALSE(player().channel);
  CHECK(voice->log.back() == "leave");
  CHECK(has(shown(edits().back().body), "Everybody had left <#600>"));
}

TEST_CASE_METHOD(ambience_world, "alone: who comes back resets it", "[voice]") {
  rain();
  leave(ada);
  pass(minutes{29});
  move(bob, lounge);
  CHECK(voice->log.back() == "resume");
  CHECK_FALSE(will_wake("alone"));
  leave(bob);
  CHECK(wakes->at("alone").ms - time.now().ms == 30 * 60'000);
}

TEST_CASE_METHOD(ambience_world, "alone: the guild's own time, and stay", "[voice]") {
  rain();
  settings.options["voice.idle_minutes"] = "5";
  facts();
  leave(ada);
  CHECK(wakes->at("alone").ms - time.now().ms == 5 * 60'000);
  settings.options["voice.idle_minutes"] = "10"; // while it waits
  facts();
  CHECK(wakes->at("alone").ms - time.now().ms == 10 * 60'000);
  move(ada, lounge);
  told(command("ambience stay", {{"enable", true, false}}));
  leave(ada);
  CHECK_FALSE(will_wake("alone"));
  pass(minutes{600});
  CHECK(player().channel == lounge);
}

TEST_CASE_METHOD(ambience_world, "alone: also after a restart into an empty channel", "[voice]") {
  rain();
  snapshot.voice.clear();
  restart();
  CHECK(voice->of("join").size() == 1);
  wake("alone");
  CHECK_FALSE(player().channel);
}

TEST_CASE_METHOD(ambience_world, "time: counted for each who hears it, in slices of a minute",
                 "[voice]") {
  rain();
  pass(seconds{17}); // 3 of them were gone in rain()
  move(bob, lounge);
  wake("slice");
  CHECK(listened(ada) == 60'000);
  CHECK(listened(bob) == 40'000);
  pass(seconds{10});
  leave(bob);
  CHECK(listened(bob) == 50'000);
  move(50, lounge, true);
  wake("slice");
  CHECK(listened(50) == 0);
  CHECK(listened(9) == 0);
}

TEST_CASE_METHOD(ambience_world, "time: not while paused, interrupted or elsewhere", "[voice]") {
  rain();
  move(bob, attic);
  pass(seconds{7});
  told(command("ambience pause"));
  const auto before = listened(ada);
  CHECK(before == 10'000);
  pass(seconds{100});
  told(command("ambience resume"));
  pass(seconds{5});
  report(voice_interrupted{lounge, "test"});
  pass(seconds{100});
  report(voice_ready{lounge});
  pass(seconds{5});
  leave(ada);
  CHECK(listened(ada) == before + 10'000);
  CHECK(listened(bob) == 0);
}

TEST_CASE_METHOD(ambience_world, "time: a crash loses at most the slice under way, and adds none",
                 "[voice]") {
  rain();
  for (auto i = 0; i < 10; ++i)
    wake("slice");
  pass(seconds{59});
  restart(); // killed
  CHECK(listened(ada) == 600'000);
  wake("slice");
  CHECK(listened(ada) == 660'000);
}

TEST_CASE_METHOD(ambience_world, "time: a store that refuses loses nothing", "[voice]") {
  rain();
  store.db().exec("ALTER TABLE ambience_guild RENAME TO hidden");
  wake("slice");
  wake("slice");
  CHECK(listened(ada) == 0);
  store.db().exec("ALTER TABLE hidden RENAME TO ambience_guild");
  wake("slice");
  wake("slice");
  CHECK(listened(ada) >= 120'000);
  CHECK(listened(ada) == time.now().ms - 1'795'231'200'000);
}

TEST_CASE_METHOD(ambience_world, "time: what the clock leapt over was not listened to", "[voice]") {
  rain();
  pass(minutes{24 * 60});
  wake("slice");
  CHECK(listened(ada) == listening_clock::slice_ms_max);
}

TEST_CASE_METHOD(ambience_world, "top: members of this guild, up to this moment", "[voice]") {
  CHECK(has(told(command("top")), "Nobody has listened yet"));
  rain();
  pass(seconds{57});
  const auto top = told(command("top"));
  CHECK(has(top, "Time listened: members of this server"));
  CHECK(has(top, "**1.** <@10>  1 min 0 s"));
  CHECK_FALSE(has(top, "**2.**"));
}

TEST_CASE_METHOD(ambience_world, "top: servers, without those that left or keep their name",
                 "[voice]") {
  rain();
  pass(seconds{57});
  auto db = store.db();
  db.exec("INSERT INTO ambience_guild VALUES(2,'Other_',1,90061000,1),(3,'Gone',1,80000000,1),"
          "(4,'Shy',0,7000000,1)");
  db.exec("INSERT INTO guild(guild, seen_ms, removed_ms) VALUES(3,1,2)");
  const auto top = told(command("top", {{"scope", std::string{"servers"}, false}}));
  CHECK(has(top, "**1.** Other\\_  1 d 1 h"));
  CHECK(has(top, "**2.** a server that keeps its name to itself  1 h 56 min"));
  CHECK(has(top, "**3.** **Hearth**  1 min 0 s"));
  CHECK_FALSE(has(top, "Gone"));
  CHECK_FALSE(has(top, "Shy"));
}

TEST_CASE_METHOD(ambience_world, "total: how many, nobody's name and nothing posted", "[voice]") {
  CHECK(told(command("total")) == "Nobody is listening right now.");
  rain();
  CHECK(told(command("total")) == "1 person is listening right now.");
  move(bob, lounge);
  move(50, lounge, true);
  move(12, attic);
  CHECK(told(command("total")) == "2 people are listening right now.");
  CHECK(sent(http_method::post).empty());
  told(command("ambience stop"));
  CHECK(told(command("total")) == "Nobody is listening right now.");
}

TEST_CASE_METHOD(ambience_world, "presence: takes turns in minutes, the operator's own text wins",
                 "[voice]") {
  CHECK(presences.empty()); // not before it is told how
  tell(board, set_presence_plan{"", 10, "en"});
  CHECK(presences == std::vector<std::string>{"/rain for a cosy evening"});
  CHECK(wakes->at("presence").ms - time.now().ms == 600'000);
  const auto turn = [&] {
    time.set(wakes->at("presence"));
    tell(board, woken{"presence", time.now()});
    return presences.back();
  };
  CHECK(turn() == "cosy in 1 server");
  CHECK(turn() == "/rain for a cosy evening"); // nobody listens
  turn();
  rain();
  turn();
  CHECK(turn() == "1 person listens to the rain");
  const auto shown_before = presences.size();
  tell(board, set_presence_plan{"Mine", 10, "en"});
  CHECK(presences.back() == "Mine");
  CHECK_FALSE(will_wake("presence"));
  tell(board, set_presence_plan{"", 0, "en"});
  CHECK(presences.back().empty());
  CHECK(presences.size() == shown_before + 2);
}
