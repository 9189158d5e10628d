// The ring keeps the newest lines in order, without secrets, and says what it has forgotten.
#include "infra/root/log_ring_session.hpp"
#include "tests/support/catch.hpp"
#include <spdlog/logger.h>

using namespace hearth;

namespace {

struct fixture {
  std::shared_ptr<log_ring> ring = std::make_shared<log_ring>(
      std::vector<std::string>{"s3cret-token"}, log_ring::limits{3, 20, 2});
  spdlog::logger log{"test", ring};
  std::vector<std::string> texts(uint64_t after, size_t max = 10) {
    auto found = std::vector<std::string>{};
    for (const auto& line : ring->lines(after, max).lines)
      found.push_back(line.text);
    return found;
  }
};
using lines = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "log ring: the newest lines, then those after a number", "[root]") {
  CHECK(ring->lines(0, 10).lines.empty());
  log.info("one");
  log.info("two");
  CHECK(texts(0) == lines{"one", "two"});
  CHECK(texts(0, 1) == lines{"two"});
  CHECK(texts(1) == lines{"two"});
  CHECK(texts(2).empty());
  const auto page = ring->lines(0, 10);
  CHECK(page.lines.front().number == 1);
  CHECK(page.lines.front().level == "info");
  CHECK(page.lines.front().at_ms > 1'577'836'800'000);
}

TEST_CASE_METHOD(fixture, "log ring: what was forgotten is counted", "[root]") {
  for (const auto* text : {"1", "2", "3", "4", "5"})
    log.info(text);
  CHECK(texts(0) == lines{"3", "4", "5"});
  CHECK(ring->lines(1, 10).lost == 1);
  CHECK(ring->lines(2, 10).lost == 0);
  CHECK(ring->lines(1, 2).lines.back().text == "4"); // the oldest first: the rest comes next
}

TEST_CASE_METHOD(fixture, "log ring: secrets and long lines are cut", "[root]") {
  log.info("with s3cret-token");
  log.info("ééééééééééééééééé");
  log.info("a\nb");
  CHECK(texts(0) == lines{"with ***", "éééééééééé...", "a\\nb"});
}

TEST_CASE_METHOD(fixture, "log ring: warnings are not washed out by chatter", "[root]") {
  log.warn("first");
  log.error("second");
  log.critical("third");
  for (auto i = 0; i < 10; ++i)
    log.info("chatter");
  const auto kept = ring->errors();
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].text == "second");
  CHECK(kept[1].level == "critical");
}
