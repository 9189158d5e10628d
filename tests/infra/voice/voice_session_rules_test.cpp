// The life of a voice session, input by input, on a clock of numbers.
#include "infra/voice/voice_session_rules.hpp"
#include "tests/support/catch.hpp"

using namespace hearth::voice;

namespace {

/// A session with its clock; chance is always one half.
struct bench {
  voice_session session{voice_timing{}};
  int64_t now_ms = 1'000'000;
  voice_moment at() const { return {now_ms, 0.5}; }

  voice_actions hear(voice_message message, std::optional<uint16_t> seq = std::nullopt) {
    return session.received(at(), {seq, std::move(message)});
  }
  voice_actions tick_after(int64_t ms) {
    now_ms += ms;
    return session.tick(at());
  }
  /// Through the whole handshake.
  void live() {
    session.start(at());
    shake();
    REQUIRE(session.phase() == voice_phase::live);
    now_ms += 10'000; // long enough to count
  }
  void shake() {
    session.connected(at());
    hear(heard::hello{1000});
    hear(heard::ready{77, "203.0.113.1", 50000, {"aead_aes256_gcm_rtpsize"}});
    session.discovered(at());
    hear(heard::session_description{"aead_aes256_gcm_rtpsize", hearth::dave::bytes(32), 1});
  }
};

template <class T> const T* only(const voice_actions& actions) {
  return actions.size() == 1 ? std::get_if<T>(&actions.front()) : nullptr;
}
template <class T> const T* last(const voice_actions& actions) {
  return actions.empty() ? nullptr : std::get_if<T>(&actions.back());
}

} // namespace

TEST_CASE("voice session: the handshake, Hello before or after Ready", "[voice]") {
  const auto hello_first = GENERATE(true, false);
  auto b = bench{};
  CHECK(only<voice_do::connect>(b.session.start(b.at())));
  CHECK(b.session.start(b.at()).empty());
  CHECK(only<voice_do::identify>(b.session.connected(b.at())));
  if (hello_first)
    CHECK(b.hear(heard::hello{1000}).empty());
  const auto found = b.hear(heard::ready{77, "203.0.113.1", 50000, {"x"}});
  const auto* discover = only<voice_do::discover>(found);
  REQUIRE(discover);
  CHECK(discover->ready.port == 50000);
  if (!hello_first)
    CHECK(b.hear(heard::hello{1000}).empty());
  CHECK(b.hear(heard::session_description{}).empty()); // not asked for yet
  CHECK(b.session.discovered(b.at()).empty());
  const auto done = b.hear(heard::session_description{"x", hearth::dave::bytes(32), 1});
  const auto* established = only<voice_do::established>(done);
  REQUIRE(established);
  CHECK(established->ssrc == 77);
  CHECK(established->session.dave_version == 1);
  CHECK(b.session.phase() == voice_phase::live);
}

TEST_CASE("voice session: heartbeats carry time and number, three unanswered end the socket",
          "[voice]") {
  auto b = bench{};
  b.live();
  b.hear(heard::hello{1000});
  CHECK(b.session.next_wake() == b.now_ms + 500); // half of the interval, by chance
  b.hear(heard::other{18}, 65535);
  CHECK(b.tick_after(499).empty());
  auto actions = b.tick_after(1);
  const auto* beat = only<voice_do::heartbeat>(actions);
  REQUIRE(beat);
  CHECK(beat->nonce == b.now_ms);
  CHECK(beat->seq_ack == 65535);
  const auto sent_ms = b.now_ms;
  b.now_ms += 40;
  b.hear(heard::heartbeat_ack{sent_ms - 1}); // of another one
  CHECK(b.session.latency_ms() == -1);
  b.hear(heard::heartbeat_ack{sent_ms});
  CHECK(b.session.latency_ms() == 40);
  b.hear(heard::other{18}, 0); // the counter wrapped
  CHECK(b.session.seq_ack() == 0);
  for (auto count = 0; count < 3; ++count)
    CHECK(only<voice_do::heartbeat>(b.tick_after(1000)));
  actions = b.tick_after(1000);
  const auto* close = only<voice_do::close>(actions);
  REQUIRE(close);
  CHECK(close->code == 4000);
  CHECK(last<voice_do::connect>(b.session.disconnected(b.at(), 1006)));
  actions = b.session.connected(b.at());
  const auto* resume = only<voice_do::resume>(actions);
  REQUIRE(resume);
  CHECK(resume->seq_ack == 0);
  CHECK(only<voice_do::resumed>(b.hear(heard::resumed{})));
  CHECK(b.session.phase() == voice_phase::live);
  CHECK(b.session.resumes() == 1);
}

TEST_CASE("voice session: close codes resume, begin anew or end it", "[voice]") {
  const auto after = [](uint16_t code) {
    auto b = bench{};
    b.live();
    b.hear(heard::other{}, 9);
    auto actions = b.session.disconnected(b.at(), code);
    if (const auto* lost = only<voice_do::lost>(actions)) {
      CHECK(b.session.phase() == voice_phase::over);
      CHECK(b.session.connected(b.at()).empty());
      return lost->what;
    }
    if (!last<voice_do::connect>(actions)) // at once only to resume
      actions = b.tick_after(500);
    REQUIRE(last<voice_do::connect>(actions));
    actions = b.session.connected(b.at());
    CHECK(b.session.seq_ack() == (only<voice_do::resume>(actions) ? 9 : -1));
    return only<voice_do::resume>(actions) ? voice_close::resume : voice_close::reconnect;
  };
  for (const auto code : {0, 1001, 1006, 4015})
    CHECK(after(static_cast<uint16_t>(code)) == voice_close::resume);
  for (const auto code : {4001, 4016, 4020})
    CHECK(after(static_cast<uint16_t>(code)) == voice_close::reconnect);
  CHECK(after(4006) == voice_close::join_again);
  CHECK(after(4014) == voice_close::wait);
  CHECK(after(4022) == voice_close::leave);
  CHECK(after(4017) == voice_close::fatal);
}

TEST_CASE("voice session: sockets that lead to nothing wait longer and longer, five times",
          "[voice]") {
  auto b = bench{};
  b.live();
  CHECK(last<voice_do::connect>(b.session.disconnected(b.at(), 0))); // the first at once
  for (const auto most : {500, 1000, 2000, 4000}) {
    CHECK_FALSE(last<voice_do::connect>(b.session.disconnected(b.at(), 0)));
    CHECK(b.session.phase() == voice_phase::backoff);
    const auto wait = most / 2 + most / 4;
    CHECK(b.tick_after(wait - 1).empty());
    CHECK(only<voice_do::connect>(b.tick_after(1)));
  }
  const auto actions = b.session.disconnected(b.at(), 0);
  const auto* lost = only<voice_do::lost>(actions);
  REQUIRE(lost);
  CHECK(lost->what == voice_close::join_again);
}

TEST_CASE("voice session: one that never lasts is given up, whatever it reached", "[voice]") {
  auto b = bench{};
  b.session.start(b.at());
  auto sockets = 1;
  for (;; ++sockets) {
    b.shake();
    REQUIRE(b.session.phase() == voice_phase::live);
    b.now_ms += 9'999;
    if (only<voice_do::lost>(b.session.disconnected(b.at(), 4001)))
      break;
    REQUIRE(only<voice_do::connect>(b.tick_after(30'000)));
  }
  CHECK(sockets == 5);
}

TEST_CASE("voice session: before it is established there is nothing to resume", "[voice]") {
  auto b = bench{};
  b.session.start(b.at());
  b.session.connected(b.at());
  b.session.disconnected(b.at(), 1006);
  CHECK(b.session.phase() == voice_phase::backoff);
  CHECK(only<voice_do::connect>(b.tick_after(30'000)));
  CHECK(only<voice_do::identify>(b.session.connected(b.at())));
}

TEST_CASE("voice session: each step of the handshake has its time", "[voice]") {
  auto b = bench{};
  b.session.start(b.at());
  CHECK_FALSE(b.session.next_wake());
  b.session.connected(b.at());
  CHECK(b.tick_after(14'999).empty());
  CHECK(only<voice_do::close>(b.tick_after(1)));
  CHECK(b.tick_after(2'999).empty());
  b.tick_after(1); // the socket does not end by itself
  CHECK(b.session.phase() == voice_phase::backoff);
  b.tick_after(30'000);
  b.session.connected(b.at());
  b.hear(heard::ready{1, "a", 1, {}});
  CHECK(only<voice_do::close>(b.tick_after(10'000)));
  b.session.disconnected(b.at(), 1000);
  b.tick_after(30'000);
  b.session.connected(b.at());
  b.hear(heard::ready{1, "a", 1, {}});
  CHECK(only<voice_do::close>(b.session.discovery_failed(b.at(), "no mode")));
  b.session.disconnected(b.at(), 1000);
  b.tick_after(30'000);
  b.session.connected(b.at());
  b.hear(heard::ready{1, "a", 1, {}});
  b.session.discovered(b.at());
  CHECK(only<voice_do::close>(b.tick_after(10'000)));
}

TEST_CASE("voice session: an unanswered resume is tried again, then given up", "[voice]") {
  auto b = bench{};
  b.live();
  b.session.disconnected(b.at(), 0);
  for (auto count = 0; count < 4; ++count) {
    CHECK(only<voice_do::resume>(b.session.connected(b.at())));
    CHECK(only<voice_do::close>(b.tick_after(10'000)));
    b.session.disconnected(b.at(), 1006);
    CHECK(only<voice_do::connect>(b.tick_after(30'000)));
  }
  b.session.connected(b.at());
  b.tick_after(10'000);
  CHECK(only<voice_do::lost>(b.session.disconnected(b.at(), 1006)));
}

TEST_CASE("voice session: garbage resumes, stop ends it in every phase", "[voice]") {
  auto b = bench{};
  b.live();
  CHECK(only<voice_do::close>(b.session.garbage(b.at())));
  CHECK(b.session.garbage(b.at()).empty());
  CHECK(
      last<voice_do::connect>(b.session.disconnected(b.at(), 4002))); // our own close says nothing
  CHECK(only<voice_do::resume>(b.session.connected(b.at())));

  const auto stops = [](auto&& prepare) {
    auto at = bench{};
    prepare(at);
    auto actions = at.session.stop(at.at());
    if (only<voice_do::close>(actions))
      actions = at.session.disconnected(at.at(), 1000);
    CHECK(only<voice_do::stopped>(actions));
    CHECK(at.session.phase() == voice_phase::over);
    CHECK(at.session.stop(at.at()).empty());
  };
  stops([](bench&) {});
  stops([](bench& at) { at.session.start(at.at()); });
  stops([](bench& at) { at.live(); });
  stops([](bench& at) {
    at.live();
    at.session.garbage(at.at());
  });
  stops([](bench& at) {
    at.session.start(at.at());
    at.session.disconnected(at.at(), 0);
  });
}

TEST_CASE("voice session: a hostile Hello makes nobody busy", "[voice]") {
  auto b = bench{};
  b.live();
  b.hear(heard::hello{1});
  CHECK(only<voice_do::heartbeat>(b.tick_after(20)));
  CHECK(b.session.next_wake() == b.now_ms + 20);
}
