// Orders: each is carried out by whom it concerns, refused with a reason, and logged with who.
#include "actors/inspect/steerer.hpp"
#include "infra/root/log_ring_session.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"
#include <spdlog/logger.h>
#include <spdlog/spdlog.h>
#include <stdexcept>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

using diary = std::shared_ptr<std::vector<std::string>>;
constexpr auto fire = uint64_t{42};

struct facts {
  diary notes = std::make_shared<std::vector<std::string>>();
  size_t open = 0;       ///< Commands under way in the guild.
  bool running = false;  ///< A job runs.
  bool good_file = true; ///< The configuration has no mistakes.
};
using facts_ptr = std::shared_ptr<facts>;

guild_actor::behavior_type fake_guild(guild_actor::pointer, facts_ptr is) {
  return {
      [](const guild_batch&) {},
      [](const job_due&) -> caf::result<job_done> { return job_done{}; },
      [](const woken&) {},
      [](stop_guild) { return stopped{}; },
      [](get_guild_view) { return guild_view_ptr{}; },
      [is](const switch_feature& asked) {
        is->notes->push_back("switch " + asked.feature + (asked.on ? " on " : " off ") + asked.by);
        return stopped{};
      },
      [is](const restart_feature& asked) {
        is->notes->push_back("restart " + asked.feature);
        return stopped{};
      },
      [is](drain_guild) { return draining{is->open}; },
  };
}

root_actor::behavior_type fake_root(root_actor::pointer, facts_ptr is, guild_actor guild) {
  return {
      [](want_guild) -> caf::result<guild_actor> { return make_error(errc::not_found); },
      [](const bot_identity&) {},
      [](const guild_wants&) {},
      [](const fatal&) {},
      [](stop_daemon) {},
      [is](reload_daemon) {
        return is->good_file ? reload_report{true, {"log.level: info -> debug"}}
                             : reload_report{false, {"hearth.toml:3: a mistake"}};
      },
      [is, guild](get_children) {
        auto all = children{};
        all.guilds.emplace_back(guild_id{fire}, guild);
        return all;
      },
      [is](restart_child asked) {
        is->notes->push_back("restart child " + to_string(asked.guild));
        return stopped{};
      },
      [is](drain_guilds asked) {
        is->notes->push_back(asked.on ? "drain" : "work");
        return stopped{};
      },
      [](restart_due) {},
  };
}

clock_actor::behavior_type fake_clock(clock_actor::pointer, facts_ptr is) {
  return {
      [](const wakeable_actor&, const wake_at&) {},
      [](const job_runner_actor&, const plan_jobs&) {},
      [](const drop_guild_jobs&) {},
      [is](const job_due& due) -> caf::result<job_done> {
        is->notes->push_back("job " + due.job + " " + to_string(due.guild));
        CHECK(due.forced);
        if (due.job == "broken")
          return make_error(errc::store_failed, "no room");
        return job_done{};
      },
      [is](get_jobs) {
        auto jobs = std::make_shared<job_list>();
        for (const auto& [guild, name] : {std::pair<uint64_t, const char*>{0, "backup"},
                                          {fire, "daily"},
                                          {43, "daily"},
                                          {fire, "broken"}}) {
          auto line = job_line{};
          line.guild = guild;
          line.job = name;
          line.running = is->running && guild == 0;
          jobs->jobs.push_back(line);
        }
        return job_list_ptr{jobs};
      },
      [is](pause_jobs pause) { is->notes->push_back(pause.on ? "pause" : "resume"); },
      [](const time_moved&) { return time_settled{}; },
  };
}

store_keeper_actor::behavior_type fake_keeper(store_keeper_actor::pointer, facts_ptr) {
  return {
      [](const job_due&) -> caf::result<job_done> { return job_done{}; },
      [](const keeper_plan&) {},
      [](const check_database&) {},
      [](const copy_to& where) -> caf::result<copied> {
        if (where.file == "/taken")
          return make_error(errc::invalid, "/taken is there already");
        return copied{where.file, 123};
      },
  };
}

struct bench : test::det_system {
  facts_ptr is = std::make_shared<facts>();
  guild_actor guild = sys.spawn(fake_guild, is);
  root_actor top = sys.spawn(fake_root, is, guild);
  clock_actor clock = sys.spawn(fake_clock, is);
  rest_actor rest = sys.spawn<test::fake_rest>(std::make_shared<test::rest_record>());
  store_keeper_actor keeper = sys.spawn(fake_keeper, is);
  std::shared_ptr<log_ring> ring = std::make_shared<log_ring>(std::vector<std::string>{});
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  int stops = 0;
  steer_actor steer;
  std::string text, refusal;
  std::vector<std::string> details;

  bench() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", ring));
    auto parts = steerer_parts{};
    parts.root = top;
    parts.clock = clock;
    parts.rest = rest;
    parts.keeper = keeper;
    parts.features = {"schedule"};
    parts.set_log_level = [](const std::string& level) { return level == "debug"; };
    parts.stop = [this] { ++stops; };
    parts.renew = [](bool all) -> order_done {
      if (all)
        throw std::runtime_error{"the folder is read-only"};
      return order_done{"renewed", {}};
    };
    steer = sys.spawn<steerer>(std::move(parts));
    run();
  }
  ~bench() {
    stop(steer);
    steer = nullptr;
    stop(top);
    for (const auto& actor :
         {caf::actor_cast<caf::actor>(guild), caf::actor_cast<caf::actor>(clock),
          caf::actor_cast<caf::actor>(rest), caf::actor_cast<caf::actor>(keeper)})
      stop(actor);
    spdlog::set_default_logger(before);
  }

  template <class Order> void give(Order order) {
    text = refusal = {};
    details = {};
    order.by = "alice@pi";
    ask(
        steer, order,
        [this](const order_done& done) {
          text = done.text;
          details = done.details;
        },
        [this](const caf::error& why) { refusal = describe(why); });
  }
  std::vector<std::string> take() { return std::exchange(*is->notes, {}); }
  bool logged(const std::string& what) {
    for (const auto& line : ring->lines(0, 100).lines)
      if (line.text.find(what) != std::string::npos &&
          line.text.find("the holder of the steering certificate, who says to be alice@pi") !=
              std::string::npos)
        return true;
    return false;
  }
};
using lines = std::vector<std::string>;

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("steerer: a reload tells what changed, or each mistake", "[inspect]") {
  auto b = bench{};
  b.give(order_reload{});
  CHECK(b.details == lines{"log.level: info -> debug"});
  CHECK(b.logged("steer: reload"));
  b.is->good_file = false;
  b.give(order_reload{});
  CHECK(has(b.refusal, "hearth.toml:3: a mistake"));
}

TEST_CASE("steerer: a job runs in the guild, in the daemon, or everywhere", "[inspect]") {
  auto b = bench{};
  auto order = order_job{};
  order.job = "backup";
  b.give(order);
  CHECK(b.take() == lines{"job backup 0"});
  order.job = "daily";
  order.guild = fire;
  b.give(order);
  CHECK(b.take() == lines{"job daily 42"});
  order.everywhere = true;
  b.give(order);
  CHECK(b.take() == lines{"job daily 42", "job daily 43"});
  CHECK(b.text == "daily was run in 2 places, 0 failed");
  CHECK(b.logged("job run daily everywhere"));
}

TEST_CASE("steerer: a job that is not there, or fails, is refused with words", "[inspect]") {
  auto b = bench{};
  auto order = order_job{};
  order.job = "daily"; // not the daemon's own
  b.give(order);
  CHECK(has(b.refusal, "there is no job daily of the daemon itself"));
  CHECK(has(b.refusal, "\"backup\", \"daily\", \"broken\""));
  CHECK(b.take().empty());
  order.job = "broken";
  order.guild = fire;
  b.give(order);
  CHECK(has(b.refusal, "no room"));
}

TEST_CASE("steerer: what can be restarted is, the rest is named", "[inspect]") {
  auto b = bench{};
  auto order = order_restart{};
  order.actor = "gateway_shard";
  b.give(order);
  order.actor = "guild";
  order.guild = fire;
  b.give(order);
  order.actor = "schedule";
  b.give(order);
  CHECK(b.take() == lines{"restart child 0", "restart child 42", "restart schedule"});
  order.guild = 99;
  b.give(order);
  CHECK(has(b.refusal, "guild 99"));
  order.guild = 0;
  for (const auto* name : {"guild", "schedule", "rest_client", ""}) {
    order.actor = name;
    b.give(order);
    CHECK(has(b.refusal, "gateway_shard, guild ID, and in a guild schedule"));
  }
  CHECK(b.take().empty());
}

TEST_CASE("steerer: a feature is switched by its guild", "[inspect]") {
  auto b = bench{};
  auto order = order_feature{};
  order.feature = "schedule";
  order.guild = fire;
  b.give(order);
  order.on = true;
  b.give(order);
  CHECK(b.text == "schedule is on in guild 42");
  CHECK(b.take() == lines{"switch schedule off alice@pi", "switch schedule on alice@pi"});
  order.guild = 99;
  b.give(order);
  CHECK(has(b.refusal, "guild 99"));
  order.feature = "oracle";
  b.give(order);
  CHECK(has(b.refusal, "there are schedule"));
}

TEST_CASE("steerer: log level, backup, renewal and stop", "[inspect]") {
  auto b = bench{};
  auto level = order_log_level{};
  level.level = "debug";
  b.give(level);
  CHECK(has(b.text, "debug"));
  level.level = "loud";
  b.give(level);
  CHECK(has(b.refusal, "trace, debug, info, warn, error, critical"));
  auto backup = order_backup{};
  backup.file = "/copy.db";
  b.give(backup);
  CHECK(b.text == "/copy.db made and verified, 123 bytes");
  backup.file = "/taken";
  b.give(backup);
  CHECK(has(b.refusal, "is there already"));
  auto renew = order_renew{};
  b.give(renew);
  CHECK(b.text == "renewed");
  renew.authorities = true;
  b.give(renew);
  CHECK(has(b.refusal, "read-only"));
  b.give(order_stop{});
  CHECK(b.stops == 1);
  CHECK(b.logged("steer: stop"));
}

TEST_CASE("steerer: a drain is answered when all has ended, or when its time is over",
          "[inspect]") {
  auto b = bench{};
  b.is->open = 2;
  b.is->running = true;
  auto order = order_drain{};
  order.wait_ms_max = 1'000;
  b.give(order);
  CHECK(b.take() == lines{"pause", "drain"});
  b.is->open = 0;
  b.advance(50ms);
  CHECK(b.text.empty());
  b.is->running = false;
  b.advance(50ms);
  CHECK(has(b.text, "nothing is under way"));

  b.is->open = 3;
  b.give(order);
  for (auto i = 0; i < 25; ++i)
    b.advance(50ms);
  CHECK(has(b.refusal, "3 commands, 0 jobs and 0 requests are still under way"));

  b.take();
  order.on = false;
  b.give(order);
  CHECK(b.take() == lines{"resume", "work"});
}

TEST_CASE("steerer: a second drain takes the place of the first", "[inspect]") {
  auto b = bench{};
  b.is->open = 1;
  auto order = order_drain{};
  auto first = caf::error{};
  b.ask(
      b.steer, order, [](const order_done&) {}, [&](const caf::error& why) { first = why; });
  order.on = false;
  b.give(order);
  CHECK(first == make_error(errc::cancelled));
  CHECK_FALSE(b.text.empty());
}
