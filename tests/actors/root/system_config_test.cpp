#include "actors/root/system_config.hpp"
#include "messages/errc.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"

using namespace hearth;

TEST_CASE("system config: the scheduler shares, has few threads and bounded turns", "[root]") {
  const auto config = system_config{};
  CHECK(caf::get_or(config, "scheduler.policy", caf::atom("none")) == caf::atom("sharing"));
  CHECK(caf::get_or(config, "scheduler.max-threads", size_t{0}) == 3);
  CHECK(caf::get_or(config, "scheduler.max-throughput", size_t{0}) == 50);
}

TEST_CASE("system config: an errc prints its name and its context", "[root]") {
  auto config = system_config{};
  const auto render = config.error_renderers.at(caf::atom("hearth"));
  const auto failed = make_error(errc::store_failed, "disk full");
  CHECK(render(failed.code(), failed.category(), failed.context()) == "store failed: disk full");
  CHECK(describe(make_error(errc::deadline)) == "deadline passed");
}

TEST_CASE_METHOD(test::det_system, "det system: time passes only by hand", "[root]") {
  const auto record = std::make_shared<test::rest_record>();
  record->hold = true;
  const auto rest = sys.spawn<test::fake_rest>(record);
  auto answered = 0;
  auto refused = caf::error{};
  ask(
      rest_actor{rest}, rest_request{}, [&](const rest_response&) { ++answered; },
      [&](const caf::error& error) { refused = error; });
  const auto before = steady_ms();
  advance(std::chrono::milliseconds{500});
  CHECK(steady_ms() == before + 500);
  CHECK(answered == 0);
  record->fail = errc::unreachable;
  tell(rest, test::release_one::value);
  CHECK(refused == make_error(errc::unreachable));
  CHECK(record->asked.size() == 1);
  stop(rest);
}
