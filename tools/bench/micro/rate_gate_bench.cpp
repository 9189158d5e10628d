// What one request costs in the owner of Discord's limits, from offer to finish.
#include "infra/rest/rate_gate.hpp"
#include <benchmark/benchmark.h>

namespace {

using namespace hearth;

/// Each of `lanes` channels gets a message in turn, answered at once with room in its bucket.
void gate(benchmark::State& state) {
  const auto lanes = state.range(0);
  auto gate = rate_gate{};
  auto now = int64_t{1'000'000};
  auto id = uint64_t{0};
  auto limits = std::vector<std::pair<route, limit_report>>{};
  for (auto i = int64_t{0}; i < lanes; ++i) {
    const auto channel = std::to_string(100000000000000000 + i);
    auto report = limit_report{};
    report.has_bucket = true;
    report.bucket = "hash";
    report.limit = 1'000'000;
    report.remaining = 999'999;
    report.reset_after_ms = 1'000;
    limits.emplace_back(describe_route(http_method::post, "/channels/" + channel + "/messages", 0),
                        report);
  }
  for (auto _ : state) {
    const auto& [where, report] = limits[id % limits.size()];
    now += 25; // 40 a second: below the global limit
    ++id;
    gate.offer(id, where, rest_priority::member, now + 10'000);
    benchmark::DoNotOptimize(gate.advance(now));
    gate.answered(id, 200, report, now);
    gate.finish(id);
    benchmark::DoNotOptimize(gate.advance(now));
  }
}
BENCHMARK(gate)->Arg(1)->Arg(200);

} // namespace
