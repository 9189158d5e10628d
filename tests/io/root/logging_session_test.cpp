// The look of a line on a console and in the journal.
#include "infra/root/logging_session.hpp"
#include "tests/support/catch.hpp"
#include <cstdlib>
#include <regex>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

using namespace hearth;

namespace {

std::string line(bool journal, spdlog::level::level_enum level, const std::string& text) {
  auto out = std::ostringstream{};
  auto logger = spdlog::logger{"t", std::make_shared<spdlog::sinks::ostream_sink_st>(out)};
  logger.set_level(spdlog::level::trace);
  logger.set_formatter(make_log_formatter(journal, {"sandbox-secret"}));
  logger.log(level, text);
  return out.str();
}

} // namespace

TEST_CASE("logging: the journal gets levels and no time", "[root]") {
  using namespace spdlog::level;
  CHECK(line(true, debug, "a") == "<7>a\n");
  CHECK(line(true, info, "a") == "<6>a\n");
  CHECK(line(true, warn, "a") == "<4>a\n");
  CHECK(line(true, err, "a") == "<3>a\n");
  CHECK(line(true, critical, "a") == "<2>a\n");
  CHECK(line(true, info, "two\nlines sandbox-secret") == "<6>two\\nlines ***\n");
}

TEST_CASE("logging: the console gets time and level", "[root]") {
  const auto shown = line(false, spdlog::level::warn, "token sandbox-secret");
  CAPTURE(shown);
  CHECK(std::regex_match(shown,
                         std::regex{"\\d\\d:\\d\\d:\\d\\d\\.\\d{3} warning  token \\*\\*\\*\n"}));
}

TEST_CASE("logging: the journal is standard error only when it says so", "[root]") {
  ::setenv("JOURNAL_STREAM", "1:1", 1);
  CHECK_FALSE(logs_to_journal());
  ::unsetenv("JOURNAL_STREAM");
  CHECK_FALSE(logs_to_journal());
}

TEST_CASE("logging: levels by name", "[root]") {
  const auto before = spdlog::get_level();
  set_log_level("debug");
  CHECK(spdlog::get_level() == spdlog::level::debug);
  set_log_level("warn");
  CHECK(spdlog::get_level() == spdlog::level::warn);
  set_log_level("nonsense");
  CHECK(spdlog::get_level() == spdlog::level::info);
  spdlog::set_level(before);
}
