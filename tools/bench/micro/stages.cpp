// Runs one stage of the hot path N times and nothing else, for tools/bench/instructions.sh: the
// difference of two counts is what one event costs there, whatever the machine does meanwhile.
#include "infra/gateway/envelope.hpp"
#include "infra/gateway/event_router.hpp"
#include "infra/gateway/frame_counter.hpp"
#include "infra/gateway/transport_codec_context.hpp"
#include "tools/bench/micro/payloads.hpp"
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>

namespace {

using namespace hearth;
using enum event_kind;

constexpr auto everything = gateway_wants{true, true, true, true, true, true, true};
constexpr auto nothing = gateway_wants{.voice = true, .message_deletes = true};

/// A router that knows one guild.
event_router ready_router(const gateway_wants& wants) {
  auto router = event_router{{wants, {}}};
  auto ready = ready_data{};
  ready.user = user_id{bench::self};
  ready.user_name = "Bench";
  ready.guilds = {*parse_id<guild_id>(bench::guild)};
  router.ready(ready);
  router.dispatch(guild_create, bench::guild_create().text(), {});
  router.take();
  return router;
}

/// Takes what was gathered as the shard does: some dozens at a time.
void route(event_router& router, event_kind kind, padded_text text) {
  router.dispatch(kind, text, {1, 1, false});
  if (router.waiting() >= 64)
    router.take();
}

void routed(int n, const gateway_wants& wants, const std::vector<bench::payload>& events) {
  auto router = ready_router(wants);
  for (auto i = 0; i < n; ++i) {
    const auto& event = events[static_cast<size_t>(i) % events.size()];
    const auto head = scan_envelope(event.view());
    const auto kind = kind_of(head.type);
    if (router.wants(kind))
      route(router, kind, event.text());
  }
}

std::vector<bench::payload> many(bench::payload (*make)(int)) {
  auto events = std::vector<bench::payload>{};
  for (auto i = 0; i < 64; ++i)
    events.push_back(make(i));
  return events;
}

void unpacked(int n, compression mode, const std::vector<std::string>& packed) {
  auto codec = std::make_unique<transport_codec>(mode);
  for (auto i = 0; i < n; ++i) {
    const auto& one = packed[static_cast<size_t>(i) % packed.size()];
    if (i > 0 && static_cast<size_t>(i) % packed.size() == 0)
      codec = std::make_unique<transport_codec>(mode); // the stream begins anew
    codec->push({one.data(), one.size()}, true);
  }
}

std::vector<bench::payload> long_mix() {
  auto events = std::vector<bench::payload>{};
  for (auto i = 0; i < 20; ++i)
    for (auto& event : bench::mix())
      events.push_back(std::move(event));
  return events;
}

const std::map<std::string, std::function<void(int)>> stages{
    {"envelope",
     [](int n) {
       const auto events = bench::mix();
       auto sum = int64_t{0};
       for (auto i = 0; i < n; ++i)
         sum += scan_envelope(events[static_cast<size_t>(i) % events.size()].view()).seq;
       if (sum == 0)
         std::abort();
     }},
    {"zlib", [](int n) { unpacked(n, compression::zlib, bench::zlib_stream(long_mix())); }},
    {"zstd", [](int n) { unpacked(n, compression::zstd, bench::zstd_stream(long_mix())); }},
    {"mix_dropped", [](int n) { routed(n, nothing, bench::mix()); }},
    {"mix_wanted", [](int n) { routed(n, everything, bench::mix()); }},
    {"message", [](int n) { routed(n, everything, many(bench::message)); }},
    {"presence", [](int n) { routed(n, everything, many(bench::presence)); }},
    {"presence_same", [](int n) { routed(n, everything, {bench::presence(1)}); }},
    {"reaction", [](int n) { routed(n, everything, many(bench::reaction)); }},
    {"voice", [](int n) { routed(n, everything, many(bench::voice)); }},
    {"interaction", [](int n) { routed(n, everything, many(bench::interaction)); }},
    {"guild_create", [](int n) { routed(n, nothing, {bench::guild_create()}); }},
};

} // namespace

int main(int argc, char** argv) {
  const auto found = argc == 3 ? stages.find(argv[1]) : stages.end();
  if (found == stages.end()) {
    for (const auto& [name, run] : stages)
      std::puts(name.c_str());
    return argc == 1 ? 0 : 2;
  }
  found->second(std::atoi(argv[2]));
  return 0;
}
