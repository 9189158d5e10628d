// A facade hands on, counts what is under way, and lets only errors travel that can.
#include "actors/inspect/facade.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_inspector.hpp"

using namespace hearth;
using namespace std::chrono_literals;

namespace {

struct bench : test::det_system {
  std::shared_ptr<test::inspect_record> record = std::make_shared<test::inspect_record>();
  inspect_actor target = sys.spawn<test::fake_inspector>(record);
  inspect_actor published = spawn_inspect_facade(sys, target, {2, 1'000ms});
  int answers = 0;
  std::vector<caf::error> errors;

  ~bench() {
    for (auto& promise : record->held)
      promise.deliver(daemon_status{});
    record->held.clear();
    stop(published);
    stop(target);
  }
  void ask_status_once() {
    ask(
        published, ask_status{}, [this](const daemon_status&) { ++answers; },
        [this](const caf::error& why) { errors.push_back(why); });
  }
};

} // namespace

TEST_CASE("facade: answers come back, errors of ours with their words", "[inspect]") {
  auto b = bench{};
  b.ask_status_once();
  CHECK(b.answers == 1);
  auto why = caf::error{};
  b.ask(
      b.published, ask_guild{1, 7}, [](const guild_view&) {},
      [&](const caf::error& error) { why = error; });
  CHECK(describe(why) == describe(make_error(errc::not_found, "guild 7")));
}

TEST_CASE("facade: errors of CAF's travel as ours", "[inspect]") {
  auto b = bench{};
  auto why = caf::error{};
  b.ask(
      b.published, ask_log{}, [](const log_page&) {},
      [&](const caf::error& error) { why = error; });
  CHECK(why == make_error(errc::stopping));
  b.stop(b.target);
  b.ask_status_once();
  REQUIRE(b.errors.size() == 1);
  CHECK(b.errors[0] == make_error(errc::stopping));
}

TEST_CASE("facade: one question too many is refused, the next after an answer is not",
          "[inspect]") {
  auto b = bench{};
  b.record->hold = true;
  for (auto i = 0; i < 3; ++i)
    b.ask_status_once();
  CHECK(b.record->asked == 2);
  REQUIRE(b.errors.size() == 1);
  CHECK(b.errors[0] == make_error(errc::queue_full));
  b.record->held.front().deliver(daemon_status{});
  b.run();
  CHECK(b.answers == 1);
  b.ask_status_once();
  CHECK(b.record->asked == 3);
}

TEST_CASE("facade: a silent target is waited for so long and no longer", "[inspect]") {
  auto b = bench{};
  b.record->hold = true;
  b.ask_status_once();
  b.advance(999ms);
  CHECK(b.errors.empty());
  b.advance(1ms);
  REQUIRE(b.errors.size() == 1);
  CHECK(b.errors[0] == make_error(errc::deadline));
}
