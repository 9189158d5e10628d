// Each alert is told once when it is raised and once when all is well: tables over the pure rules.
#include "infra/inspect/alert_rules.hpp"
#include "tests/support/catch.hpp"
#include <functional>

using namespace hearth;

namespace {

health_facts well() {
  auto facts = health_facts{};
  facts.gateway_ready = true;
  facts.gateway_phase = "ready";
  facts.disk_free_bytes = 5'000'000'000;
  facts.temperature_c = 50;
  facts.undervoltage = false;
  return facts;
}

constexpr auto minute = int64_t{60'000};

/// "+name" and "-name" of what is told.
std::string told(const std::vector<alert_news>& news) {
  auto text = std::string{};
  for (const auto& one : news)
    text += (one.raised ? "+" : "-") + one.alert + " ";
  return text;
}

} // namespace

TEST_CASE("alerts: nothing is told while all is well, nor where facts are unknown", "[inspect]") {
  auto book = alert_book{};
  CHECK(book.look(well(), {}, 0).empty());
  auto facts = well();
  facts.disk_free_bytes.reset();
  facts.temperature_c.reset();
  facts.undervoltage.reset();
  CHECK(book.look(facts, {}, 60 * minute).empty());
  CHECK(book.standing().empty());
}

TEST_CASE("alerts: each is raised at its limit, after its patience, and cleared once",
          "[inspect]") {
  struct row {
    const char* name;
    std::function<void(health_facts&)> almost; ///< Still well.
    std::function<void(health_facts&)> wrong;
    int64_t raise_ms;
    int64_t clear_ms;
  };
  const auto busy = [](int64_t ms, bool long_one) {
    return stuck_actor{"schedule", guild_id{7}, "job_due", ms, long_one};
  };
  const auto rows = {
      row{"token_refused", [](auto&) {}, [](auto& f) { f.token_refused = true; }, 0, 0},
      row{"gateway_down",
          [](auto& f) {
            f.gateway_ready = false;
            f.gateway_away_ms = 299'999;
          },
          [](auto& f) {
            f.gateway_ready = false;
            f.gateway_away_ms = 300'000;
          },
          0, 0},
      row{"store_failing", [](auto&) {}, [](auto& f) { f.store_writable = false; }, 0, minute / 2},
      row{"near_ban", [](auto& f) { f.invalid_requests = 999; },
          [](auto& f) { f.invalid_requests = 1'000; }, 0, 0},
      row{"actor_stuck",
          [&](auto& f) {
            f.running = {busy(29'999, false), busy(1'799'999, true)};
          },
          [&](auto& f) { f.running = {busy(30'000, false)}; }, 0, 0},
      row{"actor_stuck", [](auto&) {}, [&](auto& f) { f.running = {busy(1'800'000, true)}; }, 0, 0},
      row{"job_failed", [](auto&) {}, [](auto& f) { f.failing_jobs = {"daily (2)"}; }, minute, 0},
      row{"disk_full", [](auto& f) { f.disk_free_bytes = 200'000'000; },
          [](auto& f) { f.disk_free_bytes = 199'999'999; }, 0, 0},
      row{"too_hot", [](auto& f) { f.temperature_c = 79.9; }, [](auto& f) { f.temperature_c = 80; },
          2 * minute, 2 * minute},
      row{"undervoltage", [](auto&) {}, [](auto& f) { f.undervoltage = true; }, 0, 10 * minute},
  };
  for (const auto& [name, almost, wrong, raise_ms, clear_ms] : rows) {
    CAPTURE(name);
    auto book = alert_book{};
    auto good = well(), bad = well();
    almost(good);
    wrong(bad);
    auto now = int64_t{1'000};
    CHECK(book.look(good, {}, now).empty());
    if (raise_ms > 0) {
      CHECK(book.look(bad, {}, now).empty());
      CHECK(book.look(bad, {}, now + raise_ms - 1).empty());
    }
    now += raise_ms;
    const auto raised = book.look(bad, {}, now);
    CHECK(told(raised) == "+" + std::string{name} + " ");
    REQUIRE(raised.size() == 1);
    CHECK(raised[0].text.size() > 10);
    CHECK(book.standing() == std::vector<std::string>{name});
    CHECK(book.look(bad, {}, now + 60 * minute).empty()); // once
    now += 61 * minute;
    if (clear_ms > 0) {
      CHECK(book.look(well(), {}, now).empty());
      CHECK(book.look(well(), {}, now + clear_ms - 1).empty());
    }
    CHECK(told(book.look(well(), {}, now + clear_ms)) == "-" + std::string{name} + " ");
    CHECK(book.look(well(), {}, now + clear_ms + 60 * minute).empty()); // once
  }
}

TEST_CASE("alerts: what was only short of patience begins anew", "[inspect]") {
  auto book = alert_book{};
  auto hot = well();
  hot.temperature_c = 85;
  CHECK(book.look(hot, {}, 0).empty());
  CHECK(book.look(well(), {}, minute).empty());
  CHECK(book.look(hot, {}, 2 * minute).empty());
  CHECK(book.look(hot, {}, 4 * minute - 1).empty());
  CHECK(told(book.look(hot, {}, 4 * minute)) == "+too_hot ");
}

TEST_CASE("alerts: a value that swings about its limit tells nothing new", "[inspect]") {
  auto book = alert_book{};
  auto facts = well();
  facts.temperature_c = 81;
  facts.disk_free_bytes = 190'000'000;
  facts.invalid_requests = 1'000;
  CHECK(told(book.look(facts, {}, 0)) == "+near_ban +disk_full ");
  CHECK(told(book.look(facts, {}, 2 * minute)) == "+too_hot ");
  facts.temperature_c = 75;            // below 80, not below 75
  facts.disk_free_bytes = 219'999'999; // above 200 MB, not 10 % above
  facts.invalid_requests = 500;
  for (auto i = 3; i < 20; ++i)
    CHECK(book.look(facts, {}, i * minute).empty());
  facts.temperature_c = 74.9;
  facts.disk_free_bytes = 220'000'000;
  facts.invalid_requests = 499;
  CHECK(told(book.look(facts, {}, 20 * minute)) == "-near_ban -disk_full ");
  CHECK(told(book.look(facts, {}, 22 * minute)) == "-too_hot ");
}

TEST_CASE("alerts: the text names who is stuck and on what", "[inspect]") {
  auto book = alert_book{};
  auto facts = well();
  facts.running = {{"schedule", guild_id{7}, "job_due", 45'000, false},
                   {"root", {}, "fatal", 31'000, false},
                   {"clock", {}, "woken", 5, false}};
  const auto news = book.look(facts, {}, 0);
  REQUIRE(news.size() == 1);
  CHECK(news[0].text == "schedule of server 7 has been busy with job_due for 45 s; root has been "
                        "busy with fatal for 31 s");
}
