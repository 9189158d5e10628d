// The declarations hold what Prometheus asks of names, and the text is what its parsers expect
// (promtool itself reads the daemon's page in tests/e2e/metrics.test.mjs).
#include "infra/inspect/metric_table.hpp"
#include "infra/inspect/process_counters.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/paths.hpp"
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

using namespace hearth;

TEST_CASE("metric table: names, kinds and labels follow the conventions", "[inspect]") {
  auto seen = std::set<std::string_view>{};
  for (const auto& one : metric_table()) {
    CAPTURE(one.name);
    CHECK(seen.insert(one.name).second);
    CHECK(std::regex_match(std::string{one.name}, std::regex{"(hearth|process)_[a-z0-9_]+"}));
    const auto counts = one.name.size() > 6 && one.name.substr(one.name.size() - 6) == "_total";
    CHECK(counts == (one.kind == metric_kind::counter));
    for (const auto* wrong : {"_ms", "_milliseconds", "_minutes", "_kilobytes", "_count", "_sum"})
      CHECK(one.name.find(wrong) == std::string_view::npos);
    REQUIRE_FALSE(one.help.empty());
    CHECK(one.help.back() == '.');
    for (const auto label : one.labels)
      CHECK((label.empty() || std::regex_match(std::string{label}, std::regex{"[a-z]+"})));
    CHECK(one.labels[0].empty() == one.bound.empty()); // every label says what bounds it
  }
}

TEST_CASE("prometheus text: one head per metric, whatever the order of adding", "[inspect]") {
  auto page = metric_page{};
  page.add(metric::gateway_dropped, 2, "TYPING_START");
  page.add(metric::start_time, 1'795'602'000.25);
  page.add(metric::gateway_events, 1e15, "READY");
  page.add(metric::gateway_dropped, 0.125, "a\"b\\c\nd");
  page.add(metric::build_info, 1, "0.1.0", "prod");
  CHECK(prometheus_text(page) ==
        "# HELP hearth_build_info Always 1; the labels say what runs.\n"
        "# TYPE hearth_build_info gauge\n"
        "hearth_build_info{version=\"0.1.0\",profile=\"prod\"} 1\n"
        "# HELP hearth_start_time_seconds Unix time of the start.\n"
        "# TYPE hearth_start_time_seconds gauge\n"
        "hearth_start_time_seconds 1795602000.25\n"
        "# HELP hearth_gateway_events_total Dispatches received.\n"
        "# TYPE hearth_gateway_events_total counter\n"
        "hearth_gateway_events_total{event=\"READY\"} 1000000000000000\n"
        "# HELP hearth_gateway_dropped_events_total Dispatches that nobody wanted, changed nothing "
        "or could not be read.\n"
        "# TYPE hearth_gateway_dropped_events_total counter\n"
        "hearth_gateway_dropped_events_total{event=\"TYPING_START\"} 2\n"
        "hearth_gateway_dropped_events_total{event=\"a\\\"b\\\\c\\nd\"} 0.125\n");
}

TEST_CASE("prometheus text: a histogram is cumulative and ends with +Inf", "[inspect]") {
  auto shape = histogram<2, 1'000'000>{{1'000, 2'500}};
  for (const auto us : {0, 1'000, 1'001, 2'500, 2'501, 1'000'000})
    shape.observe(static_cast<uint64_t>(us));
  auto page = metric_page{};
  page.add(metric::store_commit_time, shape.figures());
  const auto text = prometheus_text(page);
  CHECK(text.substr(text.find("_seconds_bucket") - 19) ==
        "hearth_store_commit_seconds_bucket{le=\"0.001\"} 2\n"
        "hearth_store_commit_seconds_bucket{le=\"0.0025\"} 4\n"
        "hearth_store_commit_seconds_bucket{le=\"+Inf\"} 6\n"
        "hearth_store_commit_seconds_sum 1.007002\n"
        "hearth_store_commit_seconds_count 6\n");
}

TEST_CASE("prometheus text: what is no number is written as Prometheus does", "[inspect]") {
  auto page = metric_page{};
  page.add(metric::host_temperature, std::nan(""));
  page.add(metric::rest_waiting, HUGE_VAL);
  page.add(metric::rest_buckets, -HUGE_VAL);
  const auto text = prometheus_text(page);
  CHECK(text.find("hearth_host_temperature_celsius NaN\n") != std::string::npos);
  CHECK(text.find("hearth_rest_waiting_requests +Inf\n") != std::string::npos);
  CHECK(text.find("hearth_rest_buckets -Inf\n") != std::string::npos);
}

TEST_CASE("metric table: config/metrics.md is what the table says", "[inspect]") {
  const auto wanted =
      "# Metrics\n\nGenerated from `infra/inspect/metric_table.cpp`; a test compares. The page "
      "`/metrics` on the port `metrics.port`\nhas them in Prometheus' text format; labels take "
      "few values: actor classes, event names, job names, never members or guilds.\n\n" +
      metric_reference();
  auto is = std::ostringstream{};
  is << std::ifstream{SOURCE_DIR "/config/metrics.md"}.rdbuf();
  if (is.str() == wanted)
    return;
  const auto made = std::string{BINARY_DIR "/metrics.md"};
  std::ofstream{made} << wanted;
  FAIL_CHECK("config/metrics.md is not what the table says; put the text of " << made << " there");
}

TEST_CASE("grafana dashboard: every metric that it names is declared", "[inspect]") {
  const auto dashboard =
      nlohmann::json::parse(std::ifstream{SOURCE_DIR "/config/grafana/hearth.json"});
  auto declared = std::set<std::string>{};
  for (const auto& one : metric_table()) {
    declared.insert(std::string{one.name});
    if (one.kind == metric_kind::histogram)
      for (const auto* part : {"_bucket", "_sum", "_count"})
        declared.insert(std::string{one.name} + part);
  }
  auto asked = std::string{};
  auto targets = 0;
  for (const auto& panel : dashboard.at("panels"))
    for (const auto& target : panel.value("targets", nlohmann::json::array())) {
      asked += target.at("expr").get<std::string>() + " ";
      ++targets;
    }
  for (const auto& variable : dashboard.at("templating").at("list"))
    asked += variable.at("query").dump() + " ";
  CHECK(targets > 30);
  const auto name = std::regex{"(hearth|process)_[a-z_]+"};
  for (auto at = std::sregex_iterator{asked.begin(), asked.end(), name};
       at != std::sregex_iterator{}; ++at) {
    CAPTURE(at->str());
    CHECK(declared.count(at->str()) == 1);
  }
}

TEST_CASE("rest outcome: every status has one", "[inspect]") {
  CHECK(outcome_of(204) == rest_outcome::ok);
  CHECK(outcome_of(304) == rest_outcome::ok);
  CHECK(outcome_of(400) == rest_outcome::client_error);
  CHECK(outcome_of(401) == rest_outcome::unauthorized);
  CHECK(outcome_of(403) == rest_outcome::forbidden);
  CHECK(outcome_of(404) == rest_outcome::not_found);
  CHECK(outcome_of(429) == rest_outcome::limited);
  CHECK(outcome_of(499) == rest_outcome::client_error);
  CHECK(outcome_of(503) == rest_outcome::server_error);
}
