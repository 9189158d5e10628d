// Domain time with real stores and hand-driven clocks: waits, jobs exactly once, moved time.
#include "actors/clock/clock_store.hpp"
#include "actors/clock/domain_clock.hpp"
#include "infra/clock/zone_time.hpp"
#include "infra/inspect/job_board_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/test_store.hpp"
#include <functional>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

using lines = std::vector<std::string>;
constexpr auto guild = guild_id{1};
constexpr int64_t hour_ms = 3'600'000;
constexpr int64_t day_ms = 24 * hour_ms;

instant utc(int32_t day, int32_t minute) {
  return from_local("UTC", {2026, 11, static_cast<uint8_t>(day)}, minute);
}

/// What happened to the actors of a test, in order.
struct diary {
  lines all;
  int failures = 0;    ///< So many of the next jobs fail.
  bool silent = false; ///< Jobs are never answered.
  std::function<void(const woken&, const wakeable_actor&)> when_woken = [](auto&&...) {};
  std::vector<caf::typed_response_promise<job_done>> held;
};

class sleeper final : public wakeable_actor::base {
public:
  sleeper(caf::actor_config& config, std::string name, diary& notes)
      : base(config), name_(std::move(name)), notes_(notes) {}

protected:
  behavior_type make_behavior() override {
    return {[this](const woken& what) {
      notes_.all.push_back(name_ + " " + what.tag);
      notes_.when_woken(what, this);
    }};
  }

private:
  using base = wakeable_actor::base;
  std::string name_;
  diary& notes_;
};

class runner final : public job_runner_actor::base {
public:
  runner(caf::actor_config& config, diary& notes) : job_runner_actor::base(config), notes_(notes) {}

protected:
  behavior_type make_behavior() override {
    return {[this](const job_due& due) -> caf::result<job_done> {
      if (due.job == "release") { // the test: answer those that wait
        for (auto& promise : notes_.held)
          promise.deliver(job_done{});
        notes_.held.clear();
        return job_done{};
      }
      notes_.all.push_back(due.job + " " + due.period + (due.forced ? " forced" : ""));
      if (notes_.silent) {
        notes_.held.push_back(make_response_promise<job_done>());
        return notes_.held.back();
      }
      if (notes_.failures > 0) {
        --notes_.failures;
        return make_error(errc::unreachable, "no network");
      }
      return job_done{};
    }};
  }

private:
  diary& notes_;
};

struct fixture : test::det_system {
  test::test_store store{sys};
  driven_time time;
  diary notes;
  clock_store_actor keeper = sys.spawn<clock_store>(store.context);
  clock_actor clock;
  job_runner_actor jobs = sys.spawn<runner>(notes);

  explicit fixture(bool known = true) {
    if (known)
      time.set(utc(20, 300)); // Friday, 05:00
    start();
  }
  ~fixture() {
    notes.held.clear();
    stop(clock);
    stop(keeper);
    stop(jobs);
  }
  void start() { clock = sys.spawn<domain_clock>(time, &time, keeper); }
  void restart() {
    stop(clock);
    start();
  }
  wakeable_actor new_sleeper(const std::string& name) {
    return sys.spawn<sleeper>(name, std::ref(notes));
  }
  void plan(int32_t minute, bool enabled = true, const char* zone = "UTC") {
    auto job = job_plan{};
    job.job = "daily";
    job.minute = minute;
    job.enabled = enabled;
    tell(clock, jobs, plan_jobs{guild, zone, {job}});
  }
  /// Domain and real time pass together.
  void pass(std::chrono::milliseconds by) {
    while (by.count() > 0) {
      const auto step = std::min(by, std::chrono::milliseconds{1'000});
      time.set({time.now().ms + step.count()});
      advance(step);
      by -= step;
    }
  }
  /// True when settled at once.
  bool move(instant to) {
    const auto done = std::make_shared<bool>(false); // it may come much later
    ask(
        clock, time_moved{to}, [done](time_settled) { *done = true; }, [](const caf::error&) {});
    return *done;
  }
};

struct unknown_fixture : fixture {
  unknown_fixture() : fixture(false) {}
};

} // namespace

TEST_CASE_METHOD(fixture, "clock: wakes at the time, not before, once", "[clock]") {
  auto who = new_sleeper("a");
  tell(clock, who, wake_at{"x", {time.now().ms + 5'000}});
  pass(4'000ms);
  CHECK(notes.all.empty());
  pass(1'000ms);
  CHECK(notes.all == lines{"a x"});
  pass(120'000ms);
  CHECK(notes.all.size() == 1);
  stop(who);
}

TEST_CASE_METHOD(fixture, "clock: a wait is replaced, withdrawn, or over at once", "[clock]") {
  auto a = new_sleeper("a"), b = new_sleeper("b");
  const auto in = [&](int64_t ms) { return instant{time.now().ms + ms}; };
  tell(clock, a, wake_at{"later", in(5'000)});
  tell(clock, a, wake_at{"later", in(60'000)});
  tell(clock, b, wake_at{"later", in(5'000)}); // the same tag, somebody else's
  tell(clock, a, wake_at{"never", in(5'000)});
  tell(clock, a, wake_at{"never", {0}});
  tell(clock, a, wake_at{"past", in(-1)});
  CHECK(notes.all == lines{"a past"});
  pass(5'000ms);
  CHECK(notes.all == lines{"a past", "b later"});
  pass(55'000ms);
  CHECK(notes.all == lines{"a past", "b later", "a later"});
  stop(a);
  stop(b);
}

TEST_CASE_METHOD(fixture, "clock: waits of the dead are forgotten", "[clock]") {
  auto a = new_sleeper("a"), b = new_sleeper("b");
  tell(clock, a, wake_at{"x", {time.now().ms + 5'000}});
  tell(clock, b, wake_at{"x", {time.now().ms + 5'000}});
  stop(a);
  pass(10'000ms);
  CHECK(notes.all == lines{"b x"});
  stop(b);
}

TEST_CASE_METHOD(fixture, "clock: a step of the system's clock is noticed within a minute",
                 "[clock]") {
  auto a = new_sleeper("a");
  tell(clock, a, wake_at{"x", {time.now().ms + day_ms}});
  time.set({time.now().ms + day_ms + 1}); // NTP set it
  advance(60'000ms);
  CHECK(notes.all == lines{"a x"});
  stop(a);
}

TEST_CASE_METHOD(unknown_fixture, "clock: nothing happens while the time is not known", "[clock]") {
  auto a = new_sleeper("a");
  tell(clock, a, wake_at{"x", {1}});
  plan(420);
  advance(600'000ms);
  CHECK(notes.all.empty());
  time.set(utc(20, 421));
  advance(5'000ms);
  CHECK(notes.all == lines{"a x"}); // the job begins now: its 07:00 was before
  pass(1'500ms);
  time.set(utc(21, 420));
  advance(60'000ms);
  CHECK(notes.all == lines{"a x", "daily 2026-11-21"});
  stop(a);
}

TEST_CASE_METHOD(fixture, "clock: a job runs once a day, also over restarts", "[clock]") {
  plan(420);
  time.set({utc(20, 420).ms - 1'000});
  advance(60'000ms);
  CHECK(notes.all.empty());
  pass(1'000ms);
  CHECK(notes.all == lines{"daily 2026-11-20"});
  restart();
  plan(420);
  pass(120'000ms);
  CHECK(notes.all.size() == 1);
  plan(420); // the guild sends its plan again whenever its settings change
  pass(60'000ms);
  CHECK(notes.all.size() == 1);
}

TEST_CASE_METHOD(fixture, "clock: after downtime the newest missed period runs, once", "[clock]") {
  plan(420);
  pass(1'000ms);
  stop(clock);
  time.set(utc(25, 600));
  start();
  plan(420);
  CHECK(notes.all == lines{"daily 2026-11-25"});
  restart();
  plan(420);
  pass(60'000ms);
  CHECK(notes.all.size() == 1);
}

TEST_CASE_METHOD(fixture, "clock: a failing job is tried again with growing waits", "[clock]") {
  plan(420);
  notes.failures = 2;
  time.set(utc(20, 420));
  advance(60'000ms);
  CHECK(notes.all.size() == 1);
  pass(4'000ms);
  CHECK(notes.all.size() == 1);
  pass(1'000ms);
  CHECK(notes.all.size() == 2);
  pass(9'000ms);
  CHECK(notes.all.size() == 2);
  pass(1'000ms);
  CHECK(notes.all == lines(3, "daily 2026-11-20"));
  pass(600'000ms);
  CHECK(notes.all.size() == 3);
}

TEST_CASE_METHOD(fixture, "clock: a runner that says nothing has failed in the end", "[clock]") {
  plan(420);
  notes.silent = true;
  time.set(utc(20, 420));
  advance(60'000ms);
  CHECK(notes.all.size() == 1);
  pass(119'000ms);
  CHECK(notes.all.size() == 1); // one at a time
  pass(10'000ms);
  CHECK(notes.all.size() == 2);
}

TEST_CASE_METHOD(fixture, "clock: done means kept: when it cannot be kept it runs again",
                 "[clock]") {
  plan(420);
  auto db = store.db();
  db.exec("CREATE TRIGGER no BEFORE UPDATE ON job_run BEGIN SELECT RAISE(ABORT, 'no'); END");
  time.set(utc(20, 420));
  advance(60'000ms);
  CHECK(notes.all.size() == 1);
  db.exec("DROP TRIGGER no");
  pass(5'000ms);
  CHECK(notes.all.size() == 2); // the runner finds its work done
  CHECK(db.value<std::string>("SELECT period FROM job_run") == "2026-11-20");
  pass(60'000ms);
  CHECK(notes.all.size() == 2);
}

TEST_CASE_METHOD(fixture, "clock: jobs that cannot be read yet are read later", "[clock]") {
  auto db = store.db();
  db.exec("ALTER TABLE job_run RENAME TO away");
  plan(420);
  time.set(utc(20, 420));
  advance(1'000ms);
  CHECK(notes.all.empty());
  db.exec("ALTER TABLE away RENAME TO job_run");
  db.exec("INSERT INTO job_run VALUES(1, 'daily', 0, '2026-11-19', 0)");
  advance(5'000ms);
  CHECK(notes.all == lines{"daily 2026-11-20"});
}

TEST_CASE_METHOD(fixture, "clock: a forced run runs and changes nothing else", "[clock]") {
  plan(420);
  auto done = false;
  auto refused = std::string{};
  ask(
      clock, job_due{guild, "daily", "", {}, false}, [&](job_done) { done = true; },
      [](const caf::error&) {});
  CHECK(done);
  CHECK(notes.all == lines{"daily 2026-11-20 forced"});
  time.set(utc(20, 420));
  advance(60'000ms);
  CHECK(notes.all == lines{"daily 2026-11-20 forced", "daily 2026-11-20"});
  notes.failures = 1;
  ask(
      clock, job_due{guild, "daily", "2026-11-01", {5}, true}, [](job_done) {},
      [&](const caf::error& error) { refused = describe(error); });
  CHECK(refused == "unreachable: no network");
  CHECK(notes.all.back() == "daily 2026-11-01 forced");
  ask(
      clock, job_due{guild_id{99}, "daily", "", {}, true}, [](job_done) {},
      [&](const caf::error& error) { refused = describe(error); });
  CHECK(refused == "not found: guild 99");
}

TEST_CASE_METHOD(fixture, "clock: a guild that is dropped runs nothing more", "[clock]") {
  plan(420);
  tell(clock, drop_guild_jobs{guild});
  time.set(utc(20, 420));
  advance(60'000ms);
  CHECK(notes.all.empty());
  plan(420); // it is back, and what it missed is caught up
  CHECK(notes.all == lines{"daily 2026-11-20"});
}

TEST_CASE_METHOD(fixture, "clock: switching off and on again catches nothing up", "[clock]") {
  plan(420);
  plan(420, false);
  time.set(utc(20, 600));
  advance(60'000ms);
  restart();
  plan(420);
  pass(10'000ms);
  CHECK(notes.all.empty());
}

TEST_CASE_METHOD(fixture, "clock: a clock that went back runs nothing twice", "[clock]") {
  plan(420);
  time.set(utc(20, 420));
  advance(60'000ms);
  CHECK(notes.all.size() == 1);
  time.set(utc(19, 600));
  advance(60'000ms);
  pass(60'000ms);
  CHECK(notes.all.size() == 1);
  time.set(utc(21, 421));
  advance(60'000ms);
  CHECK(notes.all == lines{"daily 2026-11-20", "daily 2026-11-21"});
}

TEST_CASE_METHOD(fixture, "clock: moved time visits all that is due, in order", "[clock]") {
  auto a = new_sleeper("a");
  plan(420);
  // Wakes every 12 hours, as features do: by asking anew when woken.
  notes.when_woken = [&](const woken& what, const wakeable_actor& self) {
    CHECK(what.now == time.now());
    anon_send(clock, self, wake_at{"half a day", {what.now.ms + 12 * hour_ms}});
  };
  tell(clock, a, wake_at{"half a day", utc(20, 720)});
  REQUIRE(move(utc(22, 600)));
  CHECK(time.now() == utc(22, 600));
  CHECK(notes.all == lines{"daily 2026-11-20", "a half a day", "a half a day", "daily 2026-11-21",
                           "a half a day", "a half a day", "daily 2026-11-22"});
  // Back again: at once, and nothing happens twice.
  REQUIRE(move(utc(21, 0)));
  CHECK(time.now() == utc(21, 0));
  CHECK(notes.all.size() == 7);
  stop(a);
}

TEST_CASE_METHOD(unknown_fixture, "clock: the first move is where it starts", "[clock]") {
  plan(420);
  auto a = new_sleeper("a");
  tell(clock, a, wake_at{"x", utc(20, 1)});
  REQUIRE(move(utc(20, 600)));
  CHECK(notes.all == lines{"a x"});
  REQUIRE(move(utc(21, 420)));
  CHECK(notes.all == lines{"a x", "daily 2026-11-21"});
  stop(a);
}

TEST_CASE_METHOD(fixture, "clock: settled means answered, within bounds", "[clock]") {
  plan(420);
  notes.silent = true;
  CHECK_FALSE(move(utc(20, 600)));
  REQUIRE(notes.held.size() == 1);
  CHECK(time.now() == utc(20, 420)); // no later than what it waits for
  tell(jobs, job_due{guild, "release", "", {}, true});
  CHECK(time.now() == utc(20, 600));
  // Somebody who never answers holds it up for half a minute of real time, not for ever.
  auto done = false;
  ask(
      clock, time_moved{utc(21, 600)}, [&](time_settled) { done = true; },
      [](const caf::error&) {});
  CHECK_FALSE(done);
  advance(29'999ms);
  CHECK_FALSE(done);
  advance(1ms);
  CHECK(done);
  CHECK(time.now() == utc(21, 600));
}

TEST_CASE_METHOD(fixture, "clock: moves are refused where nothing drives the time", "[clock]") {
  auto plain = clock_actor{sys.spawn<domain_clock>(time, nullptr, keeper)};
  auto refused = std::string{};
  ask(
      plain, time_moved{{5}}, [](time_settled) {},
      [&](const caf::error& error) { refused = describe(error); });
  CHECK(refused == "invalid: this clock is not driven");
  stop(plain);
}

TEST_CASE_METHOD(fixture, "clock: idle costs no timers", "[clock]") {
  run();
  CHECK(sched.clock().schedule().empty());
  auto a = new_sleeper("a");
  for (auto i = 0; i < 100; ++i)
    tell(clock, a, wake_at{"x" + std::to_string(i), {time.now().ms + day_ms}});
  CHECK(sched.clock().schedule().size() == 1);
  stop(a);
}

TEST_CASE_METHOD(fixture, "clock: the board shows runs, failures and what comes next", "[clock]") {
  auto counted = telemetry{};
  config.figures = &counted;
  restart();
  plan(301);
  auto seen = counted.jobs().all();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].guild == guild);
  CHECK(seen[0].next == utc(20, 301));
  CHECK(seen[0].runs == 0);
  notes.failures = 1;
  pass(60'000ms);
  seen = counted.jobs().all();
  CHECK(seen[0].runs == 1);
  CHECK(seen[0].failures == 1);
  CHECK(seen[0].last_failure.find("no network") != std::string::npos);
  CHECK(seen[0].next == instant{utc(20, 301).ms + 5'000}); // tried again
  pass(7'000ms);
  seen = counted.jobs().all();
  CHECK(seen[0].runs == 2);
  CHECK(seen[0].last_failure.empty());
  CHECK(seen[0].last_period == "2026-11-20");
  CHECK(seen[0].last_run == instant{utc(20, 301).ms + 5'000});
  CHECK(seen[0].next == utc(21, 301));
  CHECK(counted.jobs().totals().at("daily").late_seconds < 6);
  tell(clock, drop_guild_jobs{guild});
  CHECK(counted.jobs().all().empty());
  stop(clock);
  clock = nullptr;
}

TEST_CASE_METHOD(fixture, "queue: a listener may wait for so many things, one more is refused",
                 "[clock][queue]") {
  const auto ann = new_sleeper("ann");
  const auto bob = new_sleeper("bob");
  for (auto i = 0; i < 256; ++i)
    tell(clock, ann, wake_at{"w" + std::to_string(i), {time.now().ms + hour_ms}});
  tell(clock, ann, wake_at{"too many", {time.now().ms + hour_ms}});
  tell(clock, ann, wake_at{"w7", {time.now().ms + hour_ms}}); // one that it has may be moved
  tell(clock, bob, wake_at{"others", {time.now().ms + hour_ms}});
  time.set({time.now().ms + hour_ms});
  advance(hour_ms * 1ms);
  const auto has = [&](const std::string& line) {
    return std::count(notes.all.begin(), notes.all.end(), line) == 1;
  };
  CHECK(notes.all.size() == 257);
  CHECK_FALSE(has("ann too many"));
  CHECK(has("ann w7"));
  CHECK(has("bob others"));
  stop(ann);
  stop(bob);
}
