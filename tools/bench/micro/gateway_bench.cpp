// What one event costs on the I/O thread, stage by stage.
#include "infra/gateway/envelope.hpp"
#include "infra/gateway/event_router.hpp"
#include "infra/gateway/transport_codec_context.hpp"
#include "tools/bench/micro/payloads.hpp"
#include <benchmark/benchmark.h>

namespace {

using namespace hearth;
using enum event_kind;

event_router ready_router(const gateway_wants& wants) {
  auto router = event_router{{wants, {}}};
  auto ready = ready_data{};
  ready.user = user_id{bench::self};
  ready.guilds = {*parse_id<guild_id>(bench::guild)};
  router.ready(ready);
  router.dispatch(guild_create, bench::guild_create().text(), {});
  router.take();
  return router;
}

void envelope(benchmark::State& state) {
  const auto events = bench::mix();
  auto i = size_t{0};
  for (auto _ : state)
    benchmark::DoNotOptimize(scan_envelope(events[i++ % events.size()].view()));
}
BENCHMARK(envelope);

void unpack(benchmark::State& state, compression mode,
            std::vector<std::string> (*pack)(const std::vector<bench::payload>&)) {
  const auto packed = pack(bench::mix());
  auto codec = std::make_unique<transport_codec>(mode);
  auto i = size_t{0};
  for (auto _ : state) {
    if (i == packed.size()) {
      state.PauseTiming();
      codec = std::make_unique<transport_codec>(mode); // the stream begins anew
      i = 0;
      state.ResumeTiming();
    }
    const auto& one = packed[i++];
    benchmark::DoNotOptimize(codec->push({one.data(), one.size()}, true));
  }
}
BENCHMARK_CAPTURE(unpack, zlib, compression::zlib, bench::zlib_stream);
BENCHMARK_CAPTURE(unpack, zstd, compression::zstd, bench::zstd_stream);

/// Envelope, decision, decoding, comparison and gathering of the whole mix.
void mix(benchmark::State& state, gateway_wants wants) {
  const auto events = bench::mix();
  auto router = ready_router(wants);
  auto i = size_t{0};
  for (auto _ : state) {
    const auto& event = events[i++ % events.size()];
    const auto kind = kind_of(scan_envelope(event.view()).type);
    if (router.wants(kind))
      router.dispatch(kind, event.text(), {1, 1, false});
    if (router.waiting() >= 64)
      benchmark::DoNotOptimize(router.take());
  }
}
BENCHMARK_CAPTURE(mix, dropped, gateway_wants{.voice = true, .message_deletes = true});
BENCHMARK_CAPTURE(mix, wanted, gateway_wants{true, true, true, true, true, true, true});

void decode(benchmark::State& state, event_kind kind, bench::payload (*make)(int)) {
  auto events = std::vector<bench::payload>{};
  for (auto i = 0; i < 64; ++i)
    events.push_back(make(i));
  auto router = ready_router({true, true, true, true, true, true, true});
  auto i = size_t{0};
  for (auto _ : state) {
    router.dispatch(kind, events[i++ % events.size()].text(), {1, 1, false});
    if (router.waiting() >= 64)
      benchmark::DoNotOptimize(router.take());
  }
}
BENCHMARK_CAPTURE(decode, message, message_create, bench::message);
BENCHMARK_CAPTURE(decode, presence, presence, bench::presence);
BENCHMARK_CAPTURE(decode, reaction, reaction_add, bench::reaction);
BENCHMARK_CAPTURE(decode, voice, voice_state, bench::voice);
BENCHMARK_CAPTURE(decode, interaction, interaction, bench::interaction);

/// A guild of 153 kB into its cache; every second one is renamed, so that it is replaced.
void guild_into_cache(benchmark::State& state) {
  const auto event = bench::guild_create();
  auto decoder = event_decoder{};
  auto cache = guild_cache{*parse_id<guild_id>(bench::guild), user_id{bench::self}};
  auto odd = false;
  for (auto _ : state) {
    auto data = guild_data{};
    decoder.read(event.text(), data, user_id{bench::self});
    if (odd = !odd; odd)
      data.name = "Other";
    benchmark::DoNotOptimize(cache.replace(std::move(data)));
  }
}
BENCHMARK(guild_into_cache);

/// A change of a guild whose snapshot somebody holds: the facts are copied.
void cache_change(benchmark::State& state) {
  const auto event = bench::guild_create();
  auto decoder = event_decoder{};
  auto cache = guild_cache{*parse_id<guild_id>(bench::guild), user_id{bench::self}};
  auto data = guild_data{};
  decoder.read(event.text(), data, user_id{bench::self});
  cache.replace(std::move(data));
  auto held = cache.snapshot();
  auto position = int32_t{0};
  for (auto _ : state) {
    auto role = held->roles.back();
    role.position = ++position;
    cache.put_role(std::move(role));
    held = cache.snapshot();
  }
}
BENCHMARK(cache_change);

} // namespace
