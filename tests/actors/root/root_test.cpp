// Root: gives the shard its guilds, starts again what dies (with backoff and a limit), stops from
// source to sink.
#include "actors/root/root.hpp"
#include "actors/root/root_line.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <stdexcept>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

/// What happened, in order.
using diary = std::shared_ptr<std::vector<std::string>>;

guild_actor::behavior_type fake_guild(guild_actor::pointer self, diary notes) {
  return {
      [](const guild_batch&) { throw std::runtime_error("a defect"); },
      [](const job_due&) -> caf::result<job_done> { return job_done{}; },
      [](const woken&) {},
      [self, notes](stop_guild) {
        notes->push_back("guild stopped");
        self->quit();
        return stopped{};
      },
      [](get_guild_view) { return guild_view_ptr{}; },
      [](const switch_feature&) { return stopped{}; },
      [](const restart_feature&) { return stopped{}; },
      [notes](drain_guild drain) {
        notes->push_back(drain.on ? "guild drains" : "guild works");
        return draining{};
      },
  };
}

gateway_shard_actor::behavior_type fake_shard(gateway_shard_actor::pointer self, diary notes) {
  return {
      [](const update_voice_state&) {},
      [](const update_presence&) { throw std::runtime_error("a defect"); },
      [notes](guild_lost lost) { notes->push_back("guild lost " + to_string(lost.guild)); },
      [notes](const guild_wants& said) { notes->push_back("wants " + to_string(said.guild)); },
      [](get_shard_status) -> caf::result<shard_status> { return shard_status{}; },
      [](get_event_counts) { return event_list_ptr{}; },
      [self, notes](stop_shard how) {
        notes->push_back(how.resumable ? "shard stopped, resumable" : "shard stopped");
        self->quit();
        return shard_stopped{};
      },
  };
}

struct bench : test::det_system {
  diary notes = std::make_shared<std::vector<std::string>>();
  gateway_shard_actor shard;
  caf::actor sink = sys.spawn(
      [](caf::event_based_actor*, const diary&) -> caf::behavior { return {[](int) {}}; }, notes);
  caf::actor source = sys.spawn(
      [](caf::event_based_actor* self, const diary& notes) -> caf::behavior {
        self->attach_functor([notes](const caf::error&) { notes->emplace_back("source stopped"); });
        return {[](int) {}};
      },
      notes);
  std::optional<int> ended;
  bool wider = false; ///< What a guild wants was not asked for.
  root_actor top;

  bench() {
    auto parts = root_parts{};
    parts.spawn_guild = [this](guild_id) {
      notes->push_back("guild started");
      return guild_actor{sys.spawn(fake_guild, notes)};
    };
    parts.spawn_shard = [this](const guild_supervisor_actor&) {
      notes->push_back("shard started");
      shard = sys.spawn(fake_shard, notes);
      return shard;
    };
    parts.sources.emplace_back("source", caf::actor_cast<caf::strong_actor_ptr>(source));
    parts.sinks.emplace_back("sink", caf::actor_cast<caf::strong_actor_ptr>(sink));
    parts.reload = [this] {
      notes->push_back("reloaded");
      return reload_report{true, {"log.level"}};
    };
    parts.identified = [this](const bot_identity&) { notes->push_back("identified"); };
    parts.note_wants = [this](const guild_wants&) { return std::exchange(wider, false); };
    parts.ended = [this](int code) { ended = code; };
    parts.limits.restarts_max = 2;
    top = sys.spawn<root>(std::move(parts));
    run();
  }
  ~bench() {
    tell(top, stop_daemon{});
    stop(source);
    stop(sink);
    shard = nullptr;
  }

  guild_actor guild(uint64_t id) {
    auto found = guild_actor{};
    ask(
        top, want_guild{guild_id{id}}, [&](const guild_actor& given) { found = given; },
        [](const caf::error&) {});
    return found;
  }
  std::vector<std::string> take() { return std::exchange(*notes, {}); }
};

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("root: makes each guild once and gives it out again", "[root]") {
  auto b = bench{};
  const auto first = b.guild(1);
  REQUIRE(first);
  CHECK(b.guild(1) == first);
  CHECK_FALSE(b.guild(2) == first);
  CHECK(b.take() == lines{"shard started", "guild started", "guild started"});
}

TEST_CASE("root: a guild that dies comes back after its wait, and the shard is told", "[root]") {
  auto b = bench{};
  const auto first = b.guild(1);
  b.take();
  b.tell(first, guild_batch{});
  CHECK(b.take().empty());
  auto second = guild_actor{};
  b.ask(
      b.top, want_guild{guild_id{1}}, [&](const guild_actor& given) { second = given; },
      [](const caf::error&) {});
  b.advance(99ms);
  CHECK_FALSE(second); // asked while it waits: answered when it is there
  b.advance(1ms);
  CHECK(b.take() == lines{"guild started", "guild lost 1"});
  REQUIRE(second);
  CHECK_FALSE(second == first);
}

TEST_CASE("root: a guild that dies too often stays down, its neighbour does not notice", "[root]") {
  auto b = bench{};
  const auto neighbour = b.guild(2);
  for (auto i = 0; i < 3; ++i) {
    b.tell(b.guild(1), guild_batch{});
    b.advance(1s);
  }
  b.take();
  b.advance(1h);
  CHECK(b.take().empty());
  CHECK(b.guild(2) == neighbour);
}

TEST_CASE("root: the shard is started again, dying too often ends the daemon", "[root]") {
  auto b = bench{};
  for (auto i = 0; i < 2; ++i) {
    b.tell(b.shard, update_presence{});
    b.advance(1s);
  }
  CHECK(b.take() == lines{"shard started", "shard started", "shard started"});
  b.tell(b.shard, update_presence{});
  b.advance(1s);
  CHECK(b.ended == 70);
}

TEST_CASE("root: a dead sink ends the daemon in order, for its service to start it again",
          "[root]") {
  auto b = bench{};
  b.guild(1);
  b.take();
  b.stop(b.sink);
  CHECK(b.take() == lines{"source stopped", "shard stopped", "guild stopped"});
  CHECK(b.ended == 70);
}

TEST_CASE("root: stops from source to sink, once", "[root]") {
  auto b = bench{};
  b.guild(1);
  b.take();
  b.tell(b.top, stop_daemon{});
  CHECK(b.take() == lines{"source stopped", "shard stopped, resumable", "guild stopped"});
  CHECK(b.ended == 0);
}

TEST_CASE("root: what is fatal names the exit code", "[root]") {
  auto b = bench{};
  b.tell(b.top, fatal{78, "the token is wrong"});
  CHECK(b.ended == 78);
}

TEST_CASE("root: what is fatal before root is there reaches it later", "[root]") {
  auto b = bench{};
  auto line = root_line{};
  line.tell(guild_wants{guild_id{1}, {}}); // nobody to hear it
  line.tell(fatal{78, "the token is wrong"});
  b.run();
  CHECK_FALSE(b.ended);
  b.take();
  line.lead_to(b.top);
  b.run();
  CHECK(b.ended == 78);
  line.lead_to(root_actor{});
}

TEST_CASE("root: a reload and an identity go to those who care", "[root]") {
  auto b = bench{};
  b.take();
  b.tell(b.top, reload_daemon{});
  b.tell(b.top, bot_identity{});
  CHECK(b.take() == lines{"reloaded", "identified"});
}

TEST_CASE("root: what a guild wants goes to the shard, more than was asked for takes a new session",
          "[root]") {
  auto b = bench{};
  b.take();
  b.tell(b.top, guild_wants{guild_id{1}, {}});
  CHECK(b.take() == lines{"wants 1"});
  b.wider = true;
  b.tell(b.top, guild_wants{guild_id{1}, {.reactions = true}});
  CHECK(b.take() == lines{"shard stopped", "shard started"}); // at once: nothing has failed
  b.tell(b.top, guild_wants{guild_id{1}, {.reactions = true}});
  CHECK(b.take() == lines{"wants 1"});
}

TEST_CASE("root: an operator restarts a guild or the gateway, and it does not count as a death",
          "[root][inspect]") {
  auto b = bench{};
  b.guild(1);
  b.take();
  for (auto i = 0; i < 4; ++i) { // more often than they may die
    auto told = 0;
    b.ask(
        b.top, restart_child{guild_id{1}}, [&](stopped) { ++told; }, [](const caf::error&) {});
    CHECK(told == 1);
    b.advance(100ms);
    CHECK(b.take() == lines{"guild stopped", "guild started", "guild lost 1"});
    b.ask(
        b.top, restart_child{}, [&](stopped) { ++told; }, [](const caf::error&) {});
    b.advance(100ms);
    CHECK(b.take() == lines{"shard stopped, resumable", "shard started"});
  }
  auto refused = caf::error{};
  b.ask(
      b.top, restart_child{guild_id{9}}, [](stopped) {},
      [&](const caf::error& why) { refused = why; });
  CHECK(refused == make_error(errc::not_found));
}

TEST_CASE("root: a drain reaches the guilds there are and those to come", "[root][inspect]") {
  auto b = bench{};
  b.guild(1);
  b.take();
  b.tell(b.top, drain_guilds{true});
  b.guild(2);
  CHECK(b.take() == lines{"guild drains", "guild started", "guild drains"});
  auto seen = children{};
  b.ask(
      b.top, get_children{}, [&](const children& all) { seen = all; }, [](const caf::error&) {});
  CHECK(seen.draining);
  CHECK(seen.guilds.size() == 2);
  seen = {};
  b.tell(b.top, drain_guilds{false});
  CHECK(b.take() == lines{"guild works", "guild works"});
}
