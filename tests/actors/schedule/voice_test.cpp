// Goal: who talks in a tracked channel is on the list for the hour, and nobody else.
#include "tests/actors/schedule/schedule_world.hpp"

using namespace hearth;
using test::lounge;
using test::schedule_world;

namespace {

constexpr int64_t nine_pm = 1'795'237'200; // in Los Angeles on that Friday: slot 8

struct voice_world : schedule_world {
  voice_world() {
    settings.voice_channels = {lounge};
    run_job();
    at(nine_pm + 600);
    facts();
  }
  void move(uint64_t user, uint64_t from, uint64_t to, bool robot = false) {
    auto who = member(user);
    who.bot = robot;
    tell(subject, voice_changes{{voice_changed{who, {from}, {to}}}});
  }
  std::string slot(size_t which) {
    REQUIRE_FALSE(edits().empty());
    return line(edits().back().body, which);
  }
};

} // namespace

TEST_CASE_METHOD(voice_world, "voice: joining puts in, discreetly marked", "[schedule]") {
  move(10, 0, lounge.value);
  CHECK(slot(8).find("Ada 🎧") != std::string::npos);
  const auto before = edits().size();
  move(10, lounge.value, 0);
  move(10, 0, lounge.value);
  CHECK(edits().size() == before); // in already: nothing to draw
  CHECK(count("daily_vote") == 1);
}

TEST_CASE_METHOD(voice_world, "voice: other channels and bots do not count", "[schedule]") {
  move(10, 0, 601);
  move(12, 0, lounge.value, true);
  CHECK(count("daily_vote") == 0);
  move(10, 601, lounge.value); // moved over
  CHECK(count("daily_vote") == 1);
}

TEST_CASE_METHOD(voice_world, "voice: each hour anew, while they stay", "[schedule]") {
  move(10, 0, lounge.value);
  CHECK(wakes->at("slot").ms == (nine_pm + 3600) * 1000);
  wake("slot");
  CHECK(slot(9).find("Ada") != std::string::npos);
  CHECK(slot(8).find("Ada") != std::string::npos);
  CHECK(wakes->at("slot").ms == (nine_pm + 7200) * 1000);
  move(10, lounge.value, 0);
  wake("slot");
  CHECK(slot(10).find("Ada") == std::string::npos);
}

TEST_CASE_METHOD(voice_world, "voice: hours that are not offered are not filled", "[schedule]") {
  at(nine_pm + 12 * 3600); // 9 am
  move(10, 0, lounge.value);
  CHECK(count("daily_vote") == 0);
}

TEST_CASE_METHOD(voice_world, "voice: taken off the hour, not put back into it", "[schedule]") {
  move(10, 0, lounge.value);
  answer(vote(10, 21));
  move(10, lounge.value, 0);
  restart();
  move(10, 0, lounge.value);
  CHECK(count("daily_vote WHERE active=1") == 0);
  wake("slot");
  CHECK(count("daily_vote WHERE active=1 AND hour=22") == 1);
}

TEST_CASE_METHOD(voice_world, "voice: read from the guild after a restart or a reconnect",
                 "[schedule]") {
  snapshot.voice = {{member(10), lounge}, {member(11), {601}}};
  restart();
  CHECK(count("daily_vote") == 1);
  CHECK(slot(8).find("Ada 🎧") != std::string::npos);
  snapshot.voice = {{member(11), lounge}};
  facts();
  CHECK(slot(8).find("Ada 🎧, Bob 🎧") != std::string::npos);
}

TEST_CASE_METHOD(voice_world, "voice: a channel that becomes tracked counts at once",
                 "[schedule]") {
  move(10, 0, 601);
  answer(command("modvoicechannel", {{"channel", uint64_t{601}, false}}));
  CHECK(count("daily_vote") == 1);
}

TEST_CASE_METHOD(voice_world, "voice: waits until the time is known", "[schedule]") {
  snapshot.voice = {{member(10), lounge}};
  auto unknown = driven_time{&time};
  shown_time = &unknown;
  restart();
  CHECK(count("daily_vote") == 0);
  CHECK(wakes->at("slot") == time.now()); // at once when the clock knows
  CHECK(wakes->at("remind") == time.now());
  unknown.set(time.now());
  wake("slot");
  CHECK(count("daily_vote") == 1);
  CHECK(wakes->at("slot").ms == (nine_pm + 3600) * 1000);
  stop(subject); // before its time goes
}

TEST_CASE_METHOD(voice_world, "voice: nothing while the guild has no schedule", "[schedule]") {
  settings.channels.clear();
  facts();
  move(10, 0, lounge.value);
  CHECK(count("daily_vote") == 0);
}

TEST_CASE_METHOD(voice_world, "voice: a store in trouble is asked again at the next change",
                 "[schedule]") {
  store.db().exec("ALTER TABLE daily_vote RENAME TO away");
  move(10, 0, lounge.value);
  store.db().exec("ALTER TABLE away RENAME TO daily_vote");
  move(11, 0, lounge.value);
  CHECK(count("daily_vote") == 2);
}

TEST_CASE_METHOD(voice_world, "voice: fills an hour until enough are ready", "[schedule]") {
  settings.options["schedule.ready_count"] = "2";
  facts();
  const auto before = posts().size();
  move(10, 0, lounge.value);
  move(11, 0, lounge.value);
  REQUIRE(posts().size() == before + 1);
  CHECK(posts().back().body.find("2 players are ready") != std::string::npos);
}
