// Faults that are not Discord's: clocks that jump, disks that fill, stores that stall, features
// that fail at everything, pool workers that never come back, a token that is revoked.
#include "infra/interactions/callback.hpp"
#include "messages/actors.hpp"
#include "tests/support/failing_disk.hpp"
#include "tests/support/probe_feature.hpp"
#include "tests/support/whole_daemon.hpp"
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <condition_variable>
#include <mutex>
#include <set>

using namespace hearth;
using test::json;
using test::until;
using test::whole_daemon;

namespace {

constexpr int64_t day_ms = 24 * 3'600'000;

std::string outcome_of(const json& said) { return said.value("outcome", ""); }

/// The day that an evening's message is for.
std::string day_of(const json& message) {
  const auto id = whole_daemon::buttons(message).at(0);
  const auto at = id.find("20");
  return id.substr(at, 10);
}

/// Closed until it is opened; whoever comes meanwhile waits.
class gate {
public:
  ~gate() { open(); }
  void pass(std::chrono::milliseconds limit = std::chrono::minutes{1}) {
    auto lock = std::unique_lock{mutex_};
    ++waiting_;
    changed_.notify_all();
    changed_.wait_for(lock, limit, [this] { return open_; });
  }
  void open() {
    const auto lock = std::lock_guard{mutex_};
    open_ = true;
    changed_.notify_all();
  }
  void wait_for(int count) {
    auto lock = std::unique_lock{mutex_};
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return waiting_ >= count; }));
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

/// A piece of the test to be run on the store thread.
struct on_database {
  std::function<void()> work;
};

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(on_database)

namespace {

using saboteur_actor = caf::typed_actor<caf::replies_to<on_database>::with<job_done>>;

class saboteur final : public on_store<saboteur_actor::base> {
public:
  using on_store::on_store;

protected:
  behavior_type make_behavior() override {
    return {[this](const on_database& what) {
      return read<job_done>([&](sqlite_db&) {
        what.work();
        return job_done{};
      });
    }};
  }
};

/// The daemon with somebody inside who can hold its store up.
struct sabotaged : whole_daemon {
  sabotaged() {
    hooks.stores = [this](caf::actor_system& system, store_context& store) {
      inside_ = system.spawn<saboteur>(std::ref(store));
    };
  }
  ~sabotaged() { leave(); }
  /// Call before stop(): the daemon's end waits for all actors.
  void leave() {
    if (inside_)
      caf::anon_send_exit(inside_, caf::exit_reason::user_shutdown);
    inside_ = nullptr;
  }
  void stall(std::shared_ptr<gate> where, std::chrono::milliseconds how_long) {
    caf::anon_send(inside_, on_database{[=] { where->pass(how_long); }});
  }

private:
  saboteur_actor inside_;
};

/// Votes for the first hour as that member; what became of it.
json vote(whole_daemon& world, const std::string& user, size_t button = 0) {
  const auto message = world.evenings().back();
  return world.click(user, message["id"], whole_daemon::buttons(message).at(button));
}

void post_evening(whole_daemon& world) {
  world.choose_channel();
  until("the daily message", [&] { return !world.evenings().empty(); });
}

} // namespace

TEST_CASE("fault: the clock jumps forward and back, and no evening is posted twice",
          "[fault][clock]") {
  auto world = whole_daemon{};
  world.start_online();
  post_evening(world);
  const auto start = world.discord.crowd.get("/sim/time").body.at("now_ms").get<int64_t>();
  const auto jump = [&](int64_t to) {
    const auto said = world.discord.crowd.post("/sim/time", {{"set_ms", to}});
    INFO(said.text);
    REQUIRE(said.body.value("acknowledged", false));
  };
  const auto days = [&] {
    auto seen = std::multiset<std::string>{};
    for (const auto& message : world.evenings())
      seen.insert(day_of(message));
    return seen;
  };
  jump(start + day_ms);
  until("the second evening", [&] { return days().size() == 2; });
  jump(start); // somebody sets the clock right
  jump(start + 6 * 3'600'000);
  jump(start + day_ms);
  jump(start + day_ms + 3'600'000);
  CHECK(days().size() == 2);
  jump(start + 9 * day_ms); // every day in between is lived through
  until("the evening after a week", [&] { return days().size() >= 10; });
  jump(start + 8 * day_ms);
  jump(start + 9 * day_ms + 60'000);
  const auto all = days();
  CHECK(all.size() == 10);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size());
  CHECK(outcome_of(world.command(world.discord.bob, "about")) == "message");
  world.check_no_violation();
}

TEST_CASE("fault: the store stalls for ten seconds, everybody is answered all the same",
          "[fault][store]") {
  auto world = sabotaged{};
  world.start_online();
  post_evening(world);
  const auto stuck = std::make_shared<gate>();
  world.stall(stuck, std::chrono::milliseconds{10'500});
  stuck->wait_for(1);
  const auto began = std::chrono::steady_clock::now();
  const auto message = world.evenings().back();
  const auto buttons = whole_daemon::buttons(message);
  const auto press = [&](const std::string& user) {
    return world.discord.crowd
        .act(user, "click",
             {{"channel_id", world.discord.general},
              {"message_id", message["id"]},
              {"custom_id", buttons.at(0)}})
        .body.at("interaction_id")
        .get<std::string>();
  };
  const auto votes = std::vector<std::string>{press(world.discord.bob), press(world.discord.ann)};
  const auto plan = world.ask(world.discord.bob, "seeschedule");
  // What needs no store is answered as ever.
  CHECK(outcome_of(world.command(world.discord.bob, "about")) == "message");
  for (const auto& id : votes)
    CHECK(outcome_of(world.outcome(id, "first")) == "deferred_update");
  CHECK(outcome_of(world.outcome(plan, "first")) == "deferred");
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds{3'000});
  for (const auto& id : votes)
    CHECK(outcome_of(world.outcome(id)) == "update");
  CHECK(outcome_of(world.outcome(plan)) == "message");
  CHECK(std::chrono::steady_clock::now() - began >= std::chrono::seconds{10});
  const auto shown = world.evenings().back().dump();
  CHECK(shown.find("Ann") != std::string::npos);
  CHECK(shown.find("bob") != std::string::npos);
  world.leave();
  CHECK(world.stop() == 0);
  world.check_no_violation();
}

TEST_CASE("fault: a disk that fills or turns read-only loses nothing that was acknowledged",
          "[fault][store]") {
  using state = test::failing_disk::state;
  auto disk = test::failing_disk{};
  const auto bad = GENERATE(state::full, state::read_only);
  INFO((bad == state::full ? "full" : "read-only"));
  auto world = whole_daemon{};
  world.start_online();
  post_evening(world);
  CHECK(outcome_of(vote(world, world.discord.bob)) == "update");

  disk.is = bad;
  const auto refused = vote(world, world.discord.ann);
  INFO(refused.dump());
  CHECK(outcome_of(refused) == "message");
  CHECK(refused.dump().find("could not be saved") != std::string::npos); // the member is told
  const auto language = world.command(world.discord.owner, "modlanguage",
                                      json::array({{{"name", "language"}, {"value", "fr"}}}));
  CHECK(language.dump().find("could not be saved") != std::string::npos); // and so is a moderator
  world.log.wait(bad == state::full ? "no room on the disk" : "cannot be written"); // the operator
  CHECK(disk.refused > 0);
  // What needs no write goes on.
  CHECK(outcome_of(world.command(world.discord.bob, "about")) == "message");
  CHECK(world.evenings().back().dump().find("bob") != std::string::npos);
  CHECK(world.evenings().back().dump().find("Ann") == std::string::npos);

  disk.is = state::works; // by itself, from the next write on
  CHECK(outcome_of(vote(world, world.discord.ann)) == "update");
  world.log.wait("writes work again");
  CHECK(world.stop() == 0);
  world.start_online(); // from the disk
  CHECK(outcome_of(vote(world, world.discord.owner, 1)) == "update");
  const auto shown = world.evenings().back().dump();
  for (const auto* who : {"bob", "Ann", "owner"})
    CHECK(shown.find(who) != std::string::npos);
  CHECK(world.evenings().size() == 1);
  CHECK(world.stop() == 0);
  world.check_no_violation();
}

TEST_CASE("fault: three features that never come back, and their guild goes on answering",
          "[fault][queue]") {
  auto world = whole_daemon{};
  const auto stuck = std::make_shared<gate>();
  const auto counts = std::make_shared<test::probe_counts>();
  world.hooks.features = [=](std::vector<feature_entry>& all) {
    for (const auto* name : {"one", "two", "three"}) // as many as there are pool workers
      all.push_back(test::probe_entry(
          name,
          [stuck](const interaction&) {
            stuck->pass();
            return text_response("late");
          },
          counts));
  };
  world.start_online();
  const auto button = [&](const std::string& id) {
    const auto said = world.discord.robot.call(
        "POST", "/channels/" + world.discord.general + "/messages",
        {{"content", "press"},
         {"components",
          {{{"type", 1},
            {"components", {{{"type", 2}, {"style", 1}, {"label", "x"}, {"custom_id", id}}}}}}}});
    REQUIRE(said.status == 200);
    return world.discord.crowd
        .act(world.discord.bob, "click",
             {{"channel_id", world.discord.general},
              {"message_id", said.body.at("id")},
              {"custom_id", id}})
        .body.at("interaction_id")
        .get<std::string>();
  };
  for (const auto* name : {"one", "two", "three"})
    button(std::string{name} + ":x");
  stuck->wait_for(3); // no worker is left; guilds have a thread that features cannot hold up
  const auto began = std::chrono::steady_clock::now();
  const auto told = world.command(world.discord.ann, "about");
  INFO(told.dump());
  CHECK(outcome_of(told) == "message");
  CHECK(told.dump().find("free software") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds{3'000});
  stuck->open();
  world.check_no_violation();
}

TEST_CASE("fault: a feature that throws on every message harms nobody but itself",
          "[fault][root]") {
  auto server = sim_test::sim_world::defaults();
  server.world_text += R"(
[[guild]]
id = "1170000000000000002"
name = "Neighbours"
owner = "owner"
everyone = ["VIEW_CHANNEL", "SEND_MESSAGES", "USE_APPLICATION_COMMANDS"]
  [[guild.role]]
  name = "Robot"
  bot = "Robot"
  permissions = ["VIEW_CHANNEL", "SEND_MESSAGES"]
  [[guild.channel]]
  name = "next-door"
  [[guild.member]]
  user = "owner"
  [[guild.member]]
  user = "ann"
)";
  auto world = whole_daemon{std::move(server)};
  const auto bad = std::make_shared<test::probe_counts>(),
             moody = std::make_shared<test::probe_counts>();
  const auto throws = [](const interaction&) -> interaction_response {
    throw std::runtime_error("the probe throws");
  };
  world.hooks.features = [=](std::vector<feature_entry>& all) {
    all.push_back(test::probe_entry("bad", throws, bad, true)); // at everything, its facts included
    all.push_back(test::probe_entry("moody", throws, moody));   // at what members ask
  };
  world.start_online();
  const auto press = [&](const std::string& id) {
    const auto said = world.discord.robot.call(
        "POST", "/channels/" + world.discord.general + "/messages",
        {{"content", "press"},
         {"components",
          {{{"type", 1},
            {"components", {{{"type", 2}, {"style", 1}, {"label", "x"}, {"custom_id", id}}}}}}}});
    REQUIRE(said.status == 200);
    return world.click(world.discord.bob, said.body.at("id"), id);
  };
  for (auto round = 0; round < 3; ++round) {
    const auto apology = press("moody:x");
    INFO(apology.dump());
    CHECK(outcome_of(apology) == "message"); // sorry, or: just restarting
    CHECK_FALSE(apology.value("message", json{}).value("content", "").empty());
    CHECK(outcome_of(press("bad:x")) == "message");
  }
  CHECK(moody->asked >= 1);
  until("the bad one to be started again", [&] { return bad->started >= 4; });
  // Its neighbours in the same guild, and the other guild.
  post_evening(world);
  CHECK(outcome_of(vote(world, world.discord.bob)) == "update");
  const auto next_door = world.discord.channel("next-door");
  const auto said =
      world.discord.crowd.act(world.discord.ann, "command",
                              {{"channel_id", next_door}, {"name", "about"}, {"wait_ms", 10'000}});
  CHECK(outcome_of(said.body) == "message");
  CHECK(world.log.has("bad has died"));
  CHECK(world.log.count("schedule has died") == 0);
  CHECK(world.log.count("guild 1170000000000000002 has died") == 0);
  CHECK(world.stop() == 0);
  world.check_no_violation();
}

TEST_CASE("fault: a revoked token stops the world, and says what to do", "[fault][root]") {
  auto world = whole_daemon{};
  world.start_online();
  world.discord.server.call([](sim::core& core) {
    core.world.applications.begin()->second.token = "another-token-that-was-made-meanwhile";
    return 0;
  });
  world.command(world.discord.owner, "modtextschedulechannel",
                json::array({{{"name", "channel"}, {"value", world.discord.general}}}), "first");
  CHECK(world.wait_end() == 78);
  CHECK(world.log.has("refuses the bot's token"));
  CHECK(world.log.has("HEARTH_DISCORD_TOKEN"));
  auto refused = size_t{0};
  const auto log = world.discord.crowd.get("/sim/log?since=0&kind=rest&limit=100000").body;
  for (const auto& entry : log.at("entries"))
    refused += entry.value("status", 0) == 401 ? 1 : 0;
  CHECK(refused >= 1);
  CHECK(refused <= 4); // what was under way; nothing was repeated
}
