// Goal: every frame leaves at its time, once, encrypted as it must be, with the right RTP numbers.
// Method: the pacer on a clock of numbers and sockets that keep what they are given, which is
// opened with the same keys.
#include "infra/dave/frame_opener.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/voice/pacer_thread.hpp"
#include "infra/voice/transport_key_context.hpp"
#include "tests/support/catch.hpp"
#include <map>

using namespace hearth;
using namespace hearth::voice;

namespace {

constexpr auto speaker = user_id{7};
constexpr int64_t start_ns = 1'000'000'000'000;

struct manual_clock final : pacing_clock {
  int64_t now = start_ns;
  int64_t late = 0; ///< Added to each sleep.
  int waits = 0;
  int wakes = 0;
  std::vector<int64_t> deadlines;
  int64_t now_ns() override { return now; }
  void sleep_until(int64_t deadline) override {
    deadlines.push_back(deadline);
    now = std::max(now, deadline) + std::exchange(late, 0);
  }
  void wait() override { ++waits; }
  void wake() override { ++wakes; }
};

struct kept_packet {
  std::vector<uint8_t> bytes;
  udp_address to;
};
struct kept_port final : packet_port {
  std::vector<kept_packet> packets;
  std::vector<size_t> batches;
  size_t room = SIZE_MAX;
  size_t send(std::span<const udp_packet> given) override {
    const auto count = std::min(given.size(), room);
    batches.push_back(given.size());
    for (const auto& one : given.first(count))
      packets.push_back({{one.bytes.begin(), one.bytes.end()}, *one.to});
    return count;
  }
};

udp_address address(uint8_t number) {
  auto out = udp_address{};
  out.raw[0] = number;
  out.size = 16;
  return out;
}

dave::bytes key_of(uint8_t number) { return dave::bytes(transport_key_size, number); }

struct bench {
  manual_clock clock;
  voice_counters counters;
  pacer subject{clock, counters};
  std::shared_ptr<kept_port> port = std::make_shared<kept_port>();
  int quiet = 0;

  line_ptr line(uint8_t number = 1, dave::sending how = dave::sending::plain) {
    auto made = std::make_shared<pacer_line>([this] { ++quiet; });
    connect(made, number);
    subject.order(made, pacer_do::speak{how, nullptr});
    return made;
  }
  void connect(const line_ptr& which, uint8_t number) {
    subject.order(
        which,
        pacer_do::connect{port, address(number),
                          std::make_unique<packet_sealer>(
                              make_transport_key(transport_mode::xchacha20, key_of(number)),
                              transport_mode::xchacha20, rtp_header{65'534, 0xffffff00, number})});
  }
  /// A ring with frames that begin with these bytes.
  ring_ptr play(const line_ptr& which, std::initializer_list<uint8_t> frames) {
    auto ring = std::make_shared<frame_ring>(32);
    for (const auto each : frames)
      ring->put(std::make_shared<const opus_frame>(opus_frame{each, 1, 2}));
    subject.order(which, pacer_do::play{ring});
    subject.order(which, pacer_do::talk{true, true});
    return ring;
  }
  /// What a listener makes of the packets so far.
  struct heard {
    rtp_header header;
    std::vector<uint8_t> payload;
    bool operator==(const std::vector<uint8_t>& other) const { return payload == other; }
  };
  std::vector<heard> listen() {
    auto out = std::vector<heard>{};
    auto openers = std::map<uint8_t, packet_opener>{};
    for (const auto& packet : port->packets) {
      const auto number = packet.to.raw[0];
      auto& opener =
          openers
              .try_emplace(number, make_transport_key(transport_mode::xchacha20, key_of(number)),
                           transport_mode::xchacha20)
              .first->second;
      const auto opened = opener.open(packet.bytes);
      REQUIRE(opened);
      out.push_back({opened->header, {opened->payload.begin(), opened->payload.end()}});
    }
    return out;
  }
};

const auto silence = std::vector<uint8_t>{0xf8, 0xff, 0xfe};

} // namespace

TEST_CASE("pacer: frames leave 20 ms apart on deadlines that do not drift", "[voice]") {
  auto b = bench{};
  const auto line = b.line();
  b.play(line, {10, 11, 12, 13});
  REQUIRE(b.subject.step()); // at once
  CHECK(b.port->packets.size() == 1);
  b.clock.late = 3'000'000;
  b.subject.step();
  b.clock.late = 7'000'000;
  b.subject.step();
  b.subject.step();
  CHECK(b.clock.deadlines ==
        std::vector{start_ns + frame_ns, start_ns + 2 * frame_ns, start_ns + 3 * frame_ns});
  const auto heard = b.listen();
  REQUIRE(heard.size() == 4);
  for (size_t at = 0; at < 4; ++at) {
    CHECK(heard[at].payload == std::vector<uint8_t>{static_cast<uint8_t>(10 + at), 1, 2});
    CHECK(heard[at].header.sequence == static_cast<uint16_t>(65'534 + at)); // it wraps
    CHECK(heard[at].header.timestamp == static_cast<uint32_t>(0xffffff00 + 960 * at));
  }
  CHECK(line->sent == 4);
  CHECK(line->underruns == 0);
  CHECK(b.counters.frames == 4);
  const auto late = b.counters.lateness.figures();
  CHECK(late.counts[0] == 2); // within 100 us
  CHECK(late.counts[5] == 1); // 3 ms
  CHECK(late.counts[6] == 1); // 7 ms
}

TEST_CASE("pacer: nobody plays, nothing wakes", "[voice]") {
  auto b = bench{};
  const auto line = b.line();
  b.subject.step();
  CHECK(b.clock.waits == 1);
  CHECK(b.clock.deadlines.empty());
  b.play(line, {1});
  CHECK(b.clock.wakes == 1); // only while it waited
  b.subject.step();
  b.subject.order(line, pacer_do::talk{false, true});
  CHECK(b.clock.wakes == 1);
  for (auto step = 0; step < 5; ++step)
    b.subject.step();
  CHECK(b.clock.waits == 1);
  CHECK(b.quiet == 1); // with the last of five frames of silence
  b.subject.step();
  CHECK(b.clock.waits == 2); // and it sleeps again
  const auto heard = b.listen();
  REQUIRE(heard.size() == 6);
  for (size_t at = 1; at < 6; ++at)
    CHECK(heard[at] == silence);
}

TEST_CASE("pacer: the end plays what is rendered, or does not", "[voice]") {
  const auto drain = GENERATE(true, false);
  auto b = bench{};
  const auto line = b.line();
  b.play(line, {1, 2, 3});
  b.subject.step();
  b.subject.order(line, pacer_do::talk{false, drain});
  while (b.clock.waits == 0)
    b.subject.step();
  CHECK(b.port->packets.size() == (drain ? 3 : 1) + 5);
  CHECK(b.quiet == 1);
}

TEST_CASE("pacer: what is not rendered in time is a gap that the timestamps show", "[voice]") {
  auto b = bench{};
  const auto line = b.line();
  const auto ring = b.play(line, {1});
  b.subject.step();
  b.subject.step();
  b.subject.step();
  CHECK(line->underruns == 2);
  ring->put(std::make_shared<const opus_frame>(opus_frame{2, 1, 2}));
  b.subject.step();
  const auto heard = b.listen();
  REQUIRE(heard.size() == 2);
  CHECK(static_cast<uint32_t>(heard[1].header.timestamp - heard[0].header.timestamp) == 3 * 960);
  CHECK(static_cast<uint16_t>(heard[1].header.sequence - heard[0].header.sequence) == 1);
  CHECK(b.counters.underruns == 2);
}

TEST_CASE("pacer: a stall of its own is caught up, a long sleep is skipped", "[voice]") {
  auto b = bench{};
  const auto line = b.line();
  b.play(line, {1, 2, 3, 4, 5, 6});
  b.subject.step();
  b.clock.late = 65'000'000;
  b.subject.step(); // due since: 20, 40, 60, 80 ms
  CHECK(b.port->packets.size() == 5);
  b.clock.late = 3'600'000'000'000; // the laptop was closed
  b.subject.step();
  CHECK(b.port->packets.size() == 6);
  const auto heard = b.listen();
  CHECK(static_cast<uint32_t>(heard[4].header.timestamp - heard[0].header.timestamp) == 4 * 960);
  CHECK(static_cast<uint32_t>(heard[5].header.timestamp - heard[4].header.timestamp) >=
        3'600U * 48'000U);
}

TEST_CASE("pacer: without a key nothing is sent and nothing is lost", "[voice]") {
  auto b = bench{};
  const auto line = b.line(1, dave::sending::nothing);
  const auto ring = b.play(line, {1, 2});
  b.subject.step();
  CHECK(b.clock.waits == 1); // held: that costs nothing
  CHECK(ring->size() == 2);

  const auto& crypto = dave::openssl_suite();
  const auto base = crypto.random(16);
  b.subject.order(line, pacer_do::speak{dave::sending::encrypted,
                                        std::make_unique<dave::frame_sealer>(crypto, base)});
  b.subject.step();
  b.subject.order(line, pacer_do::talk{false, true});
  for (auto step = 0; step < 7; ++step)
    b.subject.step();
  auto receivers = dave::receiver_set{};
  receivers.renew(crypto, {{speaker, base}}, 0);
  const auto heard = b.listen();
  REQUIRE(heard.size() == 7);
  const auto expected = std::vector<std::vector<uint8_t>>{{1, 1, 2}, {2, 1, 2}, silence, silence,
                                                          silence,   silence,   silence};
  for (size_t at = 0; at < 7; ++at) {
    auto out = std::vector<uint8_t>{};
    CHECK(receivers.open(100, speaker, heard[at].payload, out) ==
          dave::receiver_set::outcome::opened);
    CHECK(out == expected[at]); // silence too is never in clear
  }
}

TEST_CASE("pacer: talk that ends unheard leaves nothing behind", "[voice]") {
  auto b = bench{};
  const auto line = b.line(1, dave::sending::nothing);
  b.play(line, {1, 2});
  b.subject.step();
  b.subject.order(line, pacer_do::talk{false, true});
  b.subject.step();
  CHECK(b.quiet == 1);
  b.subject.order(line, pacer_do::speak{dave::sending::plain, nullptr});
  b.subject.step();
  CHECK(b.port->packets.empty());
}

TEST_CASE("pacer: lines of one socket go in one call, at most 64 at once", "[voice]") {
  auto b = bench{};
  auto lines = std::vector<line_ptr>{};
  for (auto number = 1; number <= 70; ++number) {
    lines.push_back(b.line(static_cast<uint8_t>(number)));
    b.play(lines.back(), {static_cast<uint8_t>(number)});
  }
  const auto first = b.port;
  b.port = std::make_shared<kept_port>(); // another socket
  const auto apart = b.line(100);
  b.play(apart, {100});
  b.subject.step();
  CHECK(first->batches == std::vector<size_t>{64, 6});
  CHECK(b.port->batches == std::vector<size_t>{1});
  CHECK(b.counters.playing == 71);
}

TEST_CASE("pacer: what the socket does not take is counted as dropped", "[voice]") {
  auto b = bench{};
  const auto first = b.line(1), second = b.line(2);
  b.play(first, {1});
  b.play(second, {2});
  b.port->room = 1;
  b.subject.step();
  CHECK(first->sent + second->sent == 1);
  CHECK(first->drops + second->drops == 1);
  CHECK(b.counters.drops == 1);
  CHECK(b.counters.frames == 1);
}

TEST_CASE("pacer: a removed line takes no order any more", "[voice]") {
  auto b = bench{};
  const auto line = b.line();
  b.play(line, {1, 2});
  b.subject.step();
  b.subject.order(line, pacer_do::remove{});
  b.subject.order(line, pacer_do::talk{true, true});
  b.connect(line, 1);
  b.subject.step();
  CHECK(b.port->packets.size() == 1);
  CHECK(b.clock.waits == 1);
  b.subject.stop();
  CHECK_FALSE(b.subject.step());
}

TEST_CASE("pacer: a new session on the same line begins its own numbers", "[voice]") {
  auto b = bench{};
  const auto line = b.line(1);
  const auto ring = b.play(line, {1, 2, 3});
  b.subject.step();
  b.subject.order(line, pacer_do::disconnect{});
  b.subject.step();
  CHECK(ring->size() == 2); // held until the next session
  b.connect(line, 2);
  b.subject.order(line, pacer_do::speak{dave::sending::plain, nullptr});
  b.subject.step();
  const auto heard = b.listen();
  REQUIRE(heard.size() == 2);
  CHECK(heard[1].header.ssrc == 2);
  CHECK(heard[1].header.timestamp == 0xffffff00);
}
