// A feature that is behind, and a guild that has too much: nothing grows, nobody waits in vain.
#include "actors/root/guild.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/guild_fixture.hpp"

using namespace hearth;
using test::asking;
using namespace std::chrono_literals;
using way = test::feature_record::way;

namespace {

struct fixture : test::guild_fixture {
  const asking see = asking::command("seeschedule");
  static guild_event moved(uint64_t who, channel_id from, channel_id to) {
    auto change = voice_changed{};
    change.member.user = user_id{who};
    change.member.name = "m" + std::to_string(who);
    change.from = from;
    change.to = to;
    return change;
  }
  size_t told(const std::string& what) const {
    return static_cast<size_t>(std::count(feature->log.begin(), feature->log.end(), what));
  }
  std::string last_answer() const {
    return read(nlohmann::json::parse(rest->to("/callback").back().body));
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "queue: a feature that is behind learns later how things are",
                 "[root][queue]") {
  limits.feature_events_max = 16;
  start();
  feature->slow = true;
  const auto facts = feature->facts.size();
  for (auto who = uint64_t{1}; who <= 40; ++who)
    happen({moved(1'000 + who, {}, lounge)});
  CHECK(told("voice 1") == 16);
  happen({message_deleted{general, message_id{7}}});
  CHECK(told("deleted 7") == 0);
  advance(1s);
  CHECK(feature->facts.size() == facts); // it has no room yet
  feature->slow = false;
  feature->kept.clear();
  advance(1s);
  REQUIRE(feature->facts.size() == facts + 1);
  CHECK(feature->facts.back().snapshot->voice.size() == 40);
  happen({moved(1'001, lounge, {})}); // from here on as before
  CHECK(told("voice 1") == 17);
}

TEST_CASE_METHOD(fixture, "queue: a feature that is behind is spared facts about members",
                 "[root][queue]") {
  limits.feature_events_max = 4;
  feature_wants = {.presences = true};
  start();
  feature->slow = true;
  const auto tell_presence = [&] {
    auto batch = guild_batch{id, {}, {}};
    batch.news.presences.resize(1);
    tell(guild, std::move(batch));
  };
  for (auto i = 0; i < 9; ++i)
    tell_presence();
  CHECK(told("news 1 0 0") == 4);
  feature->slow = false;
  feature->kept.clear();
  tell_presence();
  CHECK(told("news 1 0 0") == 5);
}

TEST_CASE_METHOD(fixture, "queue: a feature that keeps what it is asked is asked no more",
                 "[root][queue]") {
  limits.interactions_max = 3;
  start();
  feature->slow = true;
  feature->does = way::is_silent;
  happen({make(see), make(see), make(see)});
  CHECK(told("asked seeschedule") == 3);
  advance(60s); // excused by now; they are in the feature still
  happen({make(see)});
  CHECK(told("asked seeschedule") == 3);
  CHECK(last_answer() == text("core.refused.busy"));
  feature->slow = false;
  feature->does = way::answers;
  feature->kept.clear();
  happen({make(see)});
  CHECK(last_answer() == "done");
}

TEST_CASE_METHOD(fixture, "queue: what a guild cannot even refuse is left to who brought it",
                 "[root][queue]") {
  limits.interactions_max = 2;
  start();
  feature->does = way::is_silent;
  rest->hold = true;
  auto claims = std::vector<std::shared_ptr<std::atomic<bool>>>{};
  for (auto i = 0; i < 6; ++i) {
    auto asked = see;
    asked.made.taken = std::make_shared<std::atomic<bool>>(false);
    claims.push_back(asked.made.taken);
    happen({make(asked)});
  }
  for (auto i = size_t{0}; i < claims.size(); ++i)
    CHECK(*claims[i] == (i < 4)); // twice the bound; the others the transport answers
}

TEST_CASE_METHOD(fixture, "queue: what was answered on the way here is not answered again",
                 "[root][queue]") {
  start();
  auto asked = see;
  asked.made.taken = std::make_shared<std::atomic<bool>>(true);
  happen({make(asked)});
  CHECK(rest->to("/callback").empty());
  CHECK(told("asked seeschedule") == 0);
}
