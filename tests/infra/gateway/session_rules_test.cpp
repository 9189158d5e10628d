// The session: scripts of inputs against the actions they must cause, then a long random run that
// checks what must never happen. Actions are compared as text; log lines are left out.
#include "infra/gateway/close_rules.hpp"
#include "infra/gateway/session_rules.hpp"
#include "tests/support/catch.hpp"
#include <random>

using namespace hearth;

namespace {

std::string text_of(const session_action& action) {
  struct visitor {
    std::string operator()(const session_do::fetch_info&) { return "info"; }
    std::string operator()(const session_do::connect& x) { return "connect " + x.url; }
    std::string operator()(const session_do::heartbeat& x) {
      return "beat " + std::to_string(x.seq);
    }
    std::string operator()(const session_do::identify&) { return "identify"; }
    std::string operator()(const session_do::resume&) { return "resume"; }
    std::string operator()(const session_do::close& x) { return "close " + std::to_string(x.code); }
    std::string operator()(const session_do::give_up&) { return "give_up"; }
    std::string operator()(const session_do::stopped&) { return "stopped"; }
    std::string operator()(const session_do::log&) { return ""; }
  };
  return std::visit(visitor{}, action);
}

std::string text_of(const session_actions& actions) {
  auto text = std::string{};
  for (const auto& action : actions) {
    const auto one = text_of(action);
    if (!one.empty())
      text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

template <class T> std::string find_text(const session_actions& actions) {
  for (const auto& action : actions)
    if (const auto* found = std::get_if<T>(&action))
      return found->text;
  return {};
}

/// A session whose clock and chance the test sets.
struct bench {
  gateway_session session{session_timing{}, "\"Message Content Intent\""};
  int64_t now_ms = 1'000'000;
  double random = 0.5;

  moment at() const { return {now_ms, random}; }
  /// Lets time pass up to the next wake-up and ticks.
  std::string wake() {
    const auto when = session.next_wake();
    REQUIRE(when);
    now_ms = std::max(now_ms, *when);
    return text_of(session.tick(at()));
  }
  void identify() {
    session.start(at(), {}, {});
    session.info(at(), {"wss://base"});
    session.connected(at());
    session.hello(at(), 40'000);
  }
  void be_ready(int64_t seq = 7) {
    identify();
    session.dispatch(now_ms, 1);
    session.ready(at(), "session", "wss://resume");
    session.dispatch(now_ms, seq);
  }
  /// From backoff to a connection that has sent RESUME.
  void resume() {
    CHECK(wake() == "connect wss://resume");
    session.connected(at());
    CHECK(text_of(session.hello(at(), 40'000)) == "resume");
  }
};

} // namespace

TEST_CASE("session: a first start identifies", "[gateway]") {
  auto b = bench{};
  CHECK(text_of(b.session.start(b.at(), {}, {})) == "info");
  CHECK(text_of(b.session.info(b.at(), {"wss://base"})) == "connect wss://base");
  CHECK(text_of(b.session.connected(b.at())).empty());
  CHECK(text_of(b.session.hello(b.at(), 41'250)) == "identify");
  CHECK(b.session.dispatch(b.now_ms, 1));
  CHECK(b.session.ready(b.at(), "s", "wss://resume").empty());
  CHECK(b.session.phase() == session_phase::ready);
  CHECK(b.session.point().seq == 1);
}

// Discord reads an IDENTIFY a while after it left, and the next one perhaps at once.
TEST_CASE("session: the wait between IDENTIFYs counts from the answer, or the end", "[gateway]") {
  auto b = bench{};
  b.identify();
  b.now_ms += 2'000; // a slow network, a busy machine
  SECTION("READY") {
    b.session.ready(b.at(), "s", "wss://resume");
    b.now_ms += 100;
    b.session.disconnected(b.at(), 4009);
    b.now_ms -= 100;
  }
  SECTION("op 9") {
    b.session.invalid_session(b.at(), false);
    b.session.disconnected(b.at(), 4000);
  }
  SECTION("a cut") { b.session.disconnected(b.at(), 0); }
  SECTION("a connection that never ends") {
    b.session.reconnect_asked(b.at());
    CHECK(b.wake().empty()); // its grace is over
  }
  const auto answered_ms = b.now_ms;
  CHECK(b.wake() == "info");
  CHECK(text_of(b.session.info(b.at(), {"wss://base"})).empty());
  CHECK(b.session.next_wake() == answered_ms + session_timing{}.identify_gap_ms);
  CHECK(b.wake() == "connect wss://base");
}

TEST_CASE("session: a saved point resumes without asking anything", "[gateway]") {
  auto b = bench{};
  CHECK(text_of(b.session.start(b.at(), {"s", "wss://resume", 42}, {})) == "connect wss://resume");
  b.session.connected(b.at());
  CHECK(text_of(b.session.hello(b.at(), 41'250)) == "resume");
  CHECK(b.session.point().seq == 42);
  CHECK(b.session.dispatch(b.now_ms, 43));
  b.session.resumed(b.at());
  CHECK(b.session.phase() == session_phase::ready);
  CHECK(b.session.resumes() == 1);
  CHECK(b.session.identifies() == 0);
}

TEST_CASE("session: an incomplete saved point is not used", "[gateway]") {
  const auto saved =
      GENERATE(values<resume_point>({{"", "wss://r", 1}, {"s", "", 1}, {"s", "r", -1}}));
  auto b = bench{};
  CHECK(text_of(b.session.start(b.at(), saved, {})) == "info");
}

TEST_CASE("session: the first beat is spread over the interval", "[gateway]") {
  const auto random = GENERATE(0.0, 0.25, 0.999);
  auto b = bench{};
  b.random = random;
  b.identify();
  REQUIRE(b.session.next_wake());
  CHECK(*b.session.next_wake() == b.now_ms + static_cast<int64_t>(random * 40'000));
}

TEST_CASE("session: beats carry the last seq, and every interval there is one", "[gateway]") {
  auto b = bench{};
  b.identify();
  CHECK(b.wake() == "beat -1");
  b.session.heartbeat_ack(b.at());
  b.session.dispatch(b.now_ms, 1);
  b.session.ready(b.at(), "s", "wss://resume");
  b.session.dispatch(b.now_ms, 9);
  b.session.dispatch(b.now_ms, -1); // null never counts
  b.session.dispatch(b.now_ms, 8);  // late: never lowers what is known
  const auto before = b.now_ms;
  CHECK(b.wake() == "beat 9");
  CHECK(b.now_ms == before + 40'000);
  b.now_ms += 30;
  b.session.heartbeat_ack(b.at());
  CHECK(b.session.latency_ms() == 30);
}

TEST_CASE("session: a beat that the server asks for leaves at once", "[gateway]") {
  auto b = bench{};
  b.be_ready(5);
  const auto due = b.session.next_wake();
  CHECK(text_of(b.session.heartbeat_asked(b.at())) == "beat 5");
  CHECK(b.session.next_wake() == due);
}

TEST_CASE("session: a zombie is closed with 4000 and resumed", "[gateway]") {
  auto b = bench{};
  b.be_ready(5);
  CHECK(b.wake() == "beat 5");
  CHECK(b.wake() == "close 4000"); // no ACK in between
  CHECK(b.session.phase() == session_phase::closing);
  CHECK_FALSE(b.session.dispatch(b.now_ms, 6)); // what a dying socket still says does not count
  CHECK(text_of(b.session.disconnected(b.at(), 0)).empty());
  b.random = 0.1; // the next beat comes before RESUMED is overdue
  b.resume();
  CHECK(b.session.point().seq == 5);
  CHECK(b.wake() == "beat 5"); // the stale "not acknowledged" is forgotten
  b.session.heartbeat_ack(b.at());
  b.session.resumed(b.at());
  CHECK(b.session.phase() == session_phase::ready);
}

TEST_CASE("session: waking from suspension reconnects at once", "[gateway]") {
  auto b = bench{};
  b.be_ready();
  b.now_ms = *b.session.next_wake() + 40'001;
  CHECK(text_of(b.session.tick(b.at())) == "close 4000");
}

TEST_CASE("session: a silent server is given up after each deadline", "[gateway]") {
  auto b = bench{};
  SECTION("no Hello") {
    b.session.start(b.at(), {}, {});
    b.session.info(b.at(), {"wss://base"});
    b.session.connected(b.at());
    const auto before = b.now_ms;
    CHECK(b.wake() == "close 4000");
    CHECK(b.now_ms - before == 60'000);
  }
  SECTION("no READY: beats go on meanwhile") {
    b.identify();
    const auto before = b.now_ms;
    CHECK(b.wake() == "beat -1");
    b.session.heartbeat_ack(b.at());
    auto last = b.wake();
    if (last == "beat -1") {
      b.session.heartbeat_ack(b.at());
      last = b.wake();
    }
    CHECK(last == "close 4000");
    CHECK(b.now_ms - before == 60'000);
    b.session.disconnected(b.at(), 0);
    CHECK(b.wake() == "info");
  }
  SECTION("no RESUMED: each replayed event gives more time") {
    b.session.start(b.at(), {"s", "wss://resume", 42}, {});
    b.session.connected(b.at());
    b.random = 0.9;
    b.session.hello(b.at(), 400'000);
    b.now_ms += 19'999;
    b.session.dispatch(b.now_ms, 43);
    CHECK(*b.session.next_wake() == b.now_ms + 20'000);
    CHECK(b.wake() == "close 4000");
  }
  SECTION("the socket never says that it is gone") {
    b.be_ready();
    b.session.reconnect_asked(b.at());
    CHECK(b.wake().empty());
    CHECK(b.session.phase() == session_phase::backoff);
  }
}

TEST_CASE("session: op 7 resumes, also before Hello", "[gateway]") {
  auto b = bench{};
  SECTION("when ready") {
    b.be_ready();
    CHECK(text_of(b.session.reconnect_asked(b.at())) == "close 4000");
    b.session.disconnected(b.at(), 4000);
    const auto before = b.now_ms;
    CHECK(b.wake() == "connect wss://resume");
    CHECK(b.now_ms - before <= 250);
  }
  SECTION("instead of Hello") {
    b.session.start(b.at(), {"s", "wss://resume", 42}, {});
    b.session.connected(b.at());
    CHECK(text_of(b.session.reconnect_asked(b.at())) == "close 4000");
    b.session.disconnected(b.at(), 0);
    CHECK(b.wake() == "connect wss://resume");
  }
}

TEST_CASE("session: every close code leads where the table says", "[gateway]") {
  struct row {
    uint16_t code;
    const char* next;
  };
  const auto row = GENERATE(values<struct row>({
      {0, "connect wss://resume"},
      {1000, "connect wss://resume"},
      {1001, "connect wss://resume"},
      {1006, "connect wss://resume"},
      {4000, "connect wss://resume"},
      {4001, "connect wss://resume"},
      {4002, "connect wss://resume"},
      {4003, "info"},
      {4004, "give_up"},
      {4005, "connect wss://resume"},
      {4006, "connect wss://resume"},
      {4007, "info"},
      {4008, "connect wss://resume"},
      {4009, "info"},
      {4010, "give_up"},
      {4011, "give_up"},
      {4012, "give_up"},
      {4013, "give_up"},
      {4014, "give_up"},
      {4999, "connect wss://resume"},
  }));
  auto b = bench{};
  b.be_ready();
  b.now_ms += 20'000;
  const auto out = b.session.disconnected(b.at(), row.code);
  if (std::string{row.next} == "give_up") {
    CHECK(text_of(out) == "give_up");
    CHECK(b.session.phase() == session_phase::failed);
    CHECK_FALSE(b.session.next_wake()); // latched: nothing ever happens again
    CHECK(b.session.disconnected(b.at(), 0).empty());
    CHECK(b.session.info(b.at(), {"wss://base"}).empty());
    CHECK(text_of(b.session.stop(b.at(), true)) == "stopped");
  } else {
    CHECK(text_of(out).empty());
    const auto before = b.now_ms;
    CHECK(b.wake() == row.next);
    const auto own_fault = row.code == 4001 || row.code == 4002 || row.code == 4008 ||
                           row.code == 4006 || row.code == 4999;
    CHECK(b.now_ms - before == (own_fault ? 2'000 : 125)); // half of 4 s, half of 250 ms
    CHECK(b.session.point().usable() == (std::string{row.next} != "info"));
  }
}

TEST_CASE("session: fatal codes tell the operator what to do", "[gateway]") {
  auto b = bench{};
  b.identify();
  const auto code = GENERATE(4004, 4010, 4011, 4012, 4013, 4014);
  const auto text =
      find_text<session_do::give_up>(b.session.disconnected(b.at(), static_cast<uint16_t>(code)));
  CHECK(text.find(std::to_string(code)) != std::string::npos);
  if (code == 4014)
    CHECK(text.find("Switch on \"Message Content Intent\"") != std::string::npos);
  if (code == 4004)
    CHECK(text.find("HEARTH_DISCORD_TOKEN") != std::string::npos);
}

TEST_CASE("session: op 9 false forgets everything and identifies after 1 to 5 s", "[gateway]") {
  const auto random = GENERATE(0.0, 0.999);
  auto b = bench{};
  b.be_ready();
  b.random = random;
  CHECK(text_of(b.session.invalid_session(b.at(), false)) == "close 4000");
  CHECK_FALSE(b.session.point().usable());
  b.session.disconnected(b.at(), 0);
  const auto before = b.now_ms;
  CHECK(b.wake() == "info");
  CHECK(b.now_ms - before >= 1'000);
  CHECK(b.now_ms - before <= 5'000);
  auto next = text_of(b.session.info(b.at(), {"wss://base"}));
  if (next.empty()) // the last IDENTIFY is too recent
    next = b.wake();
  CHECK(next == "connect wss://base");
  CHECK(b.now_ms - before >= 5'000);
  b.session.connected(b.at());
  CHECK(text_of(b.session.hello(b.at(), 40'000)) == "identify");
  b.session.dispatch(b.now_ms, 1);
  b.session.ready(b.at(), "new", "wss://new");
  CHECK(b.session.point().seq == 1); // not the old session's 7
}

TEST_CASE("session: op 9 true keeps the session", "[gateway]") {
  auto b = bench{};
  b.be_ready();
  CHECK(text_of(b.session.invalid_session(b.at(), true)) == "close 4000");
  b.session.disconnected(b.at(), 0);
  b.resume();
}

TEST_CASE("session: three failed resumes are enough", "[gateway]") {
  auto b = bench{};
  b.be_ready();
  b.session.disconnected(b.at(), 1006);
  for (auto i = 0; i < 3; ++i) {
    CHECK(b.session.point().usable());
    b.resume();
    b.session.disconnected(b.at(), 1006);
  }
  CHECK_FALSE(b.session.point().usable());
  CHECK(b.wake() == "info");
}

TEST_CASE("session: an unreachable resume URL leads to the base URL", "[gateway]") {
  auto b = bench{};
  b.be_ready();
  b.session.disconnected(b.at(), 1006);
  CHECK(b.wake() == "connect wss://resume");
  b.session.disconnected(b.at(), 0);
  CHECK(b.wake() == "connect wss://resume");
  b.session.disconnected(b.at(), 0);
  CHECK(b.wake() == "info");
  SECTION("the network is down: the session is kept until it is back") {
    for (auto i = 0; i < 20; ++i) {
      CHECK(b.session.info_failed(b.at(), false).empty());
      CHECK(b.wake() == "info");
    }
    CHECK(text_of(b.session.info(b.at(), {"wss://base"})) == "connect wss://resume");
    b.session.connected(b.at());
    CHECK(text_of(b.session.hello(b.at(), 40'000)) == "resume");
  }
  SECTION("only the resume URL is dead: one more try, then a new session") {
    CHECK(text_of(b.session.info(b.at(), {"wss://base"})) == "connect wss://resume");
    b.session.disconnected(b.at(), 0);
    CHECK(b.wake() == "info");
    auto next = text_of(b.session.info(b.at(), {"wss://base"}));
    if (next.empty())
      next = b.wake();
    CHECK(next == "connect wss://base");
    CHECK_FALSE(b.session.point().usable());
  }
}

TEST_CASE("session: no IDENTIFY is spent from the reserve", "[gateway]") {
  struct row {
    int32_t total, left;
    bool waits;
  };
  const auto row = GENERATE(values<struct row>({{1000, 0, true},
                                                {1000, 20, true},
                                                {1000, 21, false},
                                                {10, 0, true},
                                                {10, 1, false},
                                                {100'000, 20, true},
                                                {100'000, 21, false}}));
  auto b = bench{};
  b.session.start(b.at(), {}, {});
  const auto out = b.session.info(b.at(), {"wss://base", 1, row.total, row.left, 7'200'000, 1});
  if (row.waits) {
    CHECK(text_of(out).empty());
    CHECK(find_text<session_do::log>(out).find("session starts left") != std::string::npos);
    const auto before = b.now_ms;
    CHECK(b.wake() == "info"); // the numbers are read anew, not trusted
    CHECK(b.now_ms - before == 7'200'000);
  } else {
    CHECK(text_of(out) == "connect wss://base");
  }
}

TEST_CASE("session: IDENTIFYs before a restart count", "[gateway]") {
  auto b = bench{};
  SECTION("the last one is less than five seconds old") {
    b.session.start(b.at(), {}, {3'000, 90'000});
    CHECK(text_of(b.session.info(b.at(), {"wss://base"})).empty());
    const auto before = b.now_ms;
    CHECK(b.wake() == "connect wss://base");
    CHECK(b.now_ms - before == 2'250);
  }
  SECTION("too many in a day") {
    auto ages = std::vector<int64_t>{};
    for (auto i = 0; i < 980; ++i)
      ages.push_back(3'600'000 + i * 6'000);
    b.session.start(b.at(), {}, ages);
    const auto out = b.session.info(b.at(), {"wss://base"});
    CHECK(text_of(out).empty());
    CHECK(find_text<session_do::log>(out).find("in the last 24 h") != std::string::npos);
    const auto before = b.now_ms;
    CHECK(b.wake() == "info");
    CHECK(b.now_ms - before == 24 * 3'600'000 - (3'600'000 + 979 * 6'000));
    CHECK(text_of(b.session.info(b.at(), {"wss://base"})) == "connect wss://base");
  }
  SECTION("yesterday's do not, nor times from the future") {
    b.session.start(b.at(), {}, {24 * 3'600'000, -5});
    CHECK(text_of(b.session.info(b.at(), {"wss://base"})) == "connect wss://base");
  }
}

TEST_CASE("session: a refused token is fatal before any socket", "[gateway]") {
  auto b = bench{};
  b.session.start(b.at(), {}, {});
  CHECK(text_of(b.session.info_failed(b.at(), true)) == "give_up");
}

TEST_CASE("session: waits double with full jitter up to a minute", "[gateway]") {
  auto b = bench{};
  b.random = 0.999'999;
  b.session.start(b.at(), {}, {});
  for (const auto bound : {250, 1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000}) {
    b.session.info_failed(b.at(), false);
    const auto before = b.now_ms;
    CHECK(b.wake() == "info");
    CHECK(b.now_ms - before == bound - 1);
  }
  b.random = 0;
  b.session.info_failed(b.at(), false);
  CHECK(b.session.next_wake() == b.now_ms);
}

TEST_CASE("session: stopping", "[gateway]") {
  auto b = bench{};
  SECTION("resumable: closes with 4000 and keeps the point") {
    b.be_ready(12);
    CHECK(text_of(b.session.stop(b.at(), true)) == "close 4000");
    CHECK_FALSE(b.session.dispatch(b.now_ms, 13));
    CHECK(text_of(b.session.disconnected(b.at(), 4000)) == "stopped");
    CHECK(b.session.point().usable());
    CHECK(b.session.point().seq == 12);
  }
  SECTION("for good: closes with 1000 and forgets it") {
    b.be_ready();
    CHECK(text_of(b.session.stop(b.at(), false)) == "close 1000");
    CHECK(text_of(b.session.disconnected(b.at(), 1000)) == "stopped");
    CHECK_FALSE(b.session.point().usable());
  }
  SECTION("while waiting: at once") {
    b.be_ready();
    b.session.disconnected(b.at(), 0);
    CHECK(text_of(b.session.stop(b.at(), true)) == "stopped");
    CHECK(b.session.point().usable());
    CHECK(b.session.stop(b.at(), true).empty());
  }
  SECTION("while connecting: the attempt is ended first") {
    b.session.start(b.at(), {}, {});
    b.session.info(b.at(), {"wss://base"});
    CHECK(text_of(b.session.stop(b.at(), true)) == "close 4000");
    CHECK(text_of(b.session.disconnected(b.at(), 0)) == "stopped");
  }
  SECTION("while resolving: a late answer starts nothing") {
    b.session.start(b.at(), {}, {});
    CHECK(text_of(b.session.stop(b.at(), true)) == "stopped");
    CHECK(b.session.info(b.at(), {"wss://base"}).empty());
  }
  SECTION("while closing for a reconnect") {
    b.be_ready();
    b.session.reconnect_asked(b.at());
    CHECK(b.session.stop(b.at(), true).empty());
    CHECK(text_of(b.session.disconnected(b.at(), 0)) == "stopped");
  }
}

TEST_CASE("session: garbage in the stream resumes", "[gateway]") {
  auto b = bench{};
  b.be_ready();
  CHECK(text_of(b.session.garbage(b.at())) == "close 4000");
  b.session.disconnected(b.at(), 0);
  b.resume();
}

TEST_CASE("session: hostile heartbeat intervals are bounded", "[gateway]") {
  const auto interval = GENERATE(int64_t{-1}, int64_t{0}, int64_t{1}, INT64_MAX, INT64_MIN);
  auto b = bench{};
  b.random = 0.999;
  b.session.start(b.at(), {}, {});
  b.session.info(b.at(), {"wss://base"});
  b.session.connected(b.at());
  b.session.hello(b.at(), interval);
  b.wake();
  b.session.heartbeat_ack(b.at());
  REQUIRE(b.session.next_wake());
  CHECK(*b.session.next_wake() >= b.now_ms + 20);
  CHECK(*b.session.next_wake() <= b.now_ms + 600'000);
}

// Goal: whatever the server and the network do, there is at most one socket, IDENTIFYs are 5 s
// apart, nothing but beats leaves before Hello, and the session never stands still for ever.
// Method: a random peer over a million inputs from fixed seeds.
TEST_CASE("session: a random world never breaks the rules", "[gateway]") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U);
  auto random = std::mt19937{seed};
  const auto chance = [&] { return std::uniform_real_distribution<double>{0, 1}(random); };
  const auto below = [&](uint32_t n) { return random() % n; };
  auto session = gateway_session{session_timing{}, ""};
  auto now_ms = int64_t{0};
  auto at = [&] { return moment{now_ms, chance()}; };
  auto socket = 0; // 0 none, 1 connecting, 2 open, 3 open and Hello was said
  auto closing = false;
  auto fetching = false;
  auto last_identify_ms = int64_t{-1'000'000}; // when the peer read it, at the latest
  auto unread = false;
  auto identifies = 0;
  auto resumes = 0;

  const auto obey = [&](const session_actions& actions) {
    for (const auto& action : actions) {
      if (std::holds_alternative<session_do::connect>(action)) {
        REQUIRE((socket == 0 || closing)); // closing: its grace is over
        socket = 1;
        closing = false;
      } else if (std::holds_alternative<session_do::fetch_info>(action)) {
        REQUIRE_FALSE(fetching);
        fetching = true;
      } else if (std::holds_alternative<session_do::close>(action)) {
        REQUIRE(socket != 0);
        REQUIRE_FALSE(closing);
        REQUIRE(std::get<session_do::close>(action).code == 4000);
        closing = true;
      } else if (std::holds_alternative<session_do::heartbeat>(action)) {
        REQUIRE(socket == 3);
        REQUIRE_FALSE(closing);
      } else if (std::holds_alternative<session_do::identify>(action)) {
        REQUIRE(socket == 3);
        REQUIRE(now_ms - last_identify_ms >= 5'000);
        last_identify_ms = now_ms;
        unread = true;
        ++identifies;
      } else if (std::holds_alternative<session_do::resume>(action)) {
        REQUIRE(socket == 3);
        REQUIRE(session.point().usable());
        ++resumes;
      } else {
        REQUIRE(std::holds_alternative<session_do::log>(action));
      }
    }
  };
  constexpr uint16_t codes[] = {0, 1000, 1001, 4000, 4001, 4003, 4005, 4007, 4008, 4009, 4321};
  obey(session.start(at(), {}, {}));
  for (auto step = 0; step < 250'000; ++step) {
    const auto what = below(100);
    if (fetching && what < 50) {
      fetching = false;
      obey(what < 10 ? session.info_failed(at(), false)
                     : session.info(at(), {"wss://base", 1, 1'000'000, 999'000, 0, 1}));
    } else if (socket != 0 && (closing ? what < 50 : what < 4)) {
      socket = 0;
      obey(session.disconnected(at(), codes[below(std::size(codes))]));
    } else if (socket == 1 && what < 40) {
      socket = 2;
      obey(session.connected(at()));
    } else if (socket == 2 && what < 40) {
      socket = 3;
      obey(session.hello(at(), 41'250));
    } else if (socket == 3 && what < 40) {
      const auto seq = session.point().seq + 1;
      switch (below(9)) {
      case 0:
        obey(session.ready(at(), "s", "wss://resume"));
        break;
      case 1:
        obey(session.resumed(at()));
        break;
      case 2:
        obey(below(20) == 0 ? session.invalid_session(at(), below(2) == 0) : session_actions{});
        break;
      case 3:
        obey(below(20) == 0 ? session.reconnect_asked(at()) : session_actions{});
        break;
      case 4:
        obey(session.heartbeat_asked(at()));
        break;
      case 5:
        obey(below(40) == 0 ? session.garbage(at()) : session_actions{});
        break;
      default:
        session.dispatch(now_ms, seq);
        obey(session.heartbeat_ack(at()));
      }
    } else if (const auto wake = session.next_wake()) {
      now_ms = std::max(now_ms, *wake);
      obey(session.tick(at()));
    } else {
      REQUIRE((fetching || socket != 0)); // somebody owes an answer
    }
    const auto phase = session.phase();
    if (phase != session_phase::identifying && phase != session_phase::closing &&
        std::exchange(unread, false))
      last_identify_ms = now_ms;
    now_ms += below(50);
  }
  CHECK(identifies > 100);
  CHECK(resumes > 200);
}
