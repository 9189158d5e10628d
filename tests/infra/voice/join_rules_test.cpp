// Getting into a voice channel and staying there, news by news, on a clock of numbers.
#include "infra/voice/join_rules.hpp"
#include "tests/support/catch.hpp"

using namespace hearth;
using namespace hearth::voice;

namespace {

const auto lounge = channel_id{10};
const auto study = channel_id{20};

/// A guild's place in voice with its clock; chance is always one half.
struct bench {
  voice_join join{join_timing{}};
  int64_t now_ms = 1'000'000;
  voice_moment at() const { return {now_ms, 0.5}; }
  join_actions want(channel_id channel) { return join.want(at(), channel); }
  join_actions state(channel_id channel, const std::string& session = "s1") {
    return join.own_state(at(), channel, session);
  }
  join_actions server(const std::string& endpoint, const std::string& token) {
    return join.server(at(), endpoint, secret(token));
  }
  join_actions tick_after(int64_t ms) {
    now_ms += ms;
    return join.tick(at());
  }
  void enter() {
    want(lounge);
    state(lounge);
    server("v1:443", "t1");
    REQUIRE(join.phase() == join_phase::in);
  }
};

template <class T> const T* only(const join_actions& actions) {
  return actions.size() == 1 ? std::get_if<T>(&actions.front()) : nullptr;
}
template <class T> bool has(const join_actions& actions) {
  for (const auto& action : actions)
    if (std::holds_alternative<T>(action))
      return true;
  return false;
}

} // namespace

TEST_CASE("join: both news in any order open one session", "[voice]") {
  const auto state_first = GENERATE(true, false);
  auto b = bench{};
  auto actions = b.want(lounge);
  const auto* ask = only<join_do::ask>(actions);
  REQUIRE(ask);
  CHECK(ask->channel == lounge);
  CHECK(b.want(lounge).empty()); // one pending join
  actions = state_first ? b.state(lounge) : b.server("v1:443", "t1");
  CHECK(actions.empty());
  actions = state_first ? b.server("v1:443", "t1") : b.state(lounge);
  const auto* open = only<join_do::open>(actions);
  REQUIRE(open);
  CHECK(open->place.channel == lounge);
  CHECK(open->place.endpoint == "v1:443");
  CHECK(open->place.session_id == "s1");
  CHECK(open->place.token == secret("t1"));
  CHECK_FALSE(b.join.next_wake());
  CHECK(b.state(lounge).empty()); // muted, say
}

TEST_CASE("join: without an endpoint it waits for the next server", "[voice]") {
  auto b = bench{};
  b.want(lounge);
  b.state(lounge);
  CHECK(b.server("", "t1").empty());
  CHECK(b.join.phase() == join_phase::asking);
  auto actions = b.server("v2:443", "t2");
  REQUIRE(only<join_do::open>(actions));
  CHECK(only<join_do::open>(actions)->place.token == secret("t2"));
  // Later the server goes away, for as long as it takes.
  CHECK(only<join_do::drop>(b.server("", "t3")));
  CHECK_FALSE(b.join.next_wake());
  actions = b.server("v3:443", "t4");
  REQUIRE(only<join_do::open>(actions));
  CHECK(only<join_do::open>(actions)->place.endpoint == "v3:443");
}

TEST_CASE("join: silence is asked again, ever later, and then refused", "[voice]") {
  auto b = bench{};
  b.want(lounge);
  for (const auto most : {1000, 2000, 4000, 8000}) {
    CHECK(b.tick_after(11'999).empty());
    CHECK(b.join.phase() == join_phase::asking);
    CHECK(b.tick_after(1).empty());
    CHECK(b.join.phase() == join_phase::backoff);
    const auto wait = most / 2 + most / 4;
    CHECK(b.tick_after(wait - 1).empty());
    CHECK(only<join_do::ask>(b.tick_after(1)));
  }
  const auto actions = b.tick_after(12'000);
  CHECK(has<join_do::refused>(actions));
  CHECK(b.join.phase() == join_phase::out);
  CHECK(b.join.wanted() == channel_id{});
  CHECK(b.state(lounge).empty()); // too late
  CHECK(b.server("v1", "t").empty());
}

TEST_CASE("join: a move by ourselves keeps the session until it is confirmed", "[voice]") {
  auto b = bench{};
  b.enter();
  CHECK(only<join_do::ask>(b.want(study)));
  CHECK(b.server("v1:443", "t2").empty()); // the state still names the old channel
  const auto actions = b.state(study);
  const auto* open = only<join_do::open>(actions);
  REQUIRE(open);
  CHECK(open->place.channel == study);
  CHECK(open->place.token == secret("t2"));
}

TEST_CASE("join: being moved opens a new session whichever news comes first", "[voice]") {
  auto b = bench{};
  b.enter();
  b.now_ms += 60'000;
  CHECK(only<join_do::drop>(b.state(study)));
  auto actions = b.server("v1:443", "t2"); // the same server
  REQUIRE(only<join_do::open>(actions));
  CHECK(only<join_do::open>(actions)->place.channel == study);
  CHECK(b.join.wanted() == study);

  b.now_ms += 60'000;
  CHECK(
      only<join_do::open>(b.server("v2:443", "t3"))); // a new server for the same channel, it seems
  b.now_ms += 4'999;
  actions = b.state(lounge);
  REQUIRE(only<join_do::open>(actions));
  CHECK(only<join_do::open>(actions)->place.channel == lounge);
  CHECK(only<join_do::open>(actions)->place.token == secret("t3"));
  // Five seconds later that news would have been too old.
  b.server("v3:443", "t4");
  b.now_ms += 5'000;
  CHECK(only<join_do::drop>(b.state(study)));
  CHECK(has<join_do::left>(b.tick_after(12'000)));
}

TEST_CASE("join: kicked is out, and stays out", "[voice]") {
  auto b = bench{};
  b.enter();
  const auto actions = b.state({});
  CHECK(has<join_do::drop>(actions));
  CHECK(has<join_do::left>(actions));
  CHECK(b.join.wanted() == channel_id{});
  CHECK_FALSE(b.join.next_wake());
  CHECK(only<join_do::ask>(b.want(lounge))); // until somebody wants it again
  CHECK(b.state({}).empty());                // the news of the leave, late
  b.state(lounge);
  CHECK(only<join_do::open>(b.server("v1", "t9")));
}

TEST_CASE("join: what becomes of a lost session", "[voice]") {
  using enum voice_close;
  auto b = bench{};
  b.enter();
  CHECK(b.join.session_lost(b.at(), wait, "4014").empty());
  CHECK(only<join_do::open>(b.server("v2", "t2"))); // we were moved
  b.join.session_lost(b.at(), wait, "4014");
  CHECK(b.tick_after(4'999).empty());
  CHECK(has<join_do::left>(b.tick_after(1)));

  for (const auto what : {leave, fatal}) {
    auto other = bench{};
    other.enter();
    const auto actions = other.join.session_lost(other.at(), what, "4022");
    CHECK(has<join_do::left>(actions));
    CHECK(has<join_do::ask>(actions)); // out of the channel as well
    CHECK(other.join.session_lost(other.at(), what, "again").empty());
  }
}

TEST_CASE("join: sessions that die young are not asked for without end", "[voice]") {
  auto b = bench{};
  b.want(lounge);
  auto asked = 1;
  for (;;) {
    b.state(lounge);
    REQUIRE(only<join_do::open>(b.server("v1", "t")));
    b.now_ms += 29'999;
    const auto actions = b.join.session_lost(b.at(), voice_close::join_again, "4006");
    if (has<join_do::refused>(actions))
      break;
    REQUIRE(actions.empty());
    REQUIRE(only<join_do::ask>(b.tick_after(60'000)));
    ++asked;
  }
  CHECK(asked == 5);
  // One that lived long enough begins the count anew.
  auto other = bench{};
  other.enter();
  for (auto round = 0; round < 10; ++round) {
    other.now_ms += 30'000;
    REQUIRE(other.join.session_lost(other.at(), voice_close::join_again, "4006").empty());
    REQUIRE(only<join_do::ask>(other.tick_after(750)));
    other.state(lounge);
    other.server("v1", "t");
  }
}

TEST_CASE("join: where Discord has us already and names no server, out and in again", "[voice]") {
  auto b = bench{};
  b.enter();
  REQUIRE(b.join.session_lost(b.at(), voice_close::join_again, "4006").empty());
  REQUIRE(only<join_do::ask>(b.tick_after(1'000)));
  b.state(lounge); // all that changed is nothing
  CHECK(b.tick_after(11'999).empty());
  const auto out = b.tick_after(1);
  REQUIRE(only<join_do::ask>(out));
  CHECK_FALSE(std::get<join_do::ask>(out.front()).channel);
  CHECK(b.state({}).empty());
  const auto in = b.tick_after(2'000);
  REQUIRE(only<join_do::ask>(in));
  CHECK(std::get<join_do::ask>(in.front()).channel == lounge);
  b.state(lounge, "s2");
  CHECK(only<join_do::open>(b.server("v1", "t2")));
}

TEST_CASE("join: a renewed main session asks again, leaving asks once", "[voice]") {
  auto b = bench{};
  CHECK(b.join.main_session_renewed(b.at()).empty());
  b.enter();
  auto actions = b.join.main_session_renewed(b.at());
  CHECK(has<join_do::drop>(actions));
  CHECK(has<join_do::ask>(actions));
  b.server("v1", "t2");
  CHECK(only<join_do::open>(b.state(lounge, "s2")));
  actions = b.want({});
  CHECK(has<join_do::drop>(actions));
  REQUIRE(has<join_do::ask>(actions));
  CHECK(std::get<join_do::ask>(actions.back()).channel == channel_id{});
  CHECK(b.want({}).empty());
  CHECK(b.state({}).empty());
}
