// The shard, with the real REST client, against the local Discord: nothing is lost or told twice
// through resumes, faults, compression and restarts, and Discord has nothing to complain about.
#include "actors/gateway/gateway_shard.hpp"
#include "actors/rest/rest_client.hpp"
#include "actors/root/system_config.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim_world.hpp"
#include "tests/support/temp_folder.hpp"
#include <atomic>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <condition_variable>
#include <mutex>

using namespace hearth;

namespace {

/// What guilds were told, counted and kept in order.
class record {
public:
  void note(const guild_event& event) {
    const auto lock = std::lock_guard{mutex_};
    if (const auto* changed = std::get_if<voice_changed>(&event))
      voice_.push_back(to_string(changed->from) + ">" + to_string(changed->to));
    else if (const auto* came = std::get_if<guild_available>(&event))
      available_.push_back(came->snapshot);
    else if (const auto* asked = std::get_if<interaction_ptr>(&event))
      interactions_.push_back(*asked);
    else if (std::holds_alternative<guild_unavailable>(event))
      ++outages_;
    else if (std::holds_alternative<message_deleted>(event))
      ++deleted_;
    moved_.notify_all();
  }
  void note_fatal(std::string text) {
    const auto lock = std::lock_guard{mutex_};
    fatal_ = std::move(text);
    moved_.notify_all();
  }
  /// Waits until `done(*this)`; fails the test after twenty seconds.
  template <class Done> void wait(Done done) {
    auto lock = std::unique_lock{mutex_};
    REQUIRE(moved_.wait_for(lock, std::chrono::seconds{20}, [&] { return done(*this); }));
  }

  std::vector<std::string> voice_;
  std::vector<guild_snapshot_ptr> available_;
  std::vector<interaction_ptr> interactions_;
  std::string fatal_;
  int outages_ = 0;
  int deleted_ = 0;

private:
  std::mutex mutex_;
  std::condition_variable moved_;
};

class recording_guild final : public guild_actor::base {
public:
  recording_guild(caf::actor_config& config, record& told)
      : guild_actor::base(config), told_(told) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const guild_batch& batch) {
          for (const auto& event : batch.events)
            told_.note(event);
        },
        [](const job_due&) { return job_done{}; },
        [](const woken&) {},
        [](stop_guild) { return stopped{}; },
        [](get_guild_view) { return guild_view_ptr{}; },
        [](const switch_feature&) { return stopped{}; },
        [](const restart_feature&) { return stopped{}; },
        [](drain_guild) { return draining{}; },
    };
  }

private:
  record& told_;
};

/// Hands out one actor for all guilds.
class one_guild_supervisor final : public guild_supervisor_actor::base {
public:
  one_guild_supervisor(caf::actor_config& config, record& told)
      : guild_supervisor_actor::base(config), told_(told) {}

protected:
  behavior_type make_behavior() override {
    guild_ = spawn<recording_guild>(std::ref(told_));
    return {
        [this](want_guild) { return guild_; },
        [](const bot_identity&) {},
        [](const guild_wants&) {},
        [this](const fatal& end) { told_.note_fatal(end.text); },
    };
  }
  void on_exit() override {
    caf::anon_send_exit(guild_, caf::exit_reason::user_shutdown);
    guild_ = nullptr;
  }

private:
  record& told_;
  guild_actor guild_;
};

struct world {
  sim_test::sim_world discord;
  record told;
  test::temp_folder folder;
  gateway_shard_options options;

  explicit world(sim::server_options server = sim_test::sim_world::defaults())
      : discord(std::move(server)) {
    auto rest = rest_options{};
    rest.api = discord.server.api_base();
    rest.token = secret{"sandbox"};
    rest.user_agent = "DiscordBot (https://example.org, 1.0)";
    rest_ = system_.spawn<rest_client>(std::ref(rest_io_), rest, nullptr);
    supervisor_ = system_.spawn<one_guild_supervisor>(std::ref(told));
    options.token = rest.token;
    options.api = rest.api;
    options.socket.user_agent = rest.user_agent;
    options.folder = folder.path();
    options.timing.first_wait_ms_max = 1;
    options.timing.backoff_ms_min = 1;
    options.timing.backoff_ms_max = 2;
    options.now_ms = [] { return sim_start_ms; }; // the simulator's ids are of that day
  }
  ~world() {
    stop(false);
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(rest_, caf::exit_reason::user_shutdown);
    supervisor_ = nullptr;
    rest_ = nullptr;
    system_.await_all_actors_done();
  }

  void start() { shard_ = spawn_gateway_shard(system_, io_, options, {rest_, supervisor_, {}}); }
  void stop(bool resumable) {
    if (!shard_)
      return;
    auto self = caf::scoped_actor{system_};
    self->request(shard_, std::chrono::seconds{20}, stop_shard{resumable})
        .receive([](shard_stopped) {}, [](const caf::error&) {});
    self->wait_for(shard_);
    shard_ = nullptr;
  }
  shard_status status() {
    auto got = shard_status{};
    auto self = caf::scoped_actor{system_};
    self->request(shard_, std::chrono::seconds{20}, get_shard_status{})
        .receive([&](const shard_status& status) { got = status; },
                 [](const caf::error& error) { FAIL(describe(error)); });
    return got;
  }
  void wait_ready() {
    while (status().state != "ready")
      continue;
  }
  void wait_guild(size_t times = 1) {
    told.wait([&](record& r) { return r.available_.size() >= times; });
  }
  /// Bob joins or leaves the lounge; each is one change of voice.
  void bob(bool joins) {
    const auto done = joins ? discord.crowd.act(discord.bob, "voice_join",
                                                {{"channel_id", discord.channel("Lounge")}})
                            : discord.crowd.act(discord.bob, "voice_leave");
    REQUIRE(done.status == 200);
  }
  template <class Do> void gateway(Do act) {
    discord.server.call([&](sim::core& c) {
      act(c.gateway());
      return 0;
    });
  }
  /// Alternating joins and leaves, each told exactly once.
  void check_voice(size_t count) {
    told.wait([&](record& r) { return r.voice_.size() >= count; });
    wait_ready();
    REQUIRE(told.voice_.size() == count);
    const auto lounge = discord.channel("Lounge");
    for (auto i = size_t{0}; i < count; ++i)
      REQUIRE(told.voice_[i] == (i % 2 == 0 ? "0>" + lounge : lounge + ">0"));
  }
  void check_no_violation() {
    const auto found = discord.violations();
    INFO(found.dump());
    CHECK(discord.server.call([](sim::core& c) { return c.violations.total(); }) == 0);
  }

  static constexpr int64_t sim_start_ms = 1795000000000;

private:
  system_config config_;
  caf::actor_system system_{config_};
  asio_context rest_io_{system_, "rest"};
  asio_context io_{system_, "gateway"};
  rest_actor rest_;
  guild_supervisor_actor supervisor_;
  gateway_shard_actor shard_;
};

} // namespace

TEST_CASE("gateway: it sees the guild as Discord does, in every compression", "[gateway][sim]") {
  auto w = world{};
  w.options.mode = GENERATE(compression::none, compression::zlib, compression::zstd);
  w.start();
  w.wait_guild();
  const auto seen = w.told.available_.at(0);
  CHECK(to_string(seen->id) == w.discord.guild);
  CHECK(seen->name == "Test guild");
  CHECK(to_string(seen->owner) == w.discord.owner);
  CHECK(to_string(seen->self.user) == w.discord.bot_id);
  CHECK(seen->emojis.size() == 1);
  CHECK(seen->roles.size() == 5);
  CHECK(seen->channels.size() >= 6);
  CHECK((seen->self.permissions & (1ULL << 13)) != 0); // MANAGE_MESSAGES, by its role
  w.bob(true);
  w.bob(false);
  w.check_voice(2);
  w.check_no_violation();
}

TEST_CASE("gateway: nothing is lost or doubled over a hundred resumes", "[gateway][sim]") {
  auto w = world{};
  w.start();
  w.wait_guild();
  for (auto round = 0; round < 100; ++round) {
    w.wait_ready(); // a fault needs a connection
    switch (round % 4) {
    case 0:
      w.gateway([](sim::gateway_server& g) { g.reconnect(""); });
      break;
    case 1:
      w.gateway([](sim::gateway_server& g) { g.close("", 0); });
      break;
    case 2:
      w.gateway([](sim::gateway_server& g) { g.close("", 4000); });
      break;
    default:
      break; // also while it is up
    }
    w.bob(round % 2 == 0); // while it is away, coming back, or not yet gone
  }
  w.check_voice(100);
  CHECK(w.told.available_.size() == 1);
  CHECK(w.status().identifies == 1);
  CHECK(w.status().resumes >= 50);
  w.check_no_violation();
}

TEST_CASE("gateway: a restart resumes and hears what happened meanwhile", "[gateway][sim]") {
  auto w = world{};
  w.start();
  w.wait_guild();
  w.bob(true);
  w.check_voice(1);
  w.stop(true);
  w.bob(false);
  w.bob(true);
  w.start();
  w.check_voice(3);
  w.wait_guild(2);
  CHECK(w.told.available_.at(1)->voice.size() == 1); // as it was when it stopped
  CHECK(w.status().identifies == 0);
  CHECK(w.status().resumes == 1);
  w.check_no_violation();
}

TEST_CASE("gateway: a refused resume starts anew and sees the present", "[gateway][sim]") {
  auto w = world{};
  w.options.timing.invalid_ms_max = 1'001;
  w.start();
  w.wait_guild();
  w.gateway([](sim::gateway_server& g) {
    g.refuse_resumes(1);
    g.close("", 0);
  });
  w.bob(true);
  w.wait_guild(2);
  CHECK(w.told.available_.at(1)->voice.size() == 1);
  CHECK(w.status().identifies == 2);
  w.check_no_violation(); // the second IDENTIFY came five seconds after the first
}

TEST_CASE("gateway: doubled and reordered events", "[gateway][sim]") {
  auto w = world{};
  w.start();
  w.wait_guild();
  w.gateway([](sim::gateway_server& g) { g.duplicate_next(4); });
  for (auto i = 0; i < 4; ++i)
    w.bob(i % 2 == 0);
  w.check_voice(4);
  w.check_no_violation();
}

TEST_CASE("gateway: an outage is not a removal", "[gateway][sim]") {
  auto w = world{};
  w.start();
  w.wait_guild();
  const auto id = std::stoull(w.discord.guild);
  w.gateway([&](sim::gateway_server& g) { g.set_unavailable(id, true); });
  w.told.wait([](record& r) { return r.outages_ == 1; });
  w.gateway([&](sim::gateway_server& g) { g.set_unavailable(id, false); });
  w.wait_guild(2);
  w.check_no_violation();
}

TEST_CASE("gateway: a zombie is noticed", "[gateway][sim]") {
  auto server = sim_test::sim_world::defaults();
  server.gateway.heartbeat = std::chrono::milliseconds{100};
  auto w = world{std::move(server)};
  w.start();
  w.wait_guild();
  w.gateway([](sim::gateway_server& g) { g.drop_acks("", true); });
  w.bob(true);
  while (w.status().resumes == 0)
    continue;
  w.gateway([](sim::gateway_server& g) { g.drop_acks("", false); });
  w.bob(false);
  w.check_voice(2);
  w.check_no_violation();
}

TEST_CASE("gateway: intents that are switched off are named", "[gateway][sim]") {
  auto w = world{};
  w.discord.server.call([](sim::core& c) {
    c.world.applications.begin()->second.content_intent = false;
    return 0;
  });
  w.options.routing.wants.messages_legacy = true;
  w.start();
  w.told.wait([](record& r) { return !r.fatal_.empty(); });
  CHECK(w.told.fatal_.find("\"Message Content Intent\"") != std::string::npos);
}

TEST_CASE("gateway: a wrong token is told", "[gateway][sim]") {
  auto w = world{};
  w.options.token = secret{"not-the-token"}; // REST has the right one
  w.start();
  w.told.wait([](record& r) { return !r.fatal_.empty(); });
  CHECK(w.told.fatal_.find("4004") != std::string::npos);
  CHECK(w.told.fatal_.find("not-the-token") == std::string::npos);
}
