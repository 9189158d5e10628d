// The whole page and the health checks, from counters as they are.
#include "infra/inspect/job_board_context.hpp"
#include "infra/inspect/snapshot_context.hpp"
#include "infra/store/store_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <algorithm>
#include <iostream>
#include <set>
#include <typeinfo>

using namespace hearth;

namespace {

struct daemon_like {
  test::temp_folder folder;
  telemetry counted;
  store_counters store;
  alert_board alerts;
  daemon_sources sources() const {
    auto from = daemon_sources{};
    from.counted = &counted;
    from.store = &store;
    from.alerts = &alerts;
    from.data_folder = folder.path();
    from.version = "0.1.0";
    from.profile = "prod";
    from.started_unix = 1'795'602'000;
    return from;
  }
  void be_ready() {
    counted.counters().gateway.connections.add();
    counted.counters().gateway.away_since_ms = 0;
    counted.counters().gateway.phase = "ready";
  }
};

bool has(const std::string& text, const std::string& line) {
  return text.find(line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("snapshot: every declared metric is computed by somebody", "[inspect]") {
  auto d = daemon_like{};
  const auto cell = std::make_shared<actor_cell>();
  d.counted.join(cell, 5, "guild", guild_id{7});
  d.counted.jobs().began(guild_id{7}, "daily", instant{1'000}, instant{3'000});
  d.counted.counters().gateway.latency_ms = 42;
  const auto page = metrics_of(d.sources());
  auto seen = std::set<metric>{};
  for (const auto& one : page.samples())
    seen.insert(one.what);
  // Only machines with such sensors have these (tests/io/inspect/host_process_test.cpp).
  const auto sensors =
      std::set<metric>{metric::host_temperature, metric::host_throttled, metric::host_undervoltage};
  for (const auto& declared : metric_table()) {
    CAPTURE(declared.name);
    CHECK((seen.count(declared.what) == 1 || sensors.count(declared.what) == 1));
  }
}

TEST_CASE("snapshot: actors are summed by class, never by guild", "[inspect]") {
  auto d = daemon_like{};
  auto cells = std::vector<actor_cell_ptr>{};
  for (auto i = 0U; i < 3; ++i) {
    cells.push_back(std::make_shared<actor_cell>());
    d.counted.join(cells.back(), 10 + i, i < 2 ? "guild" : "people_store", guild_id{i});
    for (auto n = 0U; n <= i; ++n)
      cells.back()->enqueued();
  }
  cells[1]->began("@socket", 1'000);
  cells[1]->ended("@socket", 2'001'000'000, true, true);
  const auto text = prometheus_text(metrics_of(d.sources()));
  CHECK(has(text, "hearth_actor_instances{actor=\"guild\"} 2"));
  CHECK(has(text, "hearth_actor_mailbox_messages{actor=\"guild\"} 2"));
  CHECK(has(text, "hearth_actor_mailbox_max_messages{actor=\"guild\"} 2"));
  CHECK(has(text, "hearth_actor_messages_total{actor=\"guild\"} 1"));
  CHECK(has(text, "hearth_actor_longest_handler_seconds{actor=\"guild\"} 2.000999"));
  CHECK(has(text, "hearth_actor_running_handler_seconds{actor=\"guild\"} 0"));
  CHECK(has(text, "hearth_store_waiting_messages 3"));
}

TEST_CASE("snapshot: /readyz follows gateway and store", "[inspect]") {
  auto d = daemon_like{};
  const auto ready = [&] { return page_of("/readyz", d.sources(), {}); };
  CHECK(ready().status == 503); // no connection yet
  CHECK(ready().body == "gateway: idle\n");
  d.be_ready();
  CHECK(ready().status == 200);
  d.counted.counters().gateway.away_since_ms = 5;
  d.counted.counters().gateway.phase = "backoff";
  CHECK(ready().body == "gateway: backoff\n");
  d.be_ready();
  d.store.health = store_health::full;
  CHECK(ready().status == 503);
  CHECK(ready().body == "store: not writable\n");
}

TEST_CASE("snapshot: /healthz fails while a handler runs too long", "[inspect]") {
  auto d = daemon_like{};
  const auto cell = std::make_shared<actor_cell>();
  d.counted.join(cell, 5, "schedule", guild_id{7});
  const auto health = [&] { return page_of("/healthz", d.sources(), {}); };
  CHECK(health().status == 200);
  CHECK(health().body == "ok\n");
  cell->began("@timer", steady_ns() - 29'000'000'000);
  CHECK(health().status == 200);
  cell->began("@timer", steady_ns() - 31'000'000'000);
  CHECK(health().status == 503);
  CHECK(health().body == "schedule has been busy with timer for 31 s\n");
  cell->ended("@timer", steady_ns(), false, true);
  CHECK(health().status == 200);
  const auto keeper = std::make_shared<actor_cell>(); // copies the database: minutes are right
  d.counted.join(keeper, 6, "store_keeper", {});
  keeper->began("@timer", steady_ns() - 600'000'000'000);
  CHECK(health().status == 200);
}

TEST_CASE("snapshot: alerts that stand and failing jobs show", "[inspect]") {
  auto d = daemon_like{};
  d.alerts.set({"disk_full"});
  d.counted.jobs().began(guild_id{7}, "daily", instant{}, instant{});
  d.counted.jobs().failed(guild_id{7}, "daily", "no channel");
  const auto text = prometheus_text(metrics_of(d.sources()));
  CHECK(has(text, "hearth_alert_raised{alert=\"disk_full\"} 1"));
  CHECK(has(text, "hearth_alert_raised{alert=\"too_hot\"} 0"));
  CHECK(has(text, "hearth_job_failures_total{job=\"daily\"} 1"));
  CHECK(facts_of(d.sources()).failing_jobs == std::vector<std::string>{"daily (1)"});
  CHECK(page_of("/", d.sources(), {}).status == 404);
}

TEST_CASE("snapshot: cost of a page with 2000 actors", "[.cost]") {
  auto d = daemon_like{};
  auto cells = std::vector<actor_cell_ptr>{};
  for (auto i = uint64_t{1}; i <= 2'000; ++i) {
    cells.push_back(std::make_shared<actor_cell>());
    d.counted.join(cells.back(), i, i % 2 ? "guild" : "schedule", guild_id{i});
    cells.back()->began(typeid(actor_figures).name(), steady_ns());
    cells.back()->ended(typeid(actor_figures).name(), steady_ns(), false, true);
  }
  for (auto round = 0; round < 5; ++round) {
    const auto began = steady_ns();
    const auto size = prometheus_text(metrics_of(d.sources())).size();
    const auto page = steady_ns();
    facts_of(d.sources());
    std::cout << "page of " << size << " bytes " << (page - began) / 1'000 << " us, facts "
              << (steady_ns() - page) / 1'000 << " us\n";
  }
  std::cout << "an actor's figures take " << sizeof(actor_cell) << " bytes\n";
}
