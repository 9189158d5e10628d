// What 20 ms of voice cost, stage by stage: making sound, mixing, Opus, the shared stream, both
// encryptions, sending. The whole of it, in its threads: bench-voice-engine.
#include "infra/dave/frame_sealer.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/sound/channel_encoder.hpp"
#include "infra/sound/soundscape.hpp"
#include "infra/voice/transport_key_context.hpp"
#include "infra/voice/transport_packet.hpp"
#include "infra/voice/udp_port_socket.hpp"
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>

namespace {

using namespace hearth;

constexpr size_t frame_bytes = 160; // 64 kbit/s
constexpr size_t room = 1'500;

std::unique_ptr<sound::source> scene(const char* name) {
  return sound::make_soundscape(*sound::parse_scene(name), 1);
}

void synthesis(benchmark::State& state, const char* name) {
  const auto from = scene(name);
  auto out = sound::frame{};
  for (auto _ : state)
    from->render(out);
}
BENCHMARK_CAPTURE(synthesis, rain, "rain:2");
BENCHMARK_CAPTURE(synthesis, sea, "sea:1");
BENCHMARK_CAPTURE(synthesis, fire, "fire:1");
BENCHMARK_CAPTURE(synthesis, night, "night:1");
BENCHMARK_CAPTURE(synthesis, music, "music:1");

/// A sound that costs nothing.
class still final : public sound::source {
public:
  void render(sound::frame& out) override { out.fill(0.01F); }
};

void mix(benchmark::State& state) {
  auto mixer = sound::mixer{};
  for (auto layer = int64_t{0}; layer < state.range(0); ++layer)
    mixer.play(std::to_string(layer), std::make_shared<still>(), 0.5F, 0);
  auto out = sound::frame{};
  for (auto _ : state)
    mixer.render(out);
}
BENCHMARK(mix)->Arg(2)->Arg(6);

void opus(benchmark::State& state) {
  auto encoder = sound::opus_stream_encoder(
      {static_cast<int>(state.range(1)), static_cast<int>(state.range(0))});
  auto heard = std::vector<sound::frame>(100);
  const auto from = scene("rain:2");
  for (auto& frame : heard)
    from->render(frame);
  auto at = size_t{0};
  for (auto _ : state)
    benchmark::DoNotOptimize(encoder.encode(heard[at++ % heard.size()]));
}
BENCHMARK(opus)
    ->ArgNames({"complexity", "bitrate"})
    ->ArgsProduct({{1, 4, 5, 7, 9, 10}, {64'000, 96'000}});

/// One of many that play the same: its share of an actor's work, without what is made once for all.
void shared_frame(benchmark::State& state) {
  auto hub = sound::stream_hub{};
  auto many = std::vector<std::unique_ptr<sound::channel_encoder>>(256);
  for (auto& one : many) {
    one = std::make_unique<sound::channel_encoder>(sound::opus_options{});
    one->sound().play("x", hub.open("x", [] { return std::make_unique<still>(); }), 1, 0);
  }
  for (auto frame = 0; frame < 100; ++frame)
    for (auto& one : many)
      one->next();
  while (state.KeepRunningBatch(static_cast<int64_t>(many.size())))
    for (auto& one : many)
      benchmark::DoNotOptimize(one->next());
}
BENCHMARK(shared_frame);

void seal_dave(benchmark::State& state) {
  const auto& crypto = dave::openssl_suite();
  auto sealer = dave::frame_sealer(crypto, crypto.random(16));
  const auto frame = dave::bytes(frame_bytes, 0x55);
  auto out = dave::bytes(room);
  for (auto _ : state)
    benchmark::DoNotOptimize(sealer.seal(frame, out));
}
BENCHMARK(seal_dave);

void seal_transport(benchmark::State& state, voice::transport_mode mode) {
  auto sealer = voice::packet_sealer(
      voice::make_transport_key(mode, dave::openssl_suite().random(32)), mode, {});
  const auto frame = dave::bytes(frame_bytes + 20, 0x55);
  auto out = dave::bytes(room);
  for (auto _ : state)
    benchmark::DoNotOptimize(sealer.seal(frame, out));
}
BENCHMARK_CAPTURE(seal_transport, aes256_gcm, voice::transport_mode::aes256_gcm);
BENCHMARK_CAPTURE(seal_transport, xchacha20, voice::transport_mode::xchacha20);

/// A packet each to so many servers that nobody reads at, by one system call; loopback's way in is
/// part of it.
void send(benchmark::State& state) {
  auto io = boost::asio::io_context{};
  auto pool = voice::udp_pool{io, false};
  auto leases = std::vector<std::unique_ptr<voice::udp_lease>>{};
  auto packets = std::vector<voice::udp_packet>{};
  const auto bytes = dave::bytes(frame_bytes + 52, 0x55);
  for (auto server = int64_t{0}; server < state.range(0); ++server) {
    auto at = sockaddr_in{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto size = socklen_t{sizeof at};
    const auto sink = ::socket(AF_INET, SOCK_DGRAM, 0); // until the process ends
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (sink < 0 || ::bind(sink, address, size) != 0 || ::getsockname(sink, address, &size) != 0)
      throw std::runtime_error("no UDP port");
    leases.push_back(pool.lease(*voice::parse_udp_address("127.0.0.1", ntohs(at.sin_port)), {}));
    packets.push_back({bytes, &leases.back()->peer()});
  }
  const auto port = leases.front()->port();
  while (state.KeepRunningBatch(state.range(0)))
    port->send(packets);
}
BENCHMARK(send)->Arg(1)->Arg(16)->Arg(64);

} // namespace
