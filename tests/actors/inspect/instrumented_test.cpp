// The mixin under a hand-driven scheduler: what is counted, when an actor leaves, what a trace
// shows. Hidden case [.cost]: what counting costs a message.
#include "actors/clock/clock_store.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/test_store.hpp"
#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <ctime>
#include <iostream>
#include <stdexcept>

namespace {

using namespace hearth;

using sample_actor = caf::typed_actor<caf::replies_to<want_guild>::with<guild_lost>,
                                      caf::reacts_to<std::string>, caf::reacts_to<int>>;

/// Asked: answers. Told a text: fails, as a defect would. Told a number: looks at itself.
class sample final : public instrumented<sample_actor::base> {
public:
  sample(caf::actor_config& config, guild_id guild, telemetry& watched,
         std::vector<actor_figures>& seen)
      : instrumented(config), guild_(guild), watched_(watched), seen_(seen) {}
  const char* name() const override { return "sample"; }

protected:
  behavior_type make_behavior() override {
    return {
        [](want_guild want) { return guild_lost{want.guild}; },
        [](const std::string& why) { throw std::runtime_error{why}; },
        [this](int) { seen_ = watched_.actors(); },
    };
  }

private:
  guild_id home_guild() const override { return guild_; }
  guild_id guild_;
  telemetry& watched_;
  std::vector<actor_figures>& seen_;
};

struct counting_system : test::det_system {
  counting_system() { config.figures = &watched; }
  sample_actor start(uint64_t guild = 7) {
    return sys.spawn<sample>(guild_id{guild}, std::ref(watched), std::ref(seen));
  }
  actor_figures only() {
    const auto all = watched.actors();
    REQUIRE(all.size() == 1);
    return all.front();
  }
  telemetry watched;
  std::vector<actor_figures> seen; ///< What a handler saw while it ran.
};

} // namespace

TEST_CASE_METHOD(counting_system, "instrumented: waiting and handled messages are counted",
                 "[inspect]") {
  const auto subject = start();
  for (auto i = 0; i < 3; ++i)
    self->send(subject, want_guild{guild_id{1}});
  auto figures = only();
  CHECK(figures.name == "sample");
  CHECK(figures.guild == guild_id{7});
  CHECK(figures.id == subject.id());
  CHECK(figures.depth == 3);
  CHECK(figures.depth_max == 3);
  CHECK(figures.handled == 0);
  CHECK(figures.longest_message.empty());
  run();
  tell(subject, 1);
  figures = only();
  CHECK(figures.depth == 0);
  CHECK(figures.depth_max == 3);
  CHECK(figures.handled == 4);
  CHECK(figures.busy_ns >= figures.longest_ns);
  CHECK(figures.longest_ns > 0);
  CHECK((figures.longest_message == "want_guild" || figures.longest_message == "i32"));
  CHECK(figures.stuck_since_ns == 0);
  CHECK(figures.restarts == 0);
  stop(subject);
}

TEST_CASE_METHOD(counting_system, "instrumented: a running handler shows since when and on what",
                 "[inspect]") {
  const auto subject = start();
  const auto before = steady_ns();
  tell(subject, 1);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].stuck_since_ns >= before);
  CHECK(seen[0].stuck_since_ns <= steady_ns());
  CHECK(seen[0].handling == "i32");
  CHECK(seen[0].depth == 1); // the one in hand
  CHECK(only().handling.empty());
  CHECK(only().handled == 1);
  stop(subject);
}

TEST_CASE_METHOD(counting_system, "telemetry: the ended leave, the dead are counted at their place",
                 "[inspect]") {
  auto subject = start();
  tell(subject, std::string{"a defect"});
  CHECK(watched.actors().empty());
  CHECK(watched.deaths() == 1);
  const auto other = start(8);
  subject = start();
  const auto all = watched.actors();
  REQUIRE(all.size() == 2);
  CHECK(all[0].restarts == 0); // another guild's
  CHECK(all[1].restarts == 1);
  self->send_exit(subject, caf::exit_reason::kill);
  run();
  subject = start();
  CHECK(watched.actors().back().restarts == 2);
  stop(subject); // in order: no death
  stop(other);
  CHECK(watched.actors().empty());
  CHECK(watched.deaths() == 2);
}

TEST_CASE_METHOD(counting_system, "telemetry: a trace shows messages by type and is bounded",
                 "[inspect]") {
  const auto subject = start();
  CHECK_FALSE(watched.trace(subject.id() + 1'000, 0));
  tell(subject, want_guild{}); // nobody watches yet
  auto trace = watched.trace(subject.id(), 0, std::chrono::hours{1});
  REQUIRE(trace);
  CHECK(trace->messages.empty());
  self->send(subject, want_guild{});
  self->send(subject, 5);
  run();
  trace = watched.trace(subject.id(), trace->next, std::chrono::hours{1});
  REQUIRE(trace->messages.size() == 2);
  CHECK(trace->messages[0].message == "want_guild");
  CHECK(trace->messages[0].number == 1);
  CHECK(trace->messages[0].depth == 1);
  CHECK(trace->messages[1].message == "i32");
  CHECK(trace->messages[1].at_ns >= trace->messages[0].at_ns);
  CHECK(trace->lost == 0);
  for (auto i = 0; i < 600; ++i)
    self->send(subject, 5);
  run();
  trace = watched.trace(subject.id(), trace->next);
  CHECK(trace->messages.size() == 512);
  CHECK(trace->lost == 88);
  CHECK(trace->messages.back().number == trace->next);
  CHECK(watched.trace(subject.id(), trace->next)->messages.empty());
  stop(subject);
}

TEST_CASE_METHOD(counting_system, "telemetry: a trace that nobody asks for any more ends",
                 "[inspect]") {
  const auto subject = start();
  REQUIRE(watched.trace(subject.id(), 0, std::chrono::milliseconds{0}));
  tell(subject, 5);
  CHECK(watched.trace(subject.id(), 0)->messages.empty());
  stop(subject);
}

TEST_CASE_METHOD(counting_system, "instrumented: what an outer mixin refuses is no depth",
                 "[inspect]") {
  auto options = test::test_store::options(false);
  options.waiting_max = 1;
  auto folder = test::temp_folder{};
  auto store = store_context{sys, test::test_store::migrated(folder.file("hearth.db")), options};
  const auto subject = clock_store_actor{sys.spawn<clock_store>(std::ref(store))};
  for (auto i = 0; i < 3; ++i)
    self->send(subject, load_jobs{});
  CHECK(only().depth == 1);
  CHECK(only().name == "clock_store");
  CHECK(store.counters().refused == 2);
  stop(subject);
}

TEST_CASE("instrumented: without a registry nothing is counted and all works", "[inspect]") {
  auto bare = test::det_system{};
  auto unused = telemetry{};
  auto seen = std::vector<actor_figures>{};
  const auto subject =
      sample_actor{bare.sys.spawn<sample>(guild_id{7}, std::ref(unused), std::ref(seen))};
  auto answered = false;
  bare.ask(
      subject, want_guild{}, [&](guild_lost) { answered = true; }, [](const caf::error&) {});
  CHECK(answered);
  CHECK(unused.actors().empty());
  bare.stop(subject);
}

namespace {

template <class Base> class echo final : public Base {
public:
  using Base::Base;
  const char* name() const override { return "echo"; }

protected:
  typename Base::behavior_type make_behavior() override {
    return {[this](int x) { sum_ += x; }, [this](want_guild) { return sum_; }};
  }
  int64_t sum_ = 0;
};
using echo_actor =
    caf::typed_actor<caf::reacts_to<int>, caf::replies_to<want_guild>::with<int64_t>>;

int64_t cpu_ns() {
  auto used = timespec{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

/// CPU time per message in nanoseconds, of all threads: sending and handling.
template <class Actor> double cost(caf::actor_system& sys, int count) {
  auto self = caf::scoped_actor{sys};
  const auto subject = echo_actor{sys.spawn<Actor>()};
  const auto began = cpu_ns();
  for (auto i = 0; i < count; ++i)
    self->send(subject, 1);
  self->request(subject, caf::infinite, want_guild{})
      .receive([](int64_t) {}, [](const caf::error&) {});
  const auto took = cpu_ns() - began;
  self->send_exit(subject, caf::exit_reason::kill);
  return static_cast<double>(took) / count;
}

} // namespace

TEST_CASE("instrumented: cost of a message", "[.cost]") {
  constexpr auto count = 500'000;
  auto watched = telemetry{};
  auto config = system_config{&watched};
  auto sys = caf::actor_system{config};
  auto plain = std::vector<double>{}, with = std::vector<double>{};
  for (auto round = 0; round < 11; ++round) {
    plain.push_back(cost<echo<echo_actor::base>>(sys, count));
    with.push_back(cost<echo<instrumented<echo_actor::base>>>(sys, count));
  }
  for (auto* each : {&plain, &with})
    std::sort(each->begin(), each->end());
  std::cout << "CPU ns per message, median (least) of 11: plain " << plain[5] << " (" << plain[0]
            << "), counted " << with[5] << " (" << with[0] << ")\n";
}
